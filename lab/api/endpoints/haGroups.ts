import { addGroup, describeGroup, removeGroup, requireGroups, updateGroup } from "../../ha/groups";
import type { Endpoint } from "../endpoint";
import { choice, flag, optional, standard, text } from "../schema";
import { audit, comment, console_, remove } from "./haFields";

const group = text({ format: "pve-configid" });
const nodes = text({ format: "pve-ha-node-list" });
const path = "/cluster/ha/groups/{group}";
const fields = {
  comment,
  nofailback: optional(flag({ default: 0 })),
  restricted: optional(flag({ default: 0 })),
};

/**
 * HA groups (PVE::API2::HA::Groups). They are release 8's; one of release 9 knows them as long as some are left that
 * have not become rules.
 */
export const haGroupEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/cluster/ha/groups",
    returns: "array",
    parameters: {},
    permissions: audit,
    handle: ({ site, node }) => {
      const groups = requireGroups(site, node, "index");
      return Object.keys(groups).map((name) => describeGroup(groups, name));
    },
  },
  {
    method: "POST",
    path: "/cluster/ha/groups",
    returns: "null",
    parameters: { group, nodes, type: optional(choice("group")), ...fields },
    permissions: console_,
    handle: ({ site, node, params }) => {
      addGroup(site, node, String(params.group), params);
      return null;
    },
  },
  {
    method: "GET",
    path,
    parameters: { group },
    permissions: audit,
    handle: ({ site, node, params }) =>
      describeGroup(requireGroups(site, node, "read"), String(params.group)),
  },
  {
    method: "PUT",
    path,
    returns: "null",
    parameters: {
      group,
      nodes: optional(nodes),
      delete: remove,
      digest: standard.digest,
      ...fields,
    },
    permissions: console_,
    handle: ({ site, node, params }) => {
      updateGroup(site, node, String(params.group), params);
      return null;
    },
  },
  {
    method: "DELETE",
    path,
    returns: "null",
    parameters: { group },
    permissions: console_,
    handle: ({ site, node, params }) => {
      removeGroup(site, node, String(params.group));
      return null;
    },
  },
];
