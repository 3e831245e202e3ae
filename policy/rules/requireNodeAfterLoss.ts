import { attempt, judgeHaGuests, nodesFor, type Violation } from "../facts/judge";
import { need, some } from "../facts/known";
import { canBeApart, canBeTogether } from "../facts/matching";
import { allNodes, allowedNodes, isIgnored } from "../facts/placement";
import type { HaRuleFacts, SiteFacts } from "../facts/site";
import type { Rule } from "./rule";

const NODES = "the cluster's nodes and HA rules are";

/** HA that leaves a guest no node after a loss is no HA: the guest stays in recovery until the node is back. */
export const requireNodeAfterLoss: Rule = {
  name: "require-node-after-loss",
  description: "Every HA guest has a node to run on after the loss of any one node.",
  enforcementLevel: "mandatory",
  severity: "high",
  remedy:
    "Name another node in the strict rule, or take a guest out of the rule that keeps guests apart.",
  judge: (facts) => {
    const names = new Map(facts.haResources.map(({ sid, name }) => [sid, name]));
    return [
      ...judgeHaGuests(facts, "the nodes", (guest) => {
        const there = need(allNodes(facts), NODES);
        const nodes = nodesFor(facts, guest).filter((node) => there.includes(node));
        if (nodes.length > 1 || there.length === 1) return [];
        const message =
          `HA guest ${guest.name} may run on ${nodes[0] ?? "no node of the cluster"} alone, so after a loss it runs nowhere. ` +
          `Name a second node, or let the rule be a preference: guests.${guest.name}.ha.nodes, guests.${guest.name}.ha.strict.`;
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
  const apart = need(rule.apart, "its affinity is");
  const guests = need(rule.sids, "its guests are").filter((sid) => !isIgnored(facts, sid));
  const choices = guests.map((sid) => need(allowedNodes(facts, sid), NODES));
  const isFatal = (lost: string): boolean => {
    const left = choices.map((nodes) => nodes.filter((node) => node !== lost));
    return apart ? !canBeApart(left) : !canBeTogether(left);
  };
  const lost = [...new Set(choices.flat())].filter(isFatal);
  if (lost.length === 0) return [];
  const who = some(guests.map((sid) => names.get(sid) ?? sid));
  const ending = apart
    ? `one has no node. Keeping ${guests.length} guests apart takes ${guests.length + 1} nodes that they may run on: ` +
      "add a node, or take a guest out of the rule."
    : "they have no node in common. Let their rules about nodes name two nodes that all of them may run on.";
  const message =
    `HA rule ${rule.name} keeps ${guests.length} guests ${apart ? "apart" : "together"} (${who}), ` +
    `and without ${some(lost).replace(/, /g, " or ")} ${ending}`;
  return [{ urn: rule.urn, message }];
}
