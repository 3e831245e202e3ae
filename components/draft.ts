import type { Problem } from "./problems";
import type { Site } from "./schema";

/** A site with holes where a value is wrong by itself. A check leaves out what a hole keeps it from judging. */
export type Draft<T> = T extends (infer Item)[]
  ? (Draft<Item> | undefined)[]
  : T extends object
    ? { [Key in keyof T]?: Draft<T[Key]> | undefined }
    : T;

export type DraftSite = Draft<Site>;

/** The entries of a section that can be read. */
export function entries<T>(section: Record<string, T | undefined> | undefined): [string, T][] {
  return Object.entries(section ?? {}).flatMap(([key, entry]) =>
    entry === undefined ? [] : [[key, entry]],
  );
}

/** A name that its section does not have. */
export function missing(
  path: Problem["path"],
  kind:
    "node" | "host" | "guest" | "pool" | "storage" | "realm" | "role" | "group" | "user" | "token",
  name: string | undefined,
  section: object | undefined,
): Problem[] {
  if (name === undefined || section === undefined || Object.hasOwn(section, name)) return [];
  const names = Object.keys(section).map(readable);
  const choice = names.length === 0 ? "is empty" : `has ${names.join(", ")}`;
  return problem(path, `there is no ${kind} "${name}"; ${kind}s ${choice}`);
}

/** A name as it stands; in quotes when it would be lost among other words. */
function readable(name: string): string {
  return /^[\w-]+$/.test(name) ? name : JSON.stringify(name);
}

export function problem(path: Problem["path"], message: string): Problem[] {
  return [{ path, message }];
}
