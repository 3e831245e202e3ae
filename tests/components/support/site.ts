import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { parseSite, type Site } from "../../../components/site";

export const ROOT = join(__dirname, "../../..");

const files = new Map<string, unknown>();

/** What `proxmox-ha:site` holds in a stack's file, not yet checked. */
export function readSiteFile(stack: "dev" | "prod"): unknown {
  if (!files.has(stack)) {
    const text = readFileSync(join(ROOT, `Pulumi.${stack}.yaml`), "utf8");
    const { config } = parse(text) as { config: Record<string, unknown> };
    files.set(stack, config["proxmox-ha:site"]);
  }
  return structuredClone(files.get(stack));
}

/** Path with dots → new value; undefined takes the key away. */
export type Changes = Record<string, unknown>;

/** The reference site with changes, not yet checked. */
export function siteWith(changes: Changes): unknown {
  const site = readSiteFile("dev");
  for (const [path, value] of Object.entries(changes)) set(site, path.split("."), value);
  return site;
}

/** The reference site with changes, checked. */
export function site(changes: Changes = {}): Site {
  return parseSite(siteWith(changes));
}

function set(target: unknown, [key = "", ...rest]: string[], value: unknown): void {
  const mapping = target as Record<string, unknown>;
  if (rest.length > 0) {
    mapping[key] ??= {};
    set(mapping[key], rest, value);
  } else if (value === undefined) {
    delete mapping[key];
  } else {
    mapping[key] = value;
  }
}

/** The same site with the keys of every mapping in the opposite order. */
export function reversed<T>(value: T): T {
  if (Array.isArray(value) || typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, reversed(inner)] as const);
  return Object.fromEntries(entries.reverse()) as T;
}
