import type { Site } from "../schema";
import { type RealmPlan, planRealm } from "./realmPlan";

export interface RolePlan {
  id: string;
  privileges: string[];
}

export interface GroupPlan {
  id: string;
  comment: string;
}

export interface UserPlan {
  /** `name@realm`. */
  id: string;
  /** The realm, where it is one of ours. */
  realm?: string;
  groups: string[];
  settings: { firstname: string; lastname: string; email: string; comment: string };
  enabled: boolean;
  /** Seconds since 1970; 0 is never. */
  expires: number;
  passwordFrom?: string;
}

export interface TokenPlan {
  /** `name@realm!token`. */
  id: string;
  user: string;
  tokenId: string;
  separated: boolean;
  generation: number;
  comment: string;
  /** Seconds since 1970; 0 is never. */
  expires: number;
}

export interface PermissionPlan {
  /** Tells it from every other: a change of any of these is another entry. */
  name: string;
  path: string;
  role: string;
  who: { kind: "user" | "group" | "token"; id: string };
  propagate: boolean;
  /** What must be there before it, by its key in the file. */
  on?: { kind: "guest" | "pool" | "storage"; key: string };
  /** Of the token whose it is. */
  generation?: number;
}

/** Everything that `access` describes. */
export interface AccountsPlan {
  realms: RealmPlan[];
  roles: RolePlan[];
  groups: GroupPlan[];
  users: UserPlan[];
  tokens: TokenPlan[];
  permissions: PermissionPlan[];
}

export function planAccounts(site: Site): AccountsPlan {
  const { realms, roles, groups, users, tokens, permissions } = site.access;
  return {
    realms: Object.entries(realms).map(([id, realm]) => planRealm(id, realm)),
    roles: Object.entries(roles).map(([id, { privileges }]) => ({
      id,
      privileges: [...privileges].sort(),
    })),
    groups: Object.entries(groups).map(([id, { comment }]) => ({ id, comment })),
    users: Object.entries(users).map(([id, user]) => planUser(site, id, user)),
    tokens: Object.entries(tokens).map(([id, token]) => {
      const [user = "", tokenId = ""] = id.split("!");
      const { separated, generation, comment, expires } = token;
      return { id, user, tokenId, separated, generation, comment, expires: secondsOf(expires) };
    }),
    permissions: permissions.map((permission) => planPermission(site, permission)),
  };
}

function planUser(site: Site, id: string, user: Site["access"]["users"][string]): UserPlan {
  const realm = realmOf(id);
  return {
    id,
    ...(Object.hasOwn(site.access.realms, realm) ? { realm } : {}),
    groups: [...user.groups].sort(),
    settings: {
      firstname: user.firstName,
      lastname: user.lastName,
      email: user.email,
      comment: user.comment,
    },
    enabled: user.enabled,
    expires: secondsOf(user.expires),
    ...(user.passwordFrom === undefined ? {} : { passwordFrom: user.passwordFrom }),
  };
}

export const realmOf = (user: string): string => user.slice(user.lastIndexOf("@") + 1);

function planPermission(site: Site, given: Site["access"]["permissions"][number]): PermissionPlan {
  const { role, propagate } = given;
  const who = whoOf(given);
  const { path, on } = placeOf(site, given);
  return {
    name: [path, role, who.id].join(" "),
    path,
    role,
    who,
    propagate,
    ...(on === undefined ? {} : { on }),
    ...(who.kind === "token" ? { generation: site.access.tokens[who.id]?.generation ?? 1 } : {}),
  };
}

function whoOf({ user, group, token }: Site["access"]["permissions"][number]) {
  if (user !== undefined) return { kind: "user" as const, id: user };
  if (group !== undefined) return { kind: "group" as const, id: group };
  return { kind: "token" as const, id: token ?? "" };
}

function placeOf(
  site: Site,
  { path, guest, pool, storage }: Site["access"]["permissions"][number],
): Pick<PermissionPlan, "path" | "on"> {
  if (guest !== undefined) {
    const vmid = site.guests[guest]?.vmid ?? 0;
    return { path: `/vms/${vmid}`, on: { kind: "guest", key: guest } };
  }
  if (pool !== undefined) return { path: `/pool/${pool}`, on: { kind: "pool", key: pool } };
  if (storage !== undefined) {
    return { path: `/storage/${storage}`, on: { kind: "storage", key: storage } };
  }
  return { path: normalPath(path ?? "/") };
}

/** One slash in front, none at the end, none doubled, as Proxmox VE keeps it. */
export function normalPath(path: string): string {
  return `/${path
    .split("/")
    .filter((part) => part !== "")
    .join("/")}`;
}

function secondsOf(day: string | undefined): number {
  return day === undefined ? 0 : Date.parse(`${day}T00:00:00Z`) / 1000;
}
