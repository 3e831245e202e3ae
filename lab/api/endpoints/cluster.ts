import { poolOf } from "../../access/pools";
import { nodeStatus } from "../../guests/nodeStatus";
import { guestStatus } from "../../guests/status";
import { storageResource } from "../../node/storageResource";
import type { Site } from "../../site";
import type { Call, Endpoint } from "../endpoint";
import { badParameters, die } from "../errors";
import { clusterLog, clusterTasks } from "../../tasks/clusterTasks";
import { choice, optional, standard, whole } from "../schema";
import { nextIdRange } from "./clusterOptions";

/** What a cluster says of itself as a whole. */
export const clusterEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/cluster/status",
    returns: "array",
    parameters: {},
    permissions: { check: ["perm", "/", ["Sys.Audit"]] },
    handle: ({ site, node }) => clusterStatus(site, node),
  },
  {
    method: "GET",
    path: "/cluster/resources",
    returns: "array",
    parameters: { type: optional(choice("vm", "storage", "node", "sdn")) },
    permissions: { user: "all" },
    handle: clusterResources,
  },
  {
    method: "GET",
    path: "/cluster/nextid",
    returns: "integer",
    parameters: { vmid: optional(standard.vmid) },
    permissions: { user: "all" },
    handle: ({ site, node, params }) => {
      const { guests } = site.pmxcfs(node);
      if (params.vmid !== undefined) {
        if (guests[String(params.vmid)]) {
          throw badParameters({ vmid: `VM ${params.vmid} already exists` });
        }
        return String(params.vmid);
      }
      const { lower, upper } = nextIdRange(site, node);
      for (let vmid = lower; vmid < upper; vmid++) if (!guests[String(vmid)]) return vmid;
      throw die(`unable to get any free VMID in range [${lower}, ${upper}]`);
    },
  },
  {
    method: "GET",
    path: "/cluster/tasks",
    returns: "array",
    parameters: {},
    permissions: { user: "all" },
    handle: ({ site, node, caller }) => clusterTasks(site, node, caller),
  },
  {
    method: "GET",
    path: "/cluster/log",
    returns: "array",
    parameters: { max: optional(whole(1)) },
    permissions: { user: "all" },
    handle: ({ site, node, caller, params }) =>
      clusterLog(site, node, caller, params.max === undefined ? undefined : Number(params.max)),
  },
];

function clusterStatus(site: Site, node: string): Record<string, unknown>[] {
  const { corosync } = site.pmxcfs(node);
  const describe = (name: string, nodeid: number, ip: string): Record<string, unknown> => ({
    type: "node",
    id: `node/${name}`,
    name,
    nodeid,
    ip,
    local: name === node ? 1 : 0,
    online: site.quorum.sees(node, name) ? 1 : 0,
    level: "",
  });
  if (!corosync) return [describe(node, 0, site.host(node).address)];
  return [
    {
      type: "cluster",
      id: "cluster",
      name: corosync.clusterName,
      nodes: corosync.nodes.length,
      quorate: site.quorum.isQuorate(node) ? 1 : 0,
      version: corosync.configVersion,
    },
    ...corosync.nodes.map((member) => describe(member.name, member.nodeid, member.address)),
  ];
}

function clusterResources({ site, node, caller, params }: Call): Record<string, unknown>[] {
  const wanted = (type: string): boolean => params.type === undefined || params.type === type;
  const sees = (path: string, privilege: string): boolean =>
    site.access.holds(node, caller, path, privilege);
  const result: Record<string, unknown>[] = [];
  const config = site.pmxcfs(node);
  // There is no wish for pools alone.
  if (params.type === undefined) {
    for (const pool of Object.keys(config.pools ?? {})) {
      if (sees(`/pool/${pool}`, "Pool.Audit")) {
        result.push({ id: `/pool/${pool}`, type: "pool", pool });
      }
    }
  }
  if (wanted("vm")) {
    for (const guest of Object.values(config.guests)) {
      if (!sees(`/vms/${guest.vmid}`, "VM.Audit")) continue;
      const online = site.isOnline(node, guest.node);
      const status = guestStatus(site, guest);
      const pool = poolOf(config, guest.vmid);
      result.push({
        id: `${guest.type}/${guest.vmid}`,
        type: guest.type,
        node: guest.node,
        template: 0,
        ...status,
        maxcpu: status.cpus,
        ...(pool === undefined ? {} : { pool }),
        // pvestatd of a dead node reports no more, so its guests are unknown.
        status: online ? status.status : "unknown",
      });
    }
  }
  const members = site.members(node);
  if (wanted("node")) {
    for (const name of members) {
      if (sees(`/nodes/${name}`, "Sys.Audit")) {
        result.push({ type: "node", ...nodeStatus(site, node, name) });
      }
    }
  }
  if (wanted("storage"))
    result.push(...members.flatMap((name) => storagesOf(site, node, name, sees)));
  return result;
}

function storagesOf(
  site: Site,
  asking: string,
  name: string,
  sees: (path: string, privilege: string) => boolean,
): Record<string, unknown>[] {
  return site.storages
    .usableOn(name)
    .filter((id) => sees(`/storage/${id}`, "Datastore.Audit"))
    .map((id) => storageResource(site, asking, name, id));
}
