import { gzipSync } from "node:zlib";
import type { Site } from "../site";

/** Shorter answers are made faster than they are looked up. */
const WORTH_KEEPING = 64 * 1024;
/** Milliseconds; Proxmox VE itself collects the state of guests every ten seconds. */
const LIFETIME = 200;
/** pveproxy compresses nothing shorter. */
const COMPRESSED_FROM = 1024;

export interface Body {
  plain: string;
  /** Made when somebody first asks for it. */
  gzip?: Buffer;
}

interface Entry {
  body: Body;
  version: number;
  time: number;
}

/**
 * Long lists that many clients poll are made once for all who ask with the same credentials, as long as nothing in the
 * lab has moved since.
 */
export class AnswerCache {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly site: Site) {}

  find(key: string): Body | undefined {
    const entry = this.entries.get(key);
    if (entry && this.isFresh(entry)) return entry.body;
    this.entries.delete(key);
    return undefined;
  }

  /** `version` is the site's from before the answer was made. */
  keep(key: string, plain: string, version: number): Body {
    const body = { plain };
    if (plain.length >= WORTH_KEEPING) {
      for (const [other, entry] of this.entries) {
        if (!this.isFresh(entry)) this.entries.delete(other);
      }
      this.entries.set(key, { body, version, time: this.site.clock.now() });
    }
    return body;
  }

  private isFresh({ version, time }: Entry): boolean {
    return version === this.site.version && this.site.clock.now() - time < LIFETIME;
  }
}

/** The body as gzip, if the client takes that and it is long enough (PVE::APIServer::AnyEvent::response). */
export function compressed(body: Body, acceptEncoding = ""): Buffer | undefined {
  if (body.plain.length < COMPRESSED_FROM || !/\bgzip\b/.test(acceptEncoding)) return undefined;
  return (body.gzip ??= gzipSync(body.plain, { level: 1 }));
}
