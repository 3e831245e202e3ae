import { qdeviceStatus } from "../../cluster/qdevice";
import { certificateFingerprint } from "../../guests/nodeStatus";
import type { Endpoint, Permissions } from "../endpoint";
import { PveError } from "../errors";
import { parsePropertyString } from "../propertyString";
import { optional, type Properties, propertyString, standard, text, whole } from "../schema";

const LINK: Properties = {
  address: { ...text({ format: "address" }), default_key: 1 },
  priority: optional(whole(0, 255)),
};

const audit: Permissions = { check: ["perm", "/", ["Sys.Audit"]] };

/** corosync's configuration. Changing it needs root@pam with a ticket, or the commands on a node. */
export const clusterConfigEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/cluster/config/nodes",
    returns: "array",
    parameters: {},
    permissions: audit,
    handle: ({ site, node }) =>
      (site.pmxcfs(node).corosync?.nodes ?? []).map((member) => ({
        node: member.name,
        name: member.name,
        nodeid: String(member.nodeid),
        quorum_votes: String(member.votes),
        ring0_addr: member.address,
        ...(member.link1 === undefined ? {} : { ring1_addr: member.link1 }),
      })),
  },
  {
    method: "GET",
    path: "/cluster/config/totem",
    returns: "object",
    parameters: {},
    permissions: audit,
    handle: ({ site, node }) => {
      const { corosync } = site.pmxcfs(node);
      if (!corosync) return {};
      return {
        cluster_name: corosync.clusterName,
        config_version: String(corosync.configVersion),
        interface: { "0": { linknumber: "0" } },
        ip_version: "ipv4-6",
        link_mode: "passive",
        secauth: "on",
        version: "2",
      };
    },
  },
  {
    method: "GET",
    path: "/cluster/config/qdevice",
    returns: "object",
    parameters: {},
    permissions: audit,
    handle: ({ site, node }) => qdeviceStatus(site, node),
  },
  {
    method: "GET",
    path: "/cluster/config/apiversion",
    returns: "integer",
    parameters: {},
    permissions: audit,
    handle: () => 1,
  },
  {
    method: "GET",
    path: "/cluster/config/join",
    returns: "object",
    parameters: { node: optional(standard.node) },
    permissions: audit,
    handle: ({ site, node }) => {
      const { corosync } = site.pmxcfs(node);
      if (!corosync) {
        throw new PveError(424, "node is not in a cluster, no join info available!");
      }
      return {
        preferred_node: node,
        config_digest: "",
        totem: { cluster_name: corosync.clusterName },
        nodelist: corosync.nodes.map((member) => ({
          name: member.name,
          nodeid: String(member.nodeid),
          pve_addr: member.address,
          pve_fp: certificateFingerprint(site.nodeState(member.name).certificate.certificate),
          quorum_votes: String(member.votes),
          ring0_addr: member.address,
          ...(member.link1 === undefined ? {} : { ring1_addr: member.link1 }),
        })),
      };
    },
  },
  {
    method: "POST",
    path: "/cluster/config",
    returns: "string",
    parameters: {
      clustername: text({ format: "pve-node", maxLength: 15 }),
      "link[n]": optional(propertyString(LINK)),
      nodeid: optional(whole(1)),
      "token-coefficient": optional(whole(0)),
      votes: optional(whole(1)),
    },
    handle: ({ site, node, caller, params }) => {
      const { clustername, link0, nodeid, votes } = params;
      const address = parsePropertyString(String(link0 ?? ""), LINK).address;
      const options = {
        ...(address === undefined ? {} : { link0: address }),
        ...(nodeid === undefined ? {} : { nodeid: Number(nodeid) }),
        ...(votes === undefined ? {} : { votes: Number(votes) }),
      };
      return site.tasks.start(node, "clustercreate", String(clustername), caller.name, () =>
        site.membership.create(node, String(clustername), options),
      );
    },
  },
];
