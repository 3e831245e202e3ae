import type { Violation } from "../facts/judge";
import { some, UNKNOWN } from "../facts/known";
import { managedResources } from "../facts/placement";
import type { ClusterFacts, SiteFacts } from "../facts/site";
import { deviceVotes, majorityAfterNodeLoss } from "../facts/votes";
import { witnessInside } from "../facts/witness";
import type { Rule } from "./rule";

/** With HA, a node that loses its majority resets itself: losing one node of two would take the other along. */
export const requireMajorityAfterNodeLoss: Rule = {
  name: "require-majority-after-node-loss",
  description: "A cluster with HA resources keeps a majority of votes after losing any one node.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remedy: "Give the cluster a third vote outside of it, with a QDevice on a host that is no node.",
  judge: (facts) => {
    const [first] = managedResources(facts);
    if (!first) return [];
    if (facts.clusters.length === 0) {
      const message = "cannot judge the votes until a cluster's nodes and witness are known.";
      return [{ urn: first.urn, message }];
    }
    return facts.clusters.flatMap((cluster) => judgeCluster(cluster, facts));
  },
};

function judgeCluster(cluster: ClusterFacts, facts: SiteFacts): Violation[] {
  const { urn, name, nodes, witness, qdevice } = cluster;
  const cannotJudge = (what: string): Violation[] => [
    { urn, message: `cannot judge the votes of cluster ${name} until ${what} are known.` },
  ];
  if (nodes === UNKNOWN || witness === UNKNOWN || qdevice === UNKNOWN || nodes.length === 0) {
    return cannotJudge("its nodes and witness");
  }
  const guests = some(managedResources(facts).map((resource) => resource.name));
  if (nodes.length === 1) {
    const message =
      `cluster ${name}: one node alone leaves none to recover the HA guests on (${guests}). ` +
      "Add a node to site.nodes, or take the guests out of HA.";
    return [{ urn, message }];
  }
  const { votes, quorum, fatal } = majorityAfterNodeLoss(nodes, qdevice ? deviceVotes(nodes) : 0);
  const lost = fatal.map(({ node, left }) => ({
    urn,
    message:
      `cluster ${name}: without ${node}, ${left} of ${votes} votes are left and ${quorum} are needed, ` +
      `so the rest would reset itself with the HA guests (${guests}). ` +
      (witness && !qdevice
        ? `Let its witness ${witness.name} vote, by a QDevice.`
        : "Give the cluster a witness outside of it: site.cluster.witness."),
  }));
  if (!qdevice || !witness) return lost;
  const inside = witnessInside(witness, nodes, facts.guests);
  if (inside === UNKNOWN) return [...lost, ...cannotJudge("the addresses of all guests")];
  if (inside === undefined) return lost;
  const message =
    `cluster ${name}: the witness ${witness.name} (${witness.address}) is ${inside}, so its vote is lost with it. ` +
    "Choose a host outside of the cluster: site.cluster.witness.";
  return [...lost, { urn, message }];
}
