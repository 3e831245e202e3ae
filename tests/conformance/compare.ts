import type { Endpoint } from "../../lab/api/endpoint";
import type { Schema } from "../../lab/api/schema";

/** A parameter as Proxmox publishes it (api-viewer's apidata). Only what is compared. */
export interface PublishedParameter {
  type?: string;
  optional?: number;
  enum?: string[];
  minimum?: number | string;
  maximum?: number | string;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  format?: unknown;
}

/** Perl's `(?^:…)` and `(?^i:…)`, and what it escapes without need, as JavaScript writes them. */
export function javascriptPattern(perl: string): string {
  return perl
    .replace(
      /\(\?\^i:([^()]*)\)/g,
      (_, inner: string) => `(?:${inner.replaceAll("a-z", "a-zA-Z")})`,
    )
    .replaceAll("(?^:", "(?:")
    .replaceAll("{,", "{0,")
    .replace(/\\([@:;])/g, "$1");
}

export interface PublishedMethod {
  name: string;
  allowtoken?: number;
  proxyto?: string | null;
  parameters?: { properties?: Record<string, PublishedParameter> };
  permissions?: { user?: string; check?: unknown };
}

/** Path → method → what Proxmox says of it. */
export type Published = Record<string, Record<string, PublishedMethod>>;

/** Everything in which our declarations differ from Proxmox's, one line each. */
export function compare(endpoints: readonly Endpoint[], published: Published): string[] {
  return endpoints.flatMap((endpoint) => {
    const name = `${endpoint.method} ${endpoint.path}`;
    const theirs = published[endpoint.path]?.[endpoint.method];
    if (!theirs) return [`${name}: Proxmox VE has no such endpoint`];
    return [...parameterDifferences(endpoint, theirs), ...accessDifferences(endpoint, theirs)].map(
      (difference) => `${name}: ${difference}`,
    );
  });
}

function parameterDifferences(endpoint: Endpoint, theirs: PublishedMethod): string[] {
  const ours = endpoint.parameters;
  const published = theirs.parameters?.properties ?? {};
  const names = new Set([...Object.keys(ours), ...Object.keys(published)]);
  return [...names].sort().flatMap((name) => {
    const [mine, other] = [ours[name], published[name]];
    if (!mine) return [`does not know ${name}`];
    if (!other) return [`knows ${name}, which Proxmox VE does not`];
    return schemaDifferences(mine, other).map((difference) => `${name} ${difference}`);
  });
}

const COMPARED = ["minimum", "maximum", "minLength", "maxLength"] as const;

function schemaDifferences(mine: Schema, theirs: PublishedParameter): string[] {
  const differences: string[] = [];
  const differ = (what: string, ours: unknown, other: unknown): void => {
    if (String(ours ?? "") !== String(other ?? "")) {
      differences.push(
        `${what} is ${String(ours ?? "not set")}, not ${String(other ?? "not set")}`,
      );
    }
  };
  differ("type", mine.type, theirs.type ?? "string");
  differ("optional", mine.optional ?? 0, theirs.optional ?? 0);
  for (const key of COMPARED) differ(key, mine[key], theirs[key]);
  differ("pattern", mine.pattern, theirs.pattern && javascriptPattern(theirs.pattern));
  differ("enum", mine.enum && [...mine.enum].sort(), theirs.enum && [...theirs.enum].sort());
  const named = (format: unknown): string =>
    typeof format === "string" ? format : format ? Object.keys(format).sort().join() : "";
  differ("format", named(mine.format), named(theirs.format));
  return differences;
}

/** Options of a check stand in a list of their own there: `["perm", path, privileges, "any", 1]`. */
function asPublished(permissions: Endpoint["permissions"]): unknown {
  const flatten = (check: unknown): unknown =>
    Array.isArray(check)
      ? check.flatMap((part: unknown) =>
          typeof part === "object" && part !== null && !Array.isArray(part)
            ? Object.entries(part).flat()
            : [flatten(part)],
        )
      : check;
  if (!permissions) return null;
  const { user, check } = permissions;
  return { ...(user ? { user } : {}), ...(check ? { check: flatten(check) } : {}) };
}

function accessDifferences(endpoint: Endpoint, theirs: PublishedMethod): string[] {
  const differences: string[] = [];
  const ours = JSON.stringify(asPublished(endpoint.permissions));
  const { user, check } = theirs.permissions ?? {};
  const published = theirs.permissions && {
    ...(user ? { user } : {}),
    ...(check ? { check } : {}),
  };
  if (ours !== JSON.stringify(published ?? null)) {
    differences.push(`permissions are ${ours}, not ${JSON.stringify(published ?? null)}`);
  }
  if ((endpoint.allowtoken ?? 1) !== (theirs.allowtoken ?? 1))
    differences.push("allowtoken differs");
  if (endpoint.proxyto !== (theirs.proxyto ?? undefined)) {
    differences.push(
      `proxyto is ${endpoint.proxyto ?? "not set"}, not ${theirs.proxyto ?? "not set"}`,
    );
  }
  return differences;
}
