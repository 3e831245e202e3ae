import { attempt } from "../facts/judge";
import { need } from "../facts/known";
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
      description: "Names of clusters whose nodes have a second link or a bond.",
    },
  },
  judge: ({ clusters }, { redundant }) =>
    clusters
      .filter(({ name }) => !redundant.includes(name))
      .flatMap(({ urn, name, ...cluster }) =>
        attempt(urn, `the links of cluster ${name}`, () => {
          const nodes = need(cluster.nodes, "its nodes are");
          if (nodes.length < 2) return [];
          const links = nodes.map((node) => need(node.links, "the links of its nodes are"));
          if (links.every((count) => count > 1)) return [];
          const message =
            `cluster ${name}: its nodes have one link for corosync, storage and guests: a broken switch ` +
            "resets every node with HA guests, and a busy link delays corosync. Add a second link or a bond.";
          return [{ urn, message }];
        }),
      ),
};
