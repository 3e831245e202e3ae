import { UNKNOWN } from "../facts/known";
import type { ClusterFacts, SiteFacts } from "../facts/site";
import { majorityAfterNodeLoss } from "../facts/votes";
import type { Rule, Violation } from "./rule";

/** With HA, a node that loses its majority resets itself: losing one node of two would take the other along. */
export const requireMajorityAfterNodeLoss: Rule = {
  name: "require-majority-after-node-loss",
  description: "A cluster with HA resources keeps a majority of votes after losing any one node.",
  enforcementLevel: "mandatory",
  judge: (facts) => {
    const [first] = facts.haResources;
    if (!first) return [];
    if (facts.clusters.length === 0) {
      return [
        {
          urn: first.urn,
          message: "cannot judge the votes: nothing tells the cluster's nodes and their votes.",
        },
      ];
    }
    return facts.clusters.flatMap((cluster) => judgeCluster(cluster, facts));
  },
};

function judgeCluster(cluster: ClusterFacts, facts: SiteFacts): Violation[] {
  const { urn, name, nodes, witness, qdevice } = cluster;
  if (nodes === UNKNOWN || witness === UNKNOWN || qdevice === UNKNOWN) {
    return [
      { urn, message: "cannot judge the votes until the cluster's nodes and witness are known." },
    ];
  }
  const guests = facts.haResources.map((resource) => resource.name).join(", ");
  const { votes, quorum, fatal } = majorityAfterNodeLoss(nodes, qdevice ? 1 : 0);
  const lost = fatal.map((loss) => ({
    urn,
    message:
      `cluster ${name}: without ${loss.node}, ${loss.left} of ${votes} votes are left and ${quorum} are needed, ` +
      `so the rest would reset itself with the HA guests (${guests}). ` +
      "Give the cluster a witness outside of it: site.cluster.witness.",
  }));
  const inside = qdevice && witness ? whyInside(witness, nodes, facts) : undefined;
  if (inside === undefined) return lost;
  return [
    ...lost,
    {
      urn,
      message:
        `cluster ${name}: the witness ${witness?.name} (${witness?.address}) ${inside}, so its vote is lost with it. ` +
        "Choose a host outside of the cluster: site.cluster.witness.",
    },
  ];
}

function whyInside(
  witness: { name: string; address: string },
  nodes: { name: string; address: string }[],
  { guests }: SiteFacts,
): string | undefined {
  const same = (other: { name: string }, addresses: string[]): boolean =>
    other.name === witness.name || addresses.includes(witness.address);
  const node = nodes.find((candidate) => same(candidate, [candidate.address]));
  if (node) return `is the node ${node.name}`;
  const guest = guests.find((candidate) =>
    same(candidate, candidate.addresses === UNKNOWN ? [] : candidate.addresses),
  );
  return guest && `is the guest ${guest.name} of this cluster`;
}
