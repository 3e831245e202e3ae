import { csrfToken, signTicket } from "../../../lab/access/passwords";
import { type ApiResponse, dispatch, endpointAt } from "../../../lab/api/dispatch";
import { formParameters } from "../../../lab/api/form";
import type { RawParameters } from "../../../lab/api/verify";
import { type Release, releaseOf } from "../../../lab/api/version";
import { ensureRootKey } from "../../../lab/cluster/sshKeys";
import { VirtualClock } from "../../../lab/seams/clock";
import { MemoryStore } from "../../../lab/seams/store";
import { Site } from "../../../lab/site";
import { freshState } from "../../../lab/state/initial";
import type { FileState, LabState } from "../../../lab/state/types";

/** What a client sends to say who it is. */
export interface Auth {
  authorization?: string;
  cookie?: string;
  csrf?: string;
}

export type Params = Record<string, string | number | boolean | string[]>;

/** Root's password on every host of a lab in memory. */
export const PASSWORD = "correct horse";
export const START = Date.UTC(2026, 0, 1);

let installed: Promise<LabState> | undefined;
const rootKeys = new Map<string, Record<string, FileState>>();

/** Hosts as their installers leave them. Keys are made once a test file; each call gets a copy of its own. */
export async function newState(): Promise<LabState> {
  let port = 20_000;
  installed ??= freshState({
    password: PASSWORD,
    authorizedKey: "ssh-ed25519 AAAA lab",
    nextPort: () => Promise.resolve(port++),
    now: START,
  });
  return structuredClone(await installed);
}

/** A site in memory on a clock that stands still: no sockets, no files, no processes. */
export class Lab {
  readonly clock: VirtualClock;
  readonly site: Site;

  constructor(
    readonly state: LabState,
    now = START,
  ) {
    this.clock = new VirtualClock(now);
    this.site = new Site(new MemoryStore(state), this.clock);
  }

  /**
   * One request to `node`, as root@pam with a ticket unless `auth` says otherwise. `path` is below `/api2/json`,
   * percent-encoded, and may end in a query. The clock runs on while the lab waits, as it does before a 401.
   */
  async api(
    node: string,
    method: string,
    path: string,
    params: Params = {},
    auth: Auth = this.ticket(node),
  ): Promise<ApiResponse> {
    const [bare = "", query = ""] = path.split(/\?(.*)/s);
    const asked = formParameters(new URLSearchParams(query));
    const sent = asText(params);
    const inQuery = method === "GET" || method === "DELETE";
    const request = {
      method,
      path: bare,
      query: inQuery ? { ...asked, ...sent } : asked,
      body: inQuery ? {} : sent,
      ...auth,
    };
    const answer = await this.settle(dispatch(this.site, node, request));
    requireDeclaredType(method, bare, releaseOf(this.site.host(node)), answer);
    return answer;
  }

  /** The data of a request that must succeed. */
  async data<T = unknown>(
    node: string,
    method: string,
    path: string,
    params: Params = {},
    auth?: Auth,
  ): Promise<T> {
    const answer = await this.api(node, method, path, params, auth);
    if (answer.status !== 200) {
      const { status, reason, errors } = answer;
      throw new Error(`${method} ${path}: ${status} ${reason} ${JSON.stringify(errors ?? {})}`);
    }
    return answer.data as T;
  }

  /** A request that answers with a UPID, and how its task ended. */
  async task(node: string, method: string, path: string, params: Params = {}): Promise<string> {
    const upid = await this.data<string>(node, method, path, params);
    await this.settle(this.site.tasks.idle());
    const status = await this.data<{ exitstatus: string }>(
      node,
      "GET",
      `/nodes/${upid.split(":")[1]}/tasks/${upid}/status`,
    );
    return status.exitstatus;
  }

  /** A ticket as a login hands it out, for root@pam or another user. */
  ticket(node: string, userid = "root@pam", now = this.clock.now()): Auth {
    const { ticketSecret } = this.site.pmxcfs(node);
    const issued = Math.floor(now / 1000);
    return {
      cookie: `PVEAuthCookie=${encodeURIComponent(signTicket(ticketSecret, userid, issued))}`,
      csrf: csrfToken(ticketSecret, userid, issued),
    };
  }

  /** Makes one cluster of both nodes, without a QDevice. It is an hour after the installation then. */
  async cluster(name = "site"): Promise<void> {
    await this.giveRootKeys();
    await this.settle(this.site.membership.create("pve01", name));
    await this.settle(this.site.membership.join("pve02", "pve01"));
    await this.clock.advance(START + 3_600_000 - this.clock.now());
  }

  /**
   * Waits for `work`, moving the clock from timer to timer. What is made outside the site's time (keys, files) may
   * take its own: the longer it takes, the slower the clock.
   */
  async settle<T>(work: Promise<T>): Promise<T> {
    let done = false;
    const finished = work.finally(() => {
      done = true;
    });
    // Whoever awaits it below sees the failure.
    finished.catch(() => undefined);
    await this.clock.advance(0);
    for (let step = 0; step < 2000 && !done; step++) {
      const patient = step >= 200;
      await new Promise((resolve) => setTimeout(resolve, patient ? 5 : 1));
      if (!done) await this.clock.advance(patient ? 100 : 1000);
    }
    if (!done) throw new Error("what the lab waits for does not happen");
    return finished;
  }

  /** Root's RSA keys, which a cluster needs and which take long, are made once a test file. */
  private async giveRootKeys(): Promise<void> {
    for (const host of Object.values(this.state.hosts)) {
      if (!host.node || host.files["/root/.ssh/id_rsa"]) continue;
      const known = rootKeys.get(host.name);
      if (known) Object.assign(host.files, structuredClone(known));
      else {
        const before = new Set(Object.keys(host.files));
        await ensureRootKey(host);
        const made = Object.entries(host.files).filter(([path]) => !before.has(path));
        rootKeys.set(host.name, structuredClone(Object.fromEntries(made)));
      }
    }
  }
}

/** A site that was installed a moment ago. */
export async function newLab(): Promise<Lab> {
  return new Lab(await newState());
}

/** Whatever a test asks for, the answer must be of the type that the endpoint declares. */
function requireDeclaredType(
  method: string,
  path: string,
  release: Release,
  { status, data }: ApiResponse,
): void {
  const declared = endpointAt(method, path, release)?.returns;
  if (status !== 200 || declared === undefined || mayDiffer(method, data)) return;
  const type = data === null ? "null" : Array.isArray(data) ? "array" : typeof data;
  const fits = declared === "integer" ? type === "number" || type === "string" : type === declared;
  if (!fits) throw new Error(`${method} ${path} answers ${type}, not ${declared}`);
}

/** A worker that was waited for answers nothing instead of its UPID. */
function mayDiffer(method: string, data: unknown): boolean {
  return method !== "GET" && data === null;
}

export function asText(params: Params): RawParameters {
  const plain = (value: string | number | boolean): string =>
    typeof value === "boolean" ? (value ? "1" : "0") : String(value);
  return Object.fromEntries(
    Object.entries(params).map(([key, value]) => [
      key,
      Array.isArray(value) ? value.map(plain) : plain(value),
    ]),
  );
}
