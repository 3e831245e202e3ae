import type { Site } from "../../site";
import type { Section } from "../../state/settings";
import type { User } from "../../state/types";
import { groupsOf, joinGroups, leaveGroups } from "../../access/groups";
import { whoIsSeen } from "../../access/others";
import { changeUserConfig, userConfig } from "../../access/userConfig";
import type { Call, Endpoint, Permissions } from "../endpoint";
import { badParameters, die } from "../errors";
import { splitList } from "../formats";
import { flag, optional, standard, text, whole } from "../schema";
import { realmsOf } from "./accessRealms";

const ownOrManaged: Permissions = {
  check: ["or", ["userid-param", "self"], ["userid-group", ["User.Modify"]]],
};

const userFields = {
  comment: optional(text({ maxLength: 2048 })),
  email: optional(text({ format: "email-opt", maxLength: 254 })),
  enable: optional(flag()),
  expire: optional(whole(0)),
  firstname: optional(text({ maxLength: 1024 })),
  groups: optional(text({ format: "pve-groupid-list" })),
  keys: optional(text({ pattern: "[0-9a-zA-Z!=]{0,4096}" })),
  lastname: optional(text({ maxLength: 1024 })),
};

const tokenFields = {
  comment: optional(text()),
  expire: optional(whole(0)),
  privsep: optional(flag()),
};

/** Users and their tokens (user.cfg). */
export const accessAdminEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/access/users",
    returns: "array",
    parameters: { enabled: optional(flag()), full: optional(flag()) },
    permissions: { user: "all" },
    handle: listUsers,
  },
  {
    method: "POST",
    path: "/access/users",
    returns: "null",
    parameters: {
      userid: standard.userid,
      password: optional(text({ minLength: 8, maxLength: 64 })),
      ...userFields,
    },
    permissions: {
      check: [
        "and",
        ["userid-param", "Realm.AllocateUser"],
        ["userid-group", ["User.Modify"], { groups_param: "create" }],
      ],
    },
    handle: (call) =>
      changeUserConfig(call, "create user failed", (config) => {
        const { site, node, params } = call;
        const { users } = config;
        const userid = String(params.userid);
        if (users[userid]) throw die(`user '${userid}' already exists`);
        joinGroups(config, userid, splitList(String(params.groups ?? "")));
        users[userid] = { enable: true, expire: 0, tokens: {}, ...userChanges(call) };
        if (params.password !== undefined) {
          site.access.setPassword(node, userid, String(params.password));
        }
        return null;
      }),
  },
  {
    method: "GET",
    path: "/access/users/{userid}",
    returns: "object",
    parameters: { userid: standard.userid },
    permissions: { check: ["userid-group", ["User.Modify", "Sys.Audit"]] },
    handle: ({ site, node, params }) => {
      const userid = String(params.userid);
      const user = site.access.user(node, userid);
      const tokens = Object.entries(user.tokens).map(([id, token]) => [id, describeToken(token)]);
      return {
        ...describeUser(user),
        groups: groupsOf(site.pmxcfs(node), userid),
        tokens: Object.fromEntries(tokens),
      };
    },
  },
  {
    method: "PUT",
    path: "/access/users/{userid}",
    returns: "null",
    parameters: { userid: standard.userid, append: optional(flag()), ...userFields },
    permissions: { check: ["userid-group", ["User.Modify"], { groups_param: "update" }] },
    handle: (call) =>
      changeUserConfig(call, "update user failed", (config) => {
        const { groups, append } = call.params;
        const userid = String(call.params.userid);
        const user = call.site.access.user(call.node, userid);
        if (groups !== undefined) {
          const given = splitList(String(groups));
          const before = append === 1 ? groupsOf(config, userid) : [];
          leaveGroups(config, userid);
          joinGroups(config, userid, [...before, ...given]);
        }
        Object.assign(user, userChanges(call));
        return null;
      }),
  },
  {
    method: "DELETE",
    path: "/access/users/{userid}",
    returns: "null",
    parameters: { userid: standard.userid },
    permissions: {
      check: ["and", ["userid-param", "Realm.AllocateUser"], ["userid-group", ["User.Modify"]]],
    },
    handle: (call) =>
      changeUserConfig(call, "delete user failed", (config) => {
        const userid = String(call.params.userid);
        delete config.users[userid];
        delete config.factors?.[userid];
        leaveGroups(config, userid);
        config.acl = config.acl.filter(
          ({ ugid }) => ugid !== userid && !ugid.startsWith(`${userid}!`),
        );
        return null;
      }),
  },
  {
    method: "GET",
    path: "/access/users/{userid}/token",
    returns: "array",
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
    returns: "object",
    parameters: { userid: standard.userid, tokenid: standard.tokenid },
    permissions: ownOrManaged,
    handle: ({ site, node, params }) => describeToken(requireToken(site, node, params)),
  },
  {
    method: "POST",
    path: "/access/users/{userid}/token/{tokenid}",
    returns: "object",
    parameters: { userid: standard.userid, tokenid: standard.tokenid, ...tokenFields },
    permissions: ownOrManaged,
    handle: (call) => {
      const { site, node, params } = call;
      userConfig(call);
      const userid = String(params.userid);
      const tokenid = String(params.tokenid);
      const token = site.access.createToken(node, userid, tokenid, {
        privsep: params.privsep !== 0,
        expire: Number(params.expire ?? 0),
        ...(params.comment ? { comment: String(params.comment) } : {}),
      });
      const info = describeToken(token);
      return { "full-tokenid": `${userid}!${tokenid}`, info, value: token.secret };
    },
  },
  {
    method: "PUT",
    path: "/access/users/{userid}/token/{tokenid}",
    returns: "object",
    parameters: {
      userid: standard.userid,
      tokenid: standard.tokenid,
      delete: optional(text({ format: "pve-configid-list" })),
      ...tokenFields,
    },
    permissions: ownOrManaged,
    handle: (call) => {
      const { site, node, params } = call;
      userConfig(call);
      const token = requireToken(site, node, params);
      const remove = splitList(String(params.delete ?? ""));
      const unknown = remove.find((key) => key !== "comment");
      if (unknown !== undefined) throw badParameters({ delete: `unknown option '${unknown}'` });
      if (remove.length > 0) delete token.comment;
      if (params.comment !== undefined) token.comment = String(params.comment);
      if (token.comment === "") delete token.comment;
      if (params.expire !== undefined) token.expire = Number(params.expire);
      if (params.privsep !== undefined) token.privsep = params.privsep === 1;
      return describeToken(token);
    },
  },
  {
    method: "DELETE",
    path: "/access/users/{userid}/token/{tokenid}",
    returns: "null",
    parameters: { userid: standard.userid, tokenid: standard.tokenid },
    permissions: ownOrManaged,
    handle: (call) => {
      const { site, node, params } = call;
      const config = userConfig(call);
      requireToken(site, node, params);
      const name = `${params.userid}!${params.tokenid}`;
      delete site.access.user(node, String(params.userid)).tokens[String(params.tokenid)];
      config.acl = config.acl.filter((entry) => entry.ugid !== name);
      return null;
    },
  },
];

function listUsers(call: Call): Record<string, unknown>[] {
  const { site, node, params } = call;
  const config = site.pmxcfs(node);
  const realms = realmsOf(config);
  const isSeen = whoIsSeen(call);
  return Object.entries(config.users)
    .filter(([, user]) => params.enabled === undefined || user.enable === (params.enabled === 1))
    .filter(([userid]) => isSeen(userid))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([userid, user]) => {
      const tokens = Object.entries(user.tokens).map(([tokenid, token]) => ({
        tokenid,
        ...describeToken(token),
      }));
      return {
        userid,
        ...describeUser(user),
        ...(params.full === 1 ? { groups: groupsOf(config, userid).join(","), tokens } : {}),
        ...realmType(realms[userid.split("@")[1] ?? ""]),
      };
    });
}

const realmType = (realm: Section | undefined) => (realm ? { "realm-type": realm.type } : {});

function userChanges({ params }: Call): Partial<User> {
  const changes: Partial<User> = {};
  if (params.enable !== undefined) changes.enable = params.enable === 1;
  if (params.expire !== undefined) changes.expire = Number(params.expire);
  for (const key of ["comment", "email", "firstname", "lastname", "keys"] as const) {
    if (params[key] !== undefined) changes[key] = String(params[key]);
  }
  return changes;
}

function describeUser(user: User): Record<string, unknown> {
  const { comment, email, firstname, lastname, keys, enable, expire } = user;
  const texts = Object.entries({ comment, email, firstname, lastname, keys }).filter(
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
