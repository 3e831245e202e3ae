import type { AclEntry, Pmxcfs } from "../state/types";
import { BUILTIN_ROLES } from "./privileges";

/** Paths that an entry may be made for (PVE::AccessControl::check_path); the shorter forms of one, in order. */
const PATHS = [
  /^\/$/,
  /^\/access(\/(groups|realm)(\/[\w.-]+)?)?$/,
  /^\/nodes(\/[\w.-]+)?$/,
  /^\/pool(\/[\w.-]+){0,3}$/,
  /^\/sdn(\/(controllers|dns|fabrics|ipams)(\/[\w-]+)?)?$/,
  /^\/sdn\/zones(\/[\w.-]+){0,2}$/,
  /^\/sdn\/zones(\/[\w.-]+){2}\/[1-9]\d{0,3}$/,
  /^\/storage(\/[\w.-]+)?$/,
  /^\/vms(\/[1-9]\d{2,})?$/,
  /^\/mapping(\/[\w.-]+){0,2}$/,
];

/** One leading slash, none at the end, none doubled; undefined for what is no path. */
export function normalizePath(path: string): string | undefined {
  if (path === "") return undefined;
  const normal = `/${path
    .split("/")
    .filter((part) => part !== "")
    .join("/")}`;
  return /^[A-Za-z0-9._/-]+$/.test(normal) ? normal : undefined;
}

export function isAclPath(path: string): boolean {
  return PATHS.some((pattern) => pattern.test(path));
}

/** Every path from `/` down to `path`: `/`, `/vms`, `/vms/100`. */
export function pathPrefixes(path: string): string[] {
  const parts = path.split("/").filter((part) => part !== "");
  return ["/", ...parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`)];
}

/** Roles that come with the installation cannot be changed. */
export function isBuiltIn(role: string): boolean {
  return Object.hasOwn(BUILTIN_ROLES, role);
}

export function rolePrivileges(config: Pmxcfs, role: string): readonly string[] | undefined {
  if (isBuiltIn(role)) return BUILTIN_ROLES[role];
  return Object.hasOwn(config.roles, role) ? config.roles[role] : undefined;
}

/**
 * The privileges of a user or token on `path`: entries of the deepest path that has any win, entries higher up
 * count if they propagate, NoAccess cancels all (PVE::AccessControl::roles). Groups are not modelled yet.
 */
export function privilegesOn(
  config: Pmxcfs,
  who: { type: "user" | "token"; id: string },
  path: string,
): Set<string> {
  let effective: AclEntry[] = [];
  for (const prefix of pathPrefixes(path)) {
    const here = config.acl.filter(
      (entry) =>
        entry.path === prefix &&
        entry.type === who.type &&
        entry.ugid === who.id &&
        (entry.propagate || prefix === path),
    );
    if (here.length > 0) effective = here;
  }
  if (effective.some((entry) => entry.roleid === "NoAccess")) return new Set();
  return new Set(effective.flatMap((entry) => rolePrivileges(config, entry.roleid) ?? []));
}
