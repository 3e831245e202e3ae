import type { Site } from "../schema";

export interface ClusterPlan {
  name: string;
  release: number;
  /** The founder, then the others by name: the order in which they join. */
  nodes: PlannedNode[];
  witness?: PlannedHost;
  /** Whether the witness gets a vote. An odd number of nodes needs none, and Proxmox advises against it. */
  qdevice: boolean;
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
  /** Bytes. */
  memory: number;
  votes: number;
}

export function planCluster(site: Site): ClusterPlan {
  const { name, release, founder: first, witness } = site.cluster;
  const nodes = Object.entries(site.nodes)
    .map(([name, { address, cpus, memory }]) => ({ name, address, cpus, memory, votes: 1 }))
    .sort(
      (a, b) => Number(b.name === first) - Number(a.name === first) || (a.name < b.name ? -1 : 1),
    );
  const qdevice = witness !== undefined && nodes.length % 2 === 0;
  const votes = nodes.length + (qdevice ? 1 : 0);
  return {
    name,
    release,
    nodes,
    ...(witness === undefined
      ? {}
      : { witness: { name: witness, address: site.hosts[witness]?.address ?? "" } }),
    qdevice,
    votes,
    quorum: Math.floor(votes / 2) + 1,
  };
}

export function founder(plan: ClusterPlan): PlannedNode {
  const [first] = plan.nodes;
  if (!first) throw new Error("a site has at least one node");
  return first;
}
