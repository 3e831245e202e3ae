import { bridgesPerNode } from "../facts/bridges";
import { judgeHaGuests, nodesFor } from "../facts/judge";
import { need } from "../facts/known";
import type { Rule } from "./rule";

interface Config {
  everywhere: string[];
}

/** A guest whose bridge is missing does not start. */
export const requireBridgesOnAllNodes: Rule<Config> = {
  name: "require-bridges-on-all-nodes",
  description: "The bridges of an HA guest are there on all nodes on which it may run.",
  enforcementLevel: "mandatory",
  severity: "high",
  remedy: "Make the bridge on each node under the same name, or use one that all nodes have.",
  settings: {
    everywhere: {
      type: "array",
      items: { type: "string" },
      default: ["vmbr0"],
      description: "Bridges that every node has and no resource describes, as installed.",
    },
  },
  judge: (facts, { everywhere }) => {
    const bridges = bridgesPerNode(facts);
    return judgeHaGuests(facts, "the bridges", (guest) => {
      const nodes = nodesFor(facts, guest);
      return need(guest.bridges, "they are")
        .filter((bridge) => !everywhere.includes(bridge))
        .flatMap((bridge) => {
          const missing = nodes.filter((node) => !bridges.has(bridge, node));
          if (missing.length === 0) return [];
          if (bridges.unsure) need(bridges.unsure, "all bridges are");
          const message =
            `HA guest ${guest.name} is on bridge ${bridge}, which nothing describes on ${missing.join(", ")}, ` +
            `so it would not start there. Make the bridge there, choose another, guests.${guest.name}.bridge, ` +
            "or name it in the rule's setting everywhere.";
          return [{ urn: guest.urn, message }];
        });
    });
  },
};
