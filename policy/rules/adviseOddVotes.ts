import { attempt } from "../facts/judge";
import { need } from "../facts/known";
import { deviceVotes } from "../facts/votes";
import type { Rule } from "./rule";

/** Two nodes are the majority rule's. More of them outlive a loss with even votes, but not a split in halves. */
export const adviseOddVotes: Rule = {
  name: "advise-odd-votes",
  description: "The votes are odd, and a witness has one of them.",
  enforcementLevel: "advisory",
  severity: "medium",
  remedy: "Give an even number of nodes a witness, and an odd number none.",
  judge: ({ clusters }) =>
    clusters.flatMap((cluster) =>
      attempt(cluster.urn, `the votes of cluster ${cluster.name}`, () => {
        const { urn, name } = cluster;
        const nodes = need(cluster.nodes, "its nodes are");
        const qdevice = need(cluster.qdevice, "its witness is");
        if (nodes.length < 3) return [];
        const votes = nodes.reduce((sum, node) => sum + node.votes, 0);
        if (qdevice && nodes.length % 2 === 1) {
          const device = deviceVotes(nodes);
          const message =
            `cluster ${name}: beside ${nodes.length} nodes the QDevice has ${device} of ${votes + device} votes, ` +
            "so without it the cluster bears no further loss. An odd number of nodes needs no witness: take it away.";
          return [{ urn, message }];
        }
        if (qdevice || votes % 2 === 1) return [];
        const message =
          `cluster ${name}: ${votes} votes are even. Split in halves, as by a switch, neither has the ` +
          `${votes / 2 + 1} that are needed and all of it stands still. Give it a witness: site.cluster.witness.`;
        return [{ urn, message }];
      }),
    ),
};
