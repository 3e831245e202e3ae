import type { Pmxcfs } from "../state/types";
import type { Privileges } from "./acl";

/** Which privileges count where, by the first part of a path; `dc` is the root. */
const COUNTED: Record<string, RegExp> = {
  vms: /^(VM\.|Permissions\.Modify)/,
  access: /^((User|Group)\.|Permissions\.Modify)/,
  storage: /^(Datastore\.|Permissions\.Modify)/,
  nodes: /^(Sys\.|Permissions\.Modify)/,
  sdn: /^(SDN\.|Permissions\.Modify)/,
  dc: /^(Sys\.Audit|Sys\.Modify|SDN\.)/,
  mapping: /^(Mapping\.|Permissions\.Modify)/,
};
const ALWAYS = ["/", "/nodes", "/access/groups", "/vms", "/storage", "/sdn", "/mapping"];

/**
 * What the web interface is told at login, so that it shows only what may be used; leaves are numbers
 * (PVE::RPCEnvironment::compute_api_permission).
 */
export function capabilities(
  config: Pmxcfs,
  privilegesAt: (path: string) => Privileges,
): Record<string, Record<string, number>> {
  const result: Record<string, Record<string, number>> = {};
  for (const area of Object.keys(COUNTED)) result[area] = {};
  const add = (area: string, privilege: string): void => {
    if (COUNTED[area]?.test(privilege)) (result[area] ??= {})[privilege] = 1;
  };
  for (const path of new Set([...ALWAYS, ...config.acl.map((entry) => entry.path)])) {
    const area = path.split("/")[1] || "dc";
    const areas = area === "pool" ? ["vms", "storage"] : [area];
    for (const privilege of privilegesAt(path).keys()) {
      for (const one of areas) add(one, privilege);
    }
  }
  return result;
}
