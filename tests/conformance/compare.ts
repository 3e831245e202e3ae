import type { Endpoint } from "../../lab/api/endpoint";
import { PROPERTY_FORMATS } from "../../lab/api/propertyFormats";
import type { PropertySchema, Schema } from "../../lab/api/schema";

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
  default_key?: number;
  alias?: string;
  keyAlias?: string;
}

export interface PublishedMethod {
  allowtoken?: number;
  proxyto?: string | null;
  parameters?: { properties?: Record<string, PublishedParameter> };
  returns?: { type?: string };
  permissions?: { user?: string; check?: unknown };
}

/** Path → method → what Proxmox says of it. */
export type Published = Record<string, Record<string, PublishedMethod>>;

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

/** Everything in which our declarations differ from Proxmox's, one line each. */
export function compare(endpoints: readonly Endpoint[], published: Published): string[] {
  return endpoints.flatMap((endpoint) => {
    const name = `${endpoint.method} ${endpoint.path}`;
    const theirs = published[endpoint.path]?.[endpoint.method];
    if (!theirs) return [`${name}: Proxmox VE has no such endpoint`];
    return [
      ...propertyDifferences(endpoint.parameters, theirs.parameters?.properties ?? {}),
      ...accessDifferences(endpoint, theirs),
      ...returnDifferences(endpoint, theirs),
    ].map((difference) => `${name}: ${difference}`);
  });
}

/** `prefix` is the parameter whose keys are compared, with a dot. */
function propertyDifferences(
  ours: Record<string, PropertySchema>,
  theirs: Record<string, PublishedParameter>,
  prefix = "",
): string[] {
  const names = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
  return [...names].sort().flatMap((name) => {
    const [mine, other] = [ours[name], theirs[name]];
    const full = `${prefix}${name}`;
    if (!mine) return [`does not know ${full}`];
    if (!other) return [`knows ${full}, which Proxmox VE does not`];
    return schemaDifferences(mine, other, full);
  });
}

const KEYS = [
  "minimum",
  "maximum",
  "minLength",
  "maxLength",
  "default_key",
  "alias",
  "keyAlias",
] as const;

function schemaDifferences(
  mine: PropertySchema,
  theirs: PublishedParameter,
  name: string,
): string[] {
  const differences: string[] = [];
  const differ = (what: string, ours: unknown, other: unknown): void => {
    if (String(ours ?? "") === String(other ?? "")) return;
    differences.push(
      `${name} ${what} is ${String(ours ?? "not set")}, not ${String(other ?? "not set")}`,
    );
  };
  // Another name of a key says nothing of its own.
  if (theirs.alias === undefined) {
    differ("type", mine.type, theirs.type ?? "string");
    differ("optional", mine.optional ?? 0, theirs.optional ?? 0);
  }
  for (const key of KEYS) differ(key, mine[key], theirs[key]);
  differ("pattern", mine.pattern, theirs.pattern && javascriptPattern(theirs.pattern));
  differ("enum", mine.enum && [...mine.enum].sort(), theirs.enum && [...theirs.enum].sort());
  return [...differences, ...formatDifferences(mine.format, theirs.format, name)];
}

/** A format is a name, or the keys of a property string. */
function formatDifferences(mine: Schema["format"], theirs: unknown, name: string): string[] {
  if (typeof theirs === "object" && theirs !== null) {
    const keys = typeof mine === "string" ? PROPERTY_FORMATS[mine] : mine;
    if (!keys) return [`${name} is no property string`];
    return propertyDifferences(keys, theirs as Record<string, PublishedParameter>, `${name}.`);
  }
  const shown = typeof mine === "object" ? "a property string" : (mine ?? "not set");
  const other = String(theirs ?? "not set");
  return shown === other ? [] : [`${name} format is ${shown}, not ${other}`];
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
  if ((endpoint.allowtoken ?? 1) !== (theirs.allowtoken ?? 1)) {
    differences.push("allowtoken differs");
  }
  const [mine, other] = [endpoint.proxyto ?? "not set", theirs.proxyto ?? "not set"];
  if (mine !== other) differences.push(`proxyto is ${mine}, not ${other}`);
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

/** Of what is answered, its type; Proxmox often tells no more either. */
function returnDifferences({ returns }: Endpoint, theirs: PublishedMethod): string[] {
  const other = theirs.returns?.type;
  if (other === undefined || returns === other) return [];
  return [
    returns === undefined ? `declares no return, not ${other}` : `returns ${returns}, not ${other}`,
  ];
}
