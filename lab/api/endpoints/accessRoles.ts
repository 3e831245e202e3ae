import { isAclPath, isBuiltIn, isRole, normalizePath, rolePrivileges } from "../../access/acl";
import { builtinRoles } from "../../access/privileges";
import { changeUserConfig } from "../../access/userConfig";
import type { Site } from "../../site";
import type { AclEntry } from "../../state/types";
import type { Call, Endpoint, Permissions } from "../endpoint";
import { badParameters, die } from "../errors";
import { splitList } from "../formats";
import { flag, optional, text } from "../schema";
import { releaseOf } from "../version";

const manageRoles: Permissions = { check: ["perm", "/access", ["Sys.Modify"]] };
const roleid = text({ format: "pve-roleid" });
const privs = optional(text({ format: "pve-priv-list" }));

/** Roles and access control lists (user.cfg). */
export const accessRoleEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/access/roles",
    returns: "array",
    parameters: {},
    permissions: { user: "all" },
    handle: ({ site, node }) => {
      const config = site.pmxcfs(node);
      const release = releaseOf(site.host(node));
      const own = Object.keys(config.roles).map((role): [string, readonly string[]] => [
        role,
        rolePrivileges(config, role, release) ?? [],
      ]);
      return [
        ...Object.entries(builtinRoles(release)).map(describeRole(1)),
        ...own.map(describeRole(0)),
      ];
    },
  },
  {
    method: "POST",
    path: "/access/roles",
    returns: "null",
    parameters: { roleid, privs },
    permissions: manageRoles,
    handle: (call) => {
      const role = String(call.params.roleid);
      if (/^PVE/i.test(role)) {
        throw badParameters({
          roleid: "cannot use role ID starting with the (case-insensitive) 'PVE' namespace",
        });
      }
      return changeUserConfig(call, "create role failed", (config) => {
        if (isRole(config, role)) throw die(`role '${role}' already exists`);
        config.roles[role] = [...new Set(splitList(String(call.params.privs ?? "")))];
        return null;
      });
    },
  },
  {
    method: "GET",
    path: "/access/roles/{roleid}",
    returns: "object",
    parameters: { roleid },
    permissions: { user: "all" },
    handle: ({ site, node, params }) => {
      const release = releaseOf(site.host(node));
      const privileges = rolePrivileges(site.pmxcfs(node), String(params.roleid), release);
      if (!privileges) throw die(`role '${params.roleid}' does not exist`);
      return Object.fromEntries(privileges.map((privilege) => [privilege, 1]));
    },
  },
  {
    method: "PUT",
    path: "/access/roles/{roleid}",
    returns: "null",
    parameters: { roleid, append: optional(flag()), privs },
    permissions: manageRoles,
    handle: (call) => {
      const { params } = call;
      const role = String(params.roleid);
      if (isBuiltIn(role)) throw die(`auto-generated role '${role}' cannot be modified`);
      return changeUserConfig(call, "update role failed", ({ roles }) => {
        const before = Object.hasOwn(roles, role) ? roles[role] : undefined;
        if (!before) throw die(`role '${role}' does not exist`);
        const given = splitList(String(params.privs ?? ""));
        roles[role] = [...new Set(params.append === 1 ? [...before, ...given] : given)];
        return null;
      });
    },
  },
  {
    method: "DELETE",
    path: "/access/roles/{roleid}",
    returns: "null",
    parameters: { roleid },
    permissions: manageRoles,
    handle: (call) => {
      const role = String(call.params.roleid);
      if (isBuiltIn(role)) throw die(`auto-generated role '${role}' cannot be deleted`);
      return changeUserConfig(call, "delete role failed", ({ roles }) => {
        if (!Object.hasOwn(roles, role)) throw die(`role '${role}' does not exist`);
        delete roles[role];
        return null;
      });
    },
  },
  {
    method: "GET",
    path: "/access/acl",
    returns: "array",
    parameters: {},
    permissions: { user: "all" },
    handle: ({ site, node, caller }) =>
      site
        .pmxcfs(node)
        .acl.filter(({ path }) => site.access.mayModify(node, caller, path))
        .map((entry) => ({ ...entry, propagate: entry.propagate ? 1 : 0 })),
  },
  {
    method: "PUT",
    path: "/access/acl",
    returns: "null",
    parameters: {
      delete: optional(flag()),
      groups: optional(text({ format: "pve-groupid-list" })),
      path: text(),
      propagate: optional(flag()),
      roles: text({ format: "pve-roleid-list" }),
      tokens: optional(text({ format: "pve-tokenid-list" })),
      users: optional(text({ format: "pve-userid-list" })),
    },
    permissions: { check: ["perm-modify", "{path}"] },
    handle: changeAcl,
  },
];

const describeRole =
  (special: 0 | 1) =>
  ([role, privileges]: [string, readonly string[]]): Record<string, unknown> => ({
    roleid: role,
    privs: [...privileges].sort().join(","),
    special,
  });

function changeAcl(call: Call): null {
  const { site, node, params } = call;
  const listed = (key: string): string[] => splitList(String(params[key] ?? ""));
  const subjects: Pick<AclEntry, "type" | "ugid">[] = [
    ...listed("groups").map((ugid) => ({ type: "group" as const, ugid })),
    ...listed("users").map((ugid) => ({ type: "user" as const, ugid })),
    ...listed("tokens").map((ugid) => ({ type: "token" as const, ugid })),
  ];
  if (subjects.length === 0) {
    const problem = "either 'users', 'groups' or 'tokens' is required.";
    throw badParameters({ users: problem, groups: problem, tokens: problem });
  }
  const path = normalizePath(String(params.path));
  if (path === undefined || (params.delete !== 1 && !isAclPath(path))) {
    throw badParameters({ path: `invalid ACL path '${params.path}'` });
  }
  return changeUserConfig(call, "ACL update failed", (config) => {
    let acl = config.acl;
    for (const role of listed("roles")) {
      if (!isRole(config, role)) throw die(`role '${role}' does not exist`);
      for (const { type, ugid } of subjects) {
        requireSubject(site, node, type, ugid);
        acl = acl.filter(
          (entry) => !(entry.path === path && entry.ugid === ugid && entry.roleid === role),
        );
        if (params.delete !== 1) {
          acl.push({ path, type, ugid, roleid: role, propagate: params.propagate !== 0 });
        }
      }
    }
    config.acl = acl;
    return null;
  });
}

function requireSubject(site: Site, node: string, type: AclEntry["type"], ugid: string): void {
  const { groups = {} } = site.pmxcfs(node);
  if (type === "group") {
    if (!groups[ugid]) throw die(`group '${ugid}' does not exist`);
    return;
  }
  const [userid = "", tokenid = ""] = ugid.split("!");
  const user = site.pmxcfs(node).users[userid];
  if (type === "user") {
    if (!user) throw die(`user '${userid}' does not exist`);
    return;
  }
  if (!user) throw die(`no such user ('${userid}')`);
  if (!user.tokens[tokenid]) throw die(`no such token '${tokenid}' for user '${userid}'`);
}
