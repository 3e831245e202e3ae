import { attempt, judgeHaGuests, nodesFor, type Violation } from "../facts/judge";
import { need } from "../facts/known";
import { canBeApart } from "../facts/matching";
import { allNodes, allowedNodes } from "../facts/placement";
import type { HaRuleFacts, SiteFacts } from "../facts/site";
import type { Rule } from "./rule";

const NODES = "the cluster's nodes and HA rules are";

/** HA that leaves a guest no node after a loss is no HA: the guest stays in recovery until the node is back. */
export const requireNodeAfterLoss: Rule = {
  name: "require-node-after-loss",
  description: "Every HA guest has a node to run on after the loss of any one node.",
  enforcementLevel: "mandatory",
  severity: "high",
  remedy: "Name another node in the strict rule, or take a guest out of the rule that keeps apart.",
  judge: (facts) => {
    const names = new Map(facts.haResources.map(({ sid, name }) => [sid, name]));
    return [
      ...judgeHaGuests(facts, "the nodes", (guest) => {
        const there = need(allNodes(facts), NODES);
        const nodes = nodesFor(facts, guest).filter((node) => there.includes(node));
        if (nodes.length > 1 || there.length === 1) return [];
        const message =
          `HA guest ${guest.name} may run on ${nodes[0] ?? "no node of the cluster"} alone, so after a loss it runs nowhere. ` +
          "Name a second node, or let the rule be a preference: guests.*.ha.nodes, guests.*.ha.strict.";
        return [{ urn: guest.urn, message }];
      }),
      ...facts.haRules.flatMap((rule) =>
        attempt(rule.urn, `the HA rule ${rule.name}`, () => judgeRule(rule, facts, names)),
      ),
    ];
  },
};

function judgeRule(rule: HaRuleFacts, facts: SiteFacts, names: Map<unknown, string>): Violation[] {
  if (need(rule.disabled, "whether it is in force is")) return [];
  if (need(rule.type, "its type is") !== "resource-affinity") return [];
  if (!need(rule.apart, "its affinity is")) return [];
  const guests = need(rule.sids, "its guests are");
  const choices = guests.map((sid) => need(allowedNodes(facts, sid), NODES));
  const lost = [...new Set(choices.flat())].filter(
    (node) => !canBeApart(choices.map((nodes) => nodes.filter((other) => other !== node))),
  );
  if (lost.length === 0) return [];
  const message =
    `HA rule ${rule.name} keeps ${guests.length} guests apart ` +
    `(${guests.map((sid) => names.get(sid) ?? sid).join(", ")}), and without ${lost.join(" or ")} one has no node. ` +
    "Keeping N guests apart takes N+1 nodes: add a node, or take a guest out of the rule.";
  return [{ urn: rule.urn, message }];
}
