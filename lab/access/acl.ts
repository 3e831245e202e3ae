import type { AclEntry, Pmxcfs } from "../state/types";
import { BUILTIN_ROLES } from "./privileges";

/** Every path from `/` down to `path`: `/`, `/vms`, `/vms/100`. */
export function pathPrefixes(path: string): string[] {
  const parts = path.split("/").filter((part) => part !== "");
  return ["/", ...parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`)];
}

export function rolePrivileges(config: Pmxcfs, role: string): readonly string[] | undefined {
  return BUILTIN_ROLES[role] ?? config.roles[role];
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
