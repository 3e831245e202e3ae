import type { Pmxcfs } from "../../state/types";
import { requireOwnPassword } from "../../access/others";
import type { Call, Caller, Endpoint } from "../endpoint";
import { die, PveError } from "../errors";
import { flag, optional, standard, text } from "../schema";

const USER_OR_TOKEN =
  "(?:^(?:[^\\s:/]+)@(?:[A-Za-z][A-Za-z0-9\\.\\-_]+)(?:!(?:[A-Za-z][A-Za-z0-9\\.\\-_]+))?$)";
const DEFAULT_PATHS = [
  "/",
  "/access",
  "/access/groups",
  "/nodes",
  "/pool",
  "/sdn",
  "/storage",
  "/vms",
];

/** Logging in, and asking what one may do. */
export const accessEndpoints: Endpoint[] = [
  {
    method: "POST",
    path: "/access/ticket",
    returns: "object",
    parameters: {
      username: text({ maxLength: 64 }),
      password: text(),
      realm: optional(text({ format: "pve-realm", maxLength: 32 })),
      otp: optional(text()),
      path: optional(text({ maxLength: 64 })),
      privs: optional(text({ format: "pve-priv-list", maxLength: 64 })),
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
    returns: "object",
    parameters: { path: optional(text()), userid: optional(text({ pattern: USER_OR_TOKEN })) },
    permissions: { user: "all" },
    handle: (call) => {
      const { site, node, params } = call;
      const asked = askedFor(call);
      const paths = params.path ? [String(params.path)] : knownPaths(site.pmxcfs(node));
      const entries = [...paths].map((path): [string, Record<string, number>] => {
        const held = [...site.access.privileges(node, asked, path)];
        const flags = held.map(([privilege, propagate]) => [privilege, propagate ? 1 : 0]);
        return [path, Object.fromEntries(flags)];
      });
      return Object.fromEntries(
        entries.filter(([, held]) => params.path || Object.keys(held).length > 0),
      );
    },
  },
  {
    method: "PUT",
    path: "/access/password",
    returns: "null",
    parameters: {
      userid: standard.userid,
      password: text({ minLength: 8, maxLength: 64 }),
      "confirmation-password": optional(text({ minLength: 5, maxLength: 64 })),
    },
    permissions: {
      check: [
        "or",
        ["userid-param", "self"],
        ["and", ["userid-param", "Realm.AllocateUser"], ["userid-group", ["User.Modify"]]],
      ],
    },
    allowtoken: 0,
    handle: changePassword,
  },
];

/** Paths that always count, those of access lists and those of pools' members. */
function knownPaths({ acl, pools = {} }: Pmxcfs): Set<string> {
  const members = Object.values(pools).flatMap((pool) => [
    ...pool.vms.map((vmid) => `/vms/${vmid}`),
    ...pool.storage.map((storage) => `/storage/${storage}`),
  ]);
  return new Set([...DEFAULT_PATHS, ...acl.map(({ path }) => path), ...members]);
}

/** Other people's permissions are for auditors; those of one's own tokens are not. */
function askedFor({ site, node, caller, params }: Call): Caller {
  if (params.userid === undefined) return caller;
  const name = String(params.userid);
  const [userid = "", tokenid] = name.split("!");
  if (name !== caller.name && userid !== caller.name) {
    site.access.require(node, caller, "/access", ["Sys.Audit"]);
  }
  return { userid, name, ...(tokenid === undefined ? {} : { tokenid }) };
}

/** Only root changes a password without knowing its own. */
function changePassword(call: Call): null {
  const { site, node, caller, params } = call;
  const userid = String(params.userid);
  requireOwnPassword(call, "confirmation-password");
  if (caller.name !== "root@pam" && userid !== caller.name && userid.endsWith("@pam")) {
    throw new PveError(403, "Permission check failed");
  }
  if (!site.quorum.isQuorate(node)) throw die("cfs-lock 'authkey' error: no quorum!");
  site.access.setPassword(node, userid, String(params.password));
  return null;
}
