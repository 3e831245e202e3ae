import { rolePrivileges } from "../../access/acl";
import { BUILTIN_ROLES, isPrivilege } from "../../access/privileges";
import type { Site } from "../../site";
import type { User } from "../../state/types";
import type { Call, Endpoint, Permissions } from "../endpoint";
import { badParameters, die } from "../errors";
import { splitList } from "../formats";
import { flag, optional, standard, text, whole } from "../schema";

const manageUsers: Permissions = { check: ["perm", "/access/groups", ["User.Modify"]] };
const manageRoles: Permissions = { check: ["perm", "/access", ["Sys.Modify"]] };
const ownOrManaged: Permissions = {
  check: ["or", ["userid-param", "self"], ["perm", "/access/groups", ["User.Modify"]]],
};

const userFields = {
  comment: optional(text({ maxLength: 2048 })),
  email: optional(text({ maxLength: 254 })),
  enable: optional(flag()),
  expire: optional(whole(0)),
  firstname: optional(text({ maxLength: 1024 })),
  groups: optional(text()),
  keys: optional(text()),
  lastname: optional(text({ maxLength: 1024 })),
};

const tokenFields = {
  comment: optional(text()),
  expire: optional(whole(0)),
  privsep: optional(flag()),
};

/** Users, tokens, roles and access control lists (user.cfg). */
export const accessAdminEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/access/users",
    parameters: { enabled: optional(flag()), full: optional(flag()) },
    permissions: { user: "all" },
    handle: ({ site, node }) =>
      Object.entries(site.pmxcfs(node).users).map(([userid, user]) => ({
        userid,
        ...describeUser(user),
        "realm-type": userid.split("@")[1],
      })),
  },
  {
    method: "POST",
    path: "/access/users",
    parameters: {
      userid: standard.userid,
      password: optional(text({ minLength: 8, maxLength: 64 })),
      ...userFields,
    },
    permissions: manageUsers,
    handle: (call) => {
      const { site, node, params } = call;
      const { users } = writable(site, node);
      const userid = String(params.userid);
      if (users[userid]) throw die(`create user failed: user '${userid}' already exists`);
      users[userid] = { enable: true, expire: 0, tokens: {}, ...userChanges(call) };
      if (params.password !== undefined)
        site.access.setPassword(node, userid, String(params.password));
      return null;
    },
  },
  {
    method: "GET",
    path: "/access/users/{userid}",
    parameters: { userid: standard.userid },
    permissions: ownOrManaged,
    handle: ({ site, node, params }) => ({
      ...describeUser(site.access.user(node, String(params.userid))),
      groups: [],
      tokens: undefined,
    }),
  },
  {
    method: "PUT",
    path: "/access/users/{userid}",
    parameters: { userid: standard.userid, append: optional(flag()), ...userFields },
    permissions: manageUsers,
    handle: (call) => {
      writable(call.site, call.node);
      Object.assign(
        call.site.access.user(call.node, String(call.params.userid)),
        userChanges(call),
      );
      return null;
    },
  },
  {
    method: "DELETE",
    path: "/access/users/{userid}",
    parameters: { userid: standard.userid },
    permissions: manageUsers,
    handle: ({ site, node, params }) => {
      const userid = String(params.userid);
      const config = writable(site, node);
      site.access.user(node, userid);
      delete config.users[userid];
      config.acl = config.acl.filter(
        (entry) => entry.ugid !== userid && !entry.ugid.startsWith(`${userid}!`),
      );
      return null;
    },
  },
  {
    method: "GET",
    path: "/access/users/{userid}/token",
    parameters: { userid: standard.userid },
    permissions: ownOrManaged,
    handle: ({ site, node, params }) =>
      Object.entries(site.access.user(node, String(params.userid)).tokens).map(
        ([tokenid, token]) => ({
          tokenid,
          ...describeToken(token),
        }),
      ),
  },
  {
    method: "GET",
    path: "/access/users/{userid}/token/{tokenid}",
    parameters: { userid: standard.userid, tokenid: standard.tokenid },
    permissions: ownOrManaged,
    handle: ({ site, node, params }) => describeToken(requireToken(site, node, params)),
  },
  {
    method: "POST",
    path: "/access/users/{userid}/token/{tokenid}",
    parameters: { userid: standard.userid, tokenid: standard.tokenid, ...tokenFields },
    permissions: ownOrManaged,
    handle: ({ site, node, params }) => {
      writable(site, node);
      const { userid, tokenid } = params;
      const settings = {
        privsep: params.privsep !== 0,
        expire: Number(params.expire ?? 0),
        ...(params.comment === undefined ? {} : { comment: String(params.comment) }),
      };
      const token = site.access.createToken(node, String(userid), String(tokenid), settings);
      return {
        "full-tokenid": `${userid}!${tokenid}`,
        info: describeToken(token),
        value: token.secret,
      };
    },
  },
  {
    method: "PUT",
    path: "/access/users/{userid}/token/{tokenid}",
    parameters: { userid: standard.userid, tokenid: standard.tokenid, ...tokenFields },
    permissions: ownOrManaged,
    handle: ({ site, node, params }) => {
      writable(site, node);
      const token = requireToken(site, node, params);
      if (params.comment !== undefined) token.comment = String(params.comment);
      if (params.expire !== undefined) token.expire = Number(params.expire);
      if (params.privsep !== undefined) token.privsep = params.privsep === 1;
      return describeToken(token);
    },
  },
  {
    method: "DELETE",
    path: "/access/users/{userid}/token/{tokenid}",
    parameters: { userid: standard.userid, tokenid: standard.tokenid },
    permissions: ownOrManaged,
    handle: ({ site, node, params }) => {
      const config = writable(site, node);
      requireToken(site, node, params);
      const name = `${params.userid}!${params.tokenid}`;
      delete site.access.user(node, String(params.userid)).tokens[String(params.tokenid)];
      config.acl = config.acl.filter((entry) => entry.ugid !== name);
      return null;
    },
  },
  {
    method: "GET",
    path: "/access/roles",
    parameters: {},
    permissions: { user: "all" },
    handle: ({ site, node }) =>
      [
        ...Object.entries(BUILTIN_ROLES).map(([roleid, privs]) => ({ roleid, privs, special: 1 })),
        ...Object.entries(site.pmxcfs(node).roles).map(([roleid, privs]) => ({
          roleid,
          privs,
          special: 0,
        })),
      ].map((role) => ({ ...role, privs: role.privs.join(",") })),
  },
  {
    method: "POST",
    path: "/access/roles",
    parameters: { roleid: text({ format: "pve-roleid" }), privs: optional(text()) },
    permissions: manageRoles,
    handle: ({ site, node, params }) => {
      const roleid = String(params.roleid);
      const { roles } = writable(site, node);
      if (/^PVE/i.test(roleid)) {
        throw badParameters({
          roleid: `cannot use role ID starting with the (case-insensitive) 'PVE' namespace`,
        });
      }
      if (BUILTIN_ROLES[roleid] || roles[roleid]) {
        throw die(`create role failed: role '${roleid}' already exists`);
      }
      roles[roleid] = privilegeList(params.privs);
      return null;
    },
  },
  {
    method: "GET",
    path: "/access/roles/{roleid}",
    parameters: { roleid: text({ format: "pve-roleid" }) },
    permissions: { user: "all" },
    handle: ({ site, node, params }) => {
      const privileges = rolePrivileges(site.pmxcfs(node), String(params.roleid));
      if (!privileges) throw die(`role '${params.roleid}' does not exist`);
      return Object.fromEntries(privileges.map((privilege) => [privilege, 1]));
    },
  },
  {
    method: "PUT",
    path: "/access/roles/{roleid}",
    parameters: {
      roleid: text({ format: "pve-roleid" }),
      append: optional(flag()),
      privs: optional(text()),
    },
    permissions: manageRoles,
    handle: ({ site, node, params }) => {
      const roleid = String(params.roleid);
      const { roles } = writable(site, node);
      if (BUILTIN_ROLES[roleid]) throw die(`auto-generated role '${roleid}' cannot be modified`);
      const before = roles[roleid];
      if (!before) throw die(`role '${roleid}' does not exist`);
      const added = privilegeList(params.privs);
      roles[roleid] = params.append === 1 ? [...new Set([...before, ...added])] : added;
      return null;
    },
  },
  {
    method: "DELETE",
    path: "/access/roles/{roleid}",
    parameters: { roleid: text({ format: "pve-roleid" }) },
    permissions: manageRoles,
    handle: ({ site, node, params }) => {
      const roleid = String(params.roleid);
      const { roles } = writable(site, node);
      if (BUILTIN_ROLES[roleid]) throw die(`auto-generated role '${roleid}' cannot be deleted`);
      if (!roles[roleid]) throw die(`role '${roleid}' does not exist`);
      delete roles[roleid];
      return null;
    },
  },
  {
    method: "GET",
    path: "/access/acl",
    parameters: { exact: optional(flag()), path: optional(text()) },
    permissions: { user: "all" },
    handle: ({ site, node }) =>
      site.pmxcfs(node).acl.map((entry) => ({ ...entry, propagate: entry.propagate ? 1 : 0 })),
  },
  {
    method: "PUT",
    path: "/access/acl",
    parameters: {
      delete: optional(flag()),
      groups: optional(text()),
      path: text(),
      propagate: optional(flag()),
      roles: text(),
      tokens: optional(text()),
      users: optional(text()),
    },
    permissions: { check: ["perm", "/access", ["Permissions.Modify"]] },
    handle: changeAcl,
  },
];

function changeAcl({ site, node, params }: Call): null {
  const config = writable(site, node);
  const path = `/${splitPath(String(params.path)).join("/")}`;
  const subjects = [
    ...splitList(String(params.users ?? "")).map((ugid) => ({ type: "user" as const, ugid })),
    ...splitList(String(params.tokens ?? "")).map((ugid) => ({ type: "token" as const, ugid })),
  ];
  if (params.groups !== undefined) throw die(`group '${params.groups}' does not exist`);
  if (subjects.length === 0) {
    throw badParameters({ users: "either 'users', 'groups' or 'tokens' is required." });
  }
  for (const roleid of splitList(String(params.roles))) {
    if (!rolePrivileges(config, roleid)) throw die(`role '${roleid}' does not exist`);
    for (const { type, ugid } of subjects) {
      const [userid = "", tokenid] = ugid.split("!");
      const user = config.users[userid];
      if (!user) throw die(`user '${userid}' does not exist`);
      if (tokenid !== undefined && !user.tokens[tokenid])
        throw die(`token '${ugid}' does not exist`);
      config.acl = config.acl.filter(
        (entry) => !(entry.path === path && entry.ugid === ugid && entry.roleid === roleid),
      );
      if (params.delete !== 1) {
        config.acl.push({ path, type, ugid, roleid, propagate: params.propagate !== 0 });
      }
    }
  }
  return null;
}

/** user.cfg may only be written with quorum. */
function writable(site: Site, node: string) {
  if (!site.quorum.isQuorate(node)) throw die("cfs-lock 'file-user_cfg' error: no quorum!");
  return site.pmxcfs(node);
}

function privilegeList(given: unknown): string[] {
  const privileges = splitList(String(given ?? ""));
  const unknown = privileges.find((privilege) => !isPrivilege(privilege));
  if (unknown !== undefined) throw badParameters({ privs: `invalid privilege '${unknown}'` });
  return privileges;
}

function userChanges({ params }: Call): Partial<User> {
  const changes: Partial<User> = {};
  if (params.enable !== undefined) changes.enable = params.enable === 1;
  if (params.expire !== undefined) changes.expire = Number(params.expire);
  for (const key of ["comment", "email", "firstname", "lastname"] as const) {
    if (params[key] !== undefined) changes[key] = String(params[key]);
  }
  return changes;
}

function describeUser(user: User): Record<string, unknown> {
  const { comment, email, firstname, lastname, enable, expire } = user;
  const texts = Object.entries({ comment, email, firstname, lastname }).filter(
    ([, value]) => value,
  );
  return { enable: enable ? 1 : 0, expire, ...Object.fromEntries(texts) };
}

function describeToken(token: { privsep: boolean; expire: number; comment?: string }) {
  const { privsep, expire, comment } = token;
  return { privsep: privsep ? 1 : 0, expire, ...(comment ? { comment } : {}) };
}

function requireToken(site: Site, node: string, params: Call["params"]) {
  const { userid, tokenid } = params;
  const token = site.access.user(node, String(userid)).tokens[String(tokenid)];
  if (!token) throw die(`no such token '${tokenid}' for user '${userid}'`);
  return token;
}

function splitPath(path: string): string[] {
  return path.split("/").filter((part) => part !== "");
}
