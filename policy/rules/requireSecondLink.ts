import { attempt } from "../facts/judge";
import { some } from "../facts/known";
import { nodesOnOneLink } from "../facts/links";
import type { Rule } from "./rule";

interface Config {
  redundant: string[];
}

export const requireSecondLink: Rule<Config> = {
  name: "require-second-link",
  description: "A cable or a switch can break without parting the cluster.",
  enforcementLevel: "advisory",
  severity: "high",
  remedy: "Give each node a second corosync link, or a bond over two switches.",
  settings: {
    redundant: {
      type: "array",
      items: { type: "string" },
      default: [],
      description: "Names of clusters whose nodes have a bond that no resource describes.",
    },
  },
  judge: ({ clusters, interfaces }, { redundant }) =>
    clusters
      .filter(({ name }) => !redundant.includes(name))
      .flatMap((cluster) => {
        const { urn, name } = cluster;
        return attempt(urn, `the links of cluster ${name}`, () => {
          const nodes = nodesOnOneLink(cluster, interfaces);
          if (nodes.length === 0) return [];
          const message =
            `cluster ${name}: one link each for corosync, storage and guests on ${some(nodes)}: a broken switch ` +
            "resets every node with HA guests, and a busy link delays corosync. " +
            "Add a second link, site.nodes.*.link1, or a bond.";
          return [{ urn, message }];
        });
      }),
};
