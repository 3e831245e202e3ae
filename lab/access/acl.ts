import type { Release } from "../api/version";
import type { AclEntry, Pmxcfs } from "../state/types";
import { builtinRoles, isPrivilege } from "./privileges";

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
  return Object.hasOwn(builtinRoles(9), role);
}

export function isRole(config: Pmxcfs, role: string): boolean {
  return isBuiltIn(role) || Object.hasOwn(config.roles, role);
}

/** What a node of the release reads in a role; privileges that it does not know are passed over. */
export function rolePrivileges(
  config: Pmxcfs,
  role: string,
  release: Release,
): readonly string[] | undefined {
  if (isBuiltIn(role)) return builtinRoles(release)[role];
  if (!Object.hasOwn(config.roles, role)) return undefined;
  return config.roles[role]?.filter((privilege) => isPrivilege(privilege, release));
}

export interface Subject {
  type: "user" | "token";
  id: string;
}

/** Role → whether it propagates. */
type Roles = Map<string, boolean>;

/** Privilege → whether it also counts further down. */
export type Privileges = Map<string, boolean>;

/**
 * The privileges of a user or token on `path`, by its own entries and by those of the pools that the object is in.
 * NoAccess cancels all (PVE::RPCEnvironment, compile_acl_path).
 */
export function privilegesOn(
  config: Pmxcfs,
  who: Subject,
  path: string,
  release: Release,
): Privileges {
  const roles = rolesOn(config, who, path);
  const pooled = new Set<string>();
  for (const pool of poolsOf(config, path)) {
    for (const role of rolesOn(config, who, `/pool/${pool}`).keys()) pooled.add(role);
  }
  if (roles.has("NoAccess") || pooled.has("NoAccess")) return new Map();
  // What a pool gives ends at the object.
  for (const role of pooled) if (!roles.has(role)) roles.set(role, false);
  const privileges: Privileges = new Map();
  for (const [role, propagate] of roles) {
    for (const privilege of rolePrivileges(config, role, release) ?? []) {
      privileges.set(privilege, propagate || (privileges.get(privilege) ?? false));
    }
  }
  return privileges;
}

/**
 * Entries of the deepest path that has any win, those higher up count if they propagate, and at one path those of the
 * user win over those of its groups (PVE::AccessControl::roles).
 */
function rolesOn(config: Pmxcfs, who: Subject, path: string): Roles {
  let effective: AclEntry[] = [];
  for (const prefix of pathPrefixes(path)) {
    const here = config.acl.filter(
      (entry) => entry.path === prefix && (entry.propagate || prefix === path),
    );
    const own = here.filter((entry) => entry.type === who.type && entry.ugid === who.id);
    const found = own.length > 0 ? own : here.filter((entry) => isMember(config, who, entry));
    if (found.length > 0) effective = found;
  }
  const roles: Roles = new Map();
  for (const { roleid, propagate } of effective) {
    roles.set(roleid, propagate || (roles.get(roleid) ?? false));
  }
  return roles.has("NoAccess") ? new Map([["NoAccess", true]]) : roles;
}

function isMember({ groups = {} }: Pmxcfs, who: Subject, { type, ugid }: AclEntry): boolean {
  return type === "group" && who.type === "user" && (groups[ugid]?.users.includes(who.id) ?? false);
}

/** The pools that hold the guest or storage at `path`. */
function poolsOf({ pools = {} }: Pmxcfs, path: string): string[] {
  const [, kind, id = "", more] = path.split("/");
  if (more !== undefined || (kind !== "vms" && kind !== "storage")) return [];
  return Object.entries(pools)
    .filter(([, pool]) =>
      kind === "vms" ? pool.vms.includes(Number(id)) : pool.storage.includes(id),
    )
    .map(([name]) => name);
}
