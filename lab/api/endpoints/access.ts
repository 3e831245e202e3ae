import type { Endpoint } from "../endpoint";
import { die } from "../errors";
import { flag, optional, standard, text } from "../schema";

/** Logging in, and asking what one may do. */
export const accessEndpoints: Endpoint[] = [
  {
    method: "POST",
    path: "/access/ticket",
    parameters: {
      username: text({ maxLength: 64 }),
      password: text(),
      realm: optional(text({ maxLength: 32 })),
      otp: optional(text()),
      path: optional(text({ maxLength: 64 })),
      privs: optional(text({ maxLength: 64 })),
      "new-format": optional(flag()),
      "tfa-challenge": optional(text()),
    },
    permissions: { user: "world" },
    allowtoken: 0,
    handle: ({ site, node, params }) => {
      const name = String(params.username);
      const userid = name.includes("@") ? name : `${name}@${String(params.realm ?? "pam")}`;
      return site.access.login(node, userid, String(params.password));
    },
  },
  {
    method: "GET",
    path: "/access/permissions",
    parameters: { path: optional(text()), userid: optional(standard.userid) },
    permissions: { user: "all" },
    handle: ({ site, node, caller, params }) => {
      const asked =
        params.userid === undefined
          ? caller
          : { userid: String(params.userid), name: String(params.userid) };
      const paths = params.path
        ? [String(params.path)]
        : ["/", "/access", "/nodes", "/pool", "/sdn", "/storage", "/vms"];
      const entries = paths.map((path): [string, Record<string, number>] => {
        const held = [...site.access.privileges(node, asked, path)];
        return [path, Object.fromEntries(held.map((privilege) => [privilege, 1]))];
      });
      return Object.fromEntries(entries.filter(([, held]) => Object.keys(held).length > 0));
    },
  },
  {
    method: "PUT",
    path: "/access/password",
    parameters: { userid: standard.userid, password: text({ minLength: 8, maxLength: 64 }) },
    permissions: {
      check: ["or", ["userid-param", "self"], ["perm", "/access/groups", ["User.Modify"]]],
    },
    allowtoken: 0,
    handle: ({ site, node, params }) => {
      if (!site.quorum.isQuorate(node)) throw die("cfs-lock 'authkey' error: no quorum!");
      site.access.setPassword(node, String(params.userid), String(params.password));
      return null;
    },
  },
];
