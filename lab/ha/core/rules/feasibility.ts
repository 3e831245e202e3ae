import type { NodeAffinityRule, ResourceAffinityRule, Rule } from "./rule";

/** The rules by kind, as checks look at them. */
interface RuleSet {
  placements: NodeAffinityRule[];
  affinities: ResourceAffinityRule[];
  positive: ResourceAffinityRule[];
  negative: ResourceAffinityRule[];
  /** Positive rules that share resources count as one. */
  bundles: Bundle[];
  nodeCount: number;
}

export interface Bundle {
  rules: ResourceAffinityRule[];
  resources: string[];
}

/** A rule that cannot be kept, and why, in PVE's words. */
interface Problem {
  id: string;
  reason: string;
}

type Check = (rules: RuleSet) => Problem[];

/** What makes rules ineffective or contradictory (Rules.pm, Rules/*.pm), in PVE's order. */
const CHECKS: readonly Check[] = [
  usedTwice,
  tooFewResources,
  tooFewNodes,
  togetherAndApart,
  prioritiesWithAffinity,
  bundleInTwoPlacements,
  apartOnTooFewNodes,
];

/** Leaves the rules that can be kept together; every rule that takes part in a conflict is dropped. */
export function keepFeasible(rules: Rule[], nodes: string[]): { kept: Rule[]; messages: string[] } {
  const set = sort(rules, nodes.length);
  const problems = CHECKS.flatMap((check) => check(set));
  const dropped = new Set(problems.map(({ id }) => id));
  const messages = [...dropped]
    .sort()
    .flatMap((id) => problems.filter((problem) => problem.id === id))
    .map(({ id, reason }) => `Drop rule '${id}', because ${reason}.`);
  return { kept: rules.filter(({ id }) => !dropped.has(id)), messages };
}

/** Connected positive rules; a rule joins the first bundle with which it shares a resource. */
export function bundlesOf(positive: ResourceAffinityRule[]): Bundle[] {
  const bundles: Bundle[] = [];
  const first = (rule: ResourceAffinityRule): string => rule.resources[0] ?? "";
  const sorted = [...positive].sort((a, b) => compare(first(a), first(b)) || compare(a.id, b.id));
  for (const rule of sorted) {
    const bundle = bundles.find((other) => shared(other, rule).length > 0);
    if (bundle) {
      bundle.rules.push(rule);
      bundle.resources = [...new Set([...bundle.resources, ...rule.resources])];
    } else {
      bundles.push({ rules: [rule], resources: [...rule.resources] });
    }
  }
  return bundles;
}

export function shared(a: { resources: string[] }, b: { resources: string[] }): string[] {
  return a.resources.filter((sid) => b.resources.includes(sid));
}

function sort(rules: Rule[], nodeCount: number): RuleSet {
  const placements = rules.filter((rule) => rule.type === "node-affinity");
  const affinities = rules.filter((rule) => rule.type === "resource-affinity");
  const positive = affinities.filter((rule) => rule.affinity === "positive");
  const negative = affinities.filter((rule) => rule.affinity === "negative");
  return { placements, affinities, positive, negative, bundles: bundlesOf(positive), nodeCount };
}

function usedTwice({ placements }: RuleSet): Problem[] {
  return placements.flatMap((rule) =>
    rule.resources
      .filter((sid) => placements.some((other) => other !== rule && other.resources.includes(sid)))
      .map((sid) => ({
        id: rule.id,
        reason: `resource '${sid}' is already used in another node affinity rule`,
      })),
  );
}

function tooFewResources({ affinities }: RuleSet): Problem[] {
  const reason = "rule is ineffective as there are less than two resources";
  return affinities.filter((rule) => rule.resources.length < 2).map(({ id }) => ({ id, reason }));
}

function tooFewNodes({ negative, nodeCount }: RuleSet): Problem[] {
  const reason = "rule defines more resources than available nodes";
  return negative
    .filter((rule) => rule.resources.length > nodeCount)
    .map(({ id }) => ({ id, reason }));
}

function togetherAndApart({ bundles, negative }: RuleSet): Problem[] {
  const reason = (kind: string): string =>
    `rule shares two or more resources with a ${kind} resource affinity rule`;
  return bundles.flatMap((bundle) =>
    negative
      .filter((rule) => shared(bundle, rule).length >= 2)
      .flatMap((rule) => [
        { id: rule.id, reason: reason("positive") },
        ...bundle.rules.map(({ id }) => ({ id, reason: reason("negative") })),
      ]),
  );
}

function prioritiesWithAffinity({ affinities, placements }: RuleSet): Problem[] {
  return affinities.flatMap((rule) => {
    const paired = placements.filter((placement) => shared(rule, placement).length > 0);
    if (!paired.some(hasPriorities)) return [];
    return [
      { id: rule.id, reason: "resources are in node affinity rules with multiple priorities" },
      ...paired.map(({ id }) => ({
        id,
        reason:
          "resources are in a resource affinity rule and cannot be in a node affinity rule with multiple priorities",
      })),
    ];
  });
}

function bundleInTwoPlacements({ bundles, placements }: RuleSet): Problem[] {
  return bundles.flatMap((bundle) => {
    const paired = placements.filter((placement) => shared(bundle, placement).length > 0);
    if (paired.length < 2) return [];
    return [
      ...bundle.rules.map(({ id }) => ({
        id,
        reason: "resources are in multiple node affinity rules",
      })),
      ...paired.map(({ id }) => ({
        id,
        reason:
          "at least one resource is in a positive resource affinity rule and there are other resources in at least one other node affinity rule already",
      })),
    ];
  });
}

function apartOnTooFewNodes({ negative, placements }: RuleSet): Problem[] {
  return negative.flatMap((rule) => {
    const paired = placements.filter((placement) => shared(rule, placement).length > 0);
    const located = new Set(paired.flatMap((placement) => shared(rule, placement)));
    const allowed = new Set(paired.flatMap((placement) => Object.keys(placement.nodes)));
    if (allowed.size >= located.size) return [];
    return [
      {
        id: rule.id,
        reason:
          "two or more resources are restricted to less nodes than available to the resources",
      },
      ...paired.map(({ id }) => ({
        id,
        reason:
          "at least one resource is in a negative resource affinity rule and this rule would restrict these to less nodes than available to the resources",
      })),
    ];
  });
}

function hasPriorities(rule: NodeAffinityRule): boolean {
  return new Set(Object.values(rule.nodes)).size > 1;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
