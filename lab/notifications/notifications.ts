import { createHash } from "node:crypto";
import { PveError } from "../api/errors";
import type { Pmxcfs } from "../state/types";
import { sectionsOf } from "./text";
import { BUILT_IN, type Entry, type Notifications } from "./types";

/** What an entry comes from (proxmox-notify, Config::new). */
export type Origin = "user-created" | "builtin" | "modified-builtin";

export function notificationsOf(config: Pmxcfs): Notifications {
  return (config.notifications ??= { entries: {}, secrets: {} });
}

/** Everything that there is: what stands in the file, and what is there without. */
export function entriesOf(config: Pmxcfs): Record<string, Entry> {
  return { ...BUILT_IN, ...config.notifications?.entries };
}

export function originOf(name: string, entry: Entry): Origin {
  const original = BUILT_IN[name];
  if (original === undefined || original.type !== entry.type) return "user-created";
  return sameValues(original, entry) ? "builtin" : "modified-builtin";
}

function sameValues(one: Entry, other: Entry): boolean {
  const text = ({ values }: Entry): string => JSON.stringify(Object.entries(values).sort());
  return text(one) === text(other);
}

export function digestOfNotifications(config: Pmxcfs): string {
  return createHash("sha256")
    .update(sectionsOf(config.notifications?.entries ?? {}))
    .digest("hex");
}

/** Names of the matchers that send to it. */
function referrers(config: Pmxcfs, name: string): string[] {
  return Object.entries(entriesOf(config)).flatMap(([matcher, { type, values }]) =>
    type === "matcher" && [values.target ?? []].flat().includes(name) ? [matcher] : [],
  );
}

export function requireUnique(config: Pmxcfs, name: string): void {
  if (!Object.hasOwn(entriesOf(config), name)) return;
  throw new PveError(400, `Cannot create '${name}', an entity with the same name already exists`);
}

/** What is built in is never removed, only set back, so that it may be in use. */
export function requireUnused(config: Pmxcfs, name: string): void {
  if (Object.hasOwn(BUILT_IN, name)) return;
  const users = referrers(config, name);
  if (users.length === 0) return;
  throw new PveError(400, `cannot delete '${name}', referenced by: ${users.join(", ")}`);
}

export function requireTargets(config: Pmxcfs, names: readonly string[]): void {
  const entries = entriesOf(config);
  const unknown = names.find((name) => (entries[name]?.type ?? "matcher") === "matcher");
  if (unknown !== undefined) throw new PveError(404, `endpoint '${unknown}' does not exist`);
}
