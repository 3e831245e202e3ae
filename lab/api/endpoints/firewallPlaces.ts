import { createHash } from "node:crypto";
import type { Place } from "../../firewall/files";
import { readFirewall } from "../../firewall/files";
import type { Known } from "../../firewall/rules";
import type { RuleScope } from "../../firewall/types";
import type { Call, Permissions } from "../endpoint";
import { type Parameters, standard, text } from "../schema";

/** Where the API has a firewall. */
export interface FirewallPath {
  scope: RuleScope;
  base: string;
  /** Those of the path. */
  parameters: Parameters;
  audit: Permissions;
  modify: Permissions;
  /** Only the options of a guest are asked at its node; nodes are asked themselves. */
  proxyto?: "node";
}

const guest = { node: standard.node, vmid: standard.vmid };
const guestAudit: Permissions = { check: ["perm", "/vms/{vmid}", ["VM.Audit"]] };
const guestModify: Permissions = { check: ["perm", "/vms/{vmid}", ["VM.Config.Network"]] };

export const CLUSTER: FirewallPath = {
  scope: "cluster",
  base: "/cluster/firewall",
  parameters: {},
  audit: { check: ["perm", "/", ["Sys.Audit"]] },
  modify: { check: ["perm", "/", ["Sys.Modify"]] },
};
export const NODE: FirewallPath = {
  scope: "host",
  base: "/nodes/{node}/firewall",
  parameters: { node: standard.node },
  audit: { check: ["perm", "/nodes/{node}", ["Sys.Audit"]] },
  modify: { check: ["perm", "/nodes/{node}", ["Sys.Modify"]] },
  proxyto: "node",
};
export const GUESTS: readonly FirewallPath[] = (
  [
    ["vm", "qemu"],
    ["ct", "lxc"],
  ] as const
).map(([scope, type]) => ({
  scope,
  base: `/nodes/{node}/${type}/{vmid}/firewall`,
  parameters: guest,
  audit: guestAudit,
  modify: guestModify,
}));

export const NAME = text({ pattern: "[A-Za-z][A-Za-z0-9\\-\\_]+", minLength: 2, maxLength: 64 });

export function placeOf({ site, node, params }: Call, scope: RuleScope): Place {
  return {
    site,
    node,
    scope,
    ...(params.vmid === undefined ? {} : { vmid: String(params.vmid) }),
  };
}

/** The files that rules and IP sets of a place may refer to. */
export function knownAt(place: Place): Known {
  return {
    cluster: readFirewall({ ...place, scope: "cluster" }),
    own: readFirewall(place),
  };
}

/** SHA-1 of what a list or a set of options says; each entry of a list carries that of the whole. */
export function digestOfList(list: readonly object[]): string {
  const hash = createHash("sha1");
  for (const entry of list) {
    for (const [key, value] of Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1))) {
      hash.update(`${key}:${String(value)}\n`);
    }
  }
  return hash.digest("hex");
}

export function withDigest<T extends object>(list: readonly T[]): (T & { digest: string })[] {
  const digest = digestOfList(list);
  return list.map((entry) => ({ ...entry, digest }));
}
