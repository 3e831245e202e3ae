import { enabledJobs } from "./backup";
import { need } from "./known";
import type { ClusterFacts, InterfaceFacts, SiteFacts } from "./site";
import { isOwnDisk, storagesById } from "./storage";

/** Modes of a bond that corosync can live with (Proxmox VE Administration Guide, Cluster Network). */
const SAFE_MODES = ["active-backup", "802.3ad"];

/**
 * Names of the nodes whose corosync has one way only: no second link, and no bond under the node's address. None in a
 * cluster of one node. Throws `NotKnown`.
 */
export function nodesOnOneLink(cluster: ClusterFacts, interfaces: InterfaceFacts[]): string[] {
  const nodes = need(cluster.nodes, "its nodes are");
  if (nodes.length < 2) return [];
  return nodes
    .filter(({ name, address, links }) => {
      if (need(links, `the links of ${name} are`) > 1) return false;
      const own = interfacesOf(name, interfaces);
      const carrying = own.filter(({ addresses, ...it }) =>
        need(addresses, `the addresses of ${it.kind} ${it.name} are`).some(
          (cidr) => cidr.split("/")[0] === address,
        ),
      );
      return !carrying.some((carrier) => isBonded(carrier, own));
    })
    .map(({ name }) => name);
}

/** What is described of a node's network. Throws `NotKnown`. */
export function interfacesOf(node: string, interfaces: InterfaceFacts[]): InterfaceFacts[] {
  return interfaces.filter((it) => need(it.node, `the node of ${it.kind} ${it.name} is`) === node);
}

/** It is a bond of two cards or more, or lies on one. */
function isBonded(carrier: InterfaceFacts, own: InterfaceFacts[], above: string[] = []): boolean {
  const { kind, name } = carrier;
  const below = need(carrier.on, `what ${kind} ${name} lies on is`);
  if (kind === "bond") {
    const mode = need(carrier.mode, `the mode of bond ${name} is`);
    return below.length > 1 && SAFE_MODES.includes(mode ?? "");
  }
  return own.some((other) => {
    const id = need(other.id, `the name of ${other.kind} ${other.name} is`);
    return below.includes(id) && !above.includes(id) && isBonded(other, own, [...above, id]);
  });
}

/** What moves much data between nodes and storages, and has limits among the options of the cluster. */
const TASKS = ["clone", "migration", "move", "restore"];

/** What may take all of the network: tasks of the cluster, then backup jobs to a host. Throws `NotKnown`. */
export function withoutLimit(facts: SiteFacts): string[] {
  const limits = facts.options.map((options) =>
    need(options.limits, `the limits of ${options.name} are`),
  );
  const limited = (task: string): boolean =>
    limits.some((each) => (each[task] ?? each.default ?? 0) > 0);
  const storages = storagesById(facts);
  const jobs = enabledJobs(facts).filter(({ name, bandwidth, storage }) => {
    if (need(bandwidth, `the limit of backup job ${name} is`) > 0) return false;
    return !isOwnDisk(need(storage, `the storage of backup job ${name} is`), storages);
  });
  return [
    ...TASKS.filter((task) => !limited(task)),
    ...jobs.map(({ name }) => `backup job ${name}`),
  ];
}
