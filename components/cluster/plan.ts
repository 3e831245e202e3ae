import { type PlannedInterface, planInterfaces } from "../network/plan";
import type { Site } from "../schema";

export interface ClusterPlan {
  name: string;
  release: number;
  /** The founder, then the others by name: the order in which they join. */
  nodes: PlannedNode[];
  witness?: PlannedHost;
  /** Whether the witness votes. An odd number of nodes needs no such vote, and Proxmox advises against it. */
  qdevice: boolean;
  /** The founder's key stays on the witness. */
  keepWitnessKey: boolean;
  /** Proxmox's repository for nodes that are bare Debian. */
  packages: "no-subscription" | "enterprise";
  /** Minutes. */
  storageWait: number;
  /** Votes when everything is up. */
  votes: number;
  /** Votes that keep the cluster working. */
  quorum: number;
}

export interface PlannedHost {
  name: string;
  address: string;
}

export interface PlannedNode extends PlannedHost {
  cpus: number;
  /** The highest CPU model of a VM that it runs. */
  cpuLevel?: string;
  cpuVendor?: string;
  /** Bytes. */
  memory: number;
  votes: number;
  /** Addresses of corosync's links, link 0 first. */
  links: string[];
  /** Kernel module. */
  watchdog: string;
  /** What the site describes of its network, each interface after those that it lies on. */
  interfaces: PlannedInterface[];
}

export function planCluster(site: Site): ClusterPlan {
  const {
    name,
    release,
    founder: first,
    witness,
    packages,
    storageWait,
    keepWitnessKey,
  } = site.cluster;
  const nodes = Object.entries(site.nodes)
    .map(([name, { address, cpus, cpuLevel, cpuVendor, memory, link1, watchdog }]) => ({
      name,
      address,
      cpus,
      ...(cpuLevel === undefined ? {} : { cpuLevel }),
      ...(cpuVendor === undefined ? {} : { cpuVendor }),
      memory,
      votes: 1,
      links: [address, ...(link1 === undefined ? [] : [link1])],
      watchdog,
      interfaces: planInterfaces(site, name),
    }))
    .sort(
      (a, b) => Number(b.name === first) - Number(a.name === first) || (a.name < b.name ? -1 : 1),
    );
  const even = nodes.length % 2 === 0;
  const qdevice = witness !== undefined && (even || site.cluster.qdevice === true);
  // ffsplit has one vote; on an odd number of nodes lms has one less than they have (corosync-qdevice(8)).
  const witnessVotes = even ? 1 : nodes.length - 1;
  const votes = nodes.length + (qdevice ? witnessVotes : 0);
  return {
    name,
    release,
    nodes,
    ...(witness === undefined
      ? {}
      : { witness: { name: witness, address: site.hosts[witness]?.address ?? "" } }),
    qdevice,
    keepWitnessKey,
    packages,
    storageWait,
    votes,
    quorum: Math.floor(votes / 2) + 1,
  };
}

export function founder(plan: ClusterPlan): PlannedNode {
  const [first] = plan.nodes;
  if (!first) throw new Error("a site has at least one node");
  return first;
}
