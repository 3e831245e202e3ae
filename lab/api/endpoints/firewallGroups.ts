import { changeFirewall, readFirewall, renameGroup } from "../../firewall/files";
import type { FirewallFile } from "../../firewall/types";
import { requireUnmodified } from "../clusterFile";
import type { Call, Endpoint } from "../endpoint";
import { badParameters, die } from "../errors";
import { optional, standard, text } from "../schema";
import { CLUSTER, digestOfList, placeOf, withDigest } from "./firewallPlaces";
import { GROUP, group } from "./firewallRules";

/** Security groups: lists of rules that other rules refer to by name. */
export const firewallGroupEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/cluster/firewall/groups",
    returns: "array",
    parameters: {},
    permissions: { user: "all" },
    handle: (call) => withDigest(listGroups(readFirewall(placeOf(call, "cluster")))),
  },
  {
    method: "POST",
    path: "/cluster/firewall/groups",
    returns: "null",
    parameters: {
      group,
      comment: optional(text()),
      digest: standard.digest,
      rename: optional(group),
    },
    permissions: CLUSTER.modify,
    handle: (call) => (call.params.rename === undefined ? createGroup(call) : changeGroup(call)),
  },
  {
    method: "DELETE",
    path: "/cluster/firewall/groups/{group}",
    returns: "null",
    parameters: { group },
    permissions: CLUSTER.modify,
    handle: (call) =>
      changeFirewall(placeOf(call, "cluster"), (file) => {
        const name = String(call.params.group);
        if (GROUP.rulesIn(file, call).length > 0) {
          throw die(`Security group '${name}' is not empty`);
        }
        delete file.groups[name];
      }),
  },
];

function createGroup(call: Call): null {
  const name = String(call.params.group);
  return changeFirewall(placeOf(call, "cluster"), (file) => {
    if (file.groups[name]) {
      throw badParameters({ group: `Security group '${name}' already exists` });
    }
    const { comment } = call.params;
    file.groups[name] = { rules: [], ...(comment ? { comment: String(comment) } : {}) };
  });
}

/** `rename` names the group as it is now; the same name changes only the comment. */
function changeGroup(call: Call): null {
  const { site, node, params } = call;
  const [before, after] = [String(params.rename), String(params.group)];
  changeFirewall(placeOf(call, "cluster"), (file) => {
    requireUnmodified(digestOfList(listGroups(file)), params.digest);
    const found = file.groups[before];
    if (!found) throw badParameters({ group: `Security group '${before}' does not exist` });
    if (file.groups[after] && after !== before) {
      throw badParameters({ group: `Security group '${after}' does already exist` });
    }
    delete file.groups[before];
    file.groups[after] = found;
    if (params.comment !== undefined) found.comment = String(params.comment);
    if (found.comment === "") delete found.comment;
  });
  renameGroup(site.pmxcfs(node), before, after);
  return null;
}

function listGroups({ groups }: FirewallFile): { group: string; comment?: string }[] {
  return Object.entries(groups)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, { comment }]) => ({ group: name, ...(comment ? { comment } : {}) }));
}
