import type { Site } from "../site";
import type { Parameters, Schema } from "./schema";
import type { Values } from "./verify";

/** Who asks: a user, or one of a user's tokens. `name` is what logs and UPIDs show (`root@pam!ci`). */
export interface Caller {
  userid: string;
  tokenid?: string;
  name: string;
}

/**
 * The permission dialect of PVE's API: `perm` wants every privilege, `any: 1` one of them, and fails without the
 * parameter that `require_param` names. `userid-group` is about the
 * user in the parameters, who need not exist yet when groups come with `create`.
 */
export type Check =
  | ["perm", string, readonly string[], { any?: 1; require_param?: string }?]
  | ["perm-modify", string]
  | ["userid-group", readonly string[], { groups_param?: "create" | "update" }?]
  | ["userid-param", "self" | "Realm.AllocateUser"]
  | ["and" | "or", ...Check[]];

/**
 * `world` needs no login, `all` any login; none at all means root@pam with a password ticket, which even its tokens
 * are refused (PVE::RPCEnvironment::check_api2_permissions).
 */
export interface Permissions {
  user?: "world" | "all";
  check?: Check;
}

export interface Call {
  site: Site;
  /** The node that answers: the one asked, or the one in the path. */
  node: string;
  caller: Caller;
  /** Path, query and body parameters, checked. */
  params: Values;
  /** Names of parameters that were sent, in order. */
  sent: string[];
}

export interface Endpoint {
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** As Proxmox documents it: `/nodes/{node}/qemu/{vmid}`. */
  path: string;
  parameters: Parameters;
  permissions?: Permissions;
  /** 0: API tokens are refused. */
  allowtoken?: 0;
  /** What the answer's `data` is, as Proxmox documents it. */
  returns?: Schema["type"];
  /** The request is answered by the node in the path. */
  proxyto?: "node";
  /** Privileges that depend on the request are checked by the handler itself. */
  handle(call: Call): unknown | Promise<unknown>;
}

export const integer = (value: unknown): number => Number(value);
export const string = (value: unknown): string => String(value);
