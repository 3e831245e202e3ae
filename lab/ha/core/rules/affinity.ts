import type { ServiceStatus } from "../types";
import { usedNodes } from "../usage/usage";
import { bundlesOf, keepFeasible, shared } from "./feasibility";
import type { NodeAffinityRule, ResourceAffinityRule, Rule } from "./rule";

/** What the rules mean for each resource. */
export interface Affinity {
  /** Allowed nodes and their priorities, for resources under a node affinity rule. */
  nodes: Record<string, Record<string, number>>;
  /** Resources that stay with the resource. */
  together: Record<string, Set<string>>;
  /** Resources that stay away from it. */
  apart: Record<string, Set<string>>;
}

/** Priority of nodes that a rule which is not strict does not name. */
const LAST_RESORT = -1;

/** Drops what cannot be kept, draws the conclusions from the rest, and says what was dropped. */
export function resolveRules(
  rules: Rule[],
  nodes: string[],
): { affinity: Affinity; messages: string[] } {
  const { kept, messages } = keepFeasible(rules, nodes);
  const placements = kept.filter((rule) => rule.type === "node-affinity");
  const others = kept.filter((rule) => rule.type === "resource-affinity");
  const bundles = bundlesOf(others.filter((rule) => rule.affinity === "positive"));
  const negative = others.filter((rule) => rule.affinity === "negative");
  const affinity: Affinity = { nodes: {}, together: {}, apart: {} };
  for (const { resources } of bundles) pair(affinity.together, resources, resources);
  for (const rule of negative) {
    pair(affinity.apart, rule.resources, rule.resources);
    for (const bundle of bundles) spread(affinity.apart, rule, bundle.resources);
  }
  for (const rule of placements) {
    const reach = effectiveNodes(rule, nodes);
    const joined = bundles.filter((bundle) => shared(bundle, rule).length > 0);
    const located = [...rule.resources, ...joined.flatMap((bundle) => bundle.resources)];
    for (const sid of located) affinity.nodes[sid] = reach;
  }
  return { affinity, messages };
}

/** Nodes of `online` where the resource may run, and of these the ones of the highest priority. */
export function placementOf(
  affinity: Affinity,
  sid: string,
  online: string[],
): { allowed: Set<string>; preferred: Set<string> } {
  const priorities = affinity.nodes[sid];
  if (!priorities) return { allowed: new Set(online), preferred: new Set(online) };
  const allowed = online.filter((node) => priorities[node] !== undefined);
  const highest = Math.max(...allowed.map((node) => priorities[node] ?? LAST_RESORT));
  const preferred = allowed.filter((node) => priorities[node] === highest);
  return { allowed: new Set(allowed), preferred: new Set(preferred) };
}

/** Where the resource's companions are (how many on which node), and which nodes its opponents use. */
export function companyOf(
  affinity: Affinity,
  sid: string,
  services: Record<string, ServiceStatus>,
  online: string[],
): { together: Map<string, number>; apart: Set<string> } {
  const together = new Map<string, number>();
  for (const other of affinity.together[sid] ?? []) {
    const { current, target } = usedNodes(services[other], online);
    // One that is already on its way counts only where it goes, so that it is not fetched back.
    const node = target ?? current;
    if (node) together.set(node, (together.get(node) ?? 0) + 1);
  }
  const apart = new Set<string>();
  for (const other of affinity.apart[sid] ?? []) {
    const { current, target } = usedNodes(services[other], online);
    if (current) apart.add(current);
    if (target) apart.add(target);
  }
  return { together, apart };
}

/** A resource of a bundle keeps away from whatever any of the bundle keeps away from. */
function spread(apart: Affinity["apart"], rule: ResourceAffinityRule, bundle: string[]): void {
  const inBundle = rule.resources.filter((sid) => bundle.includes(sid));
  if (inBundle.length === 0) return;
  const opponents = rule.resources.filter((sid) => !inBundle.includes(sid));
  pair(apart, bundle, opponents);
  pair(apart, opponents, bundle);
}

function pair(relation: Record<string, Set<string>>, from: string[], to: string[]): void {
  for (const sid of from) {
    const related = (relation[sid] ??= new Set());
    for (const other of to) if (other !== sid) related.add(other);
  }
}

function effectiveNodes(rule: NodeAffinityRule, nodes: string[]): Record<string, number> {
  if (rule.strict) return rule.nodes;
  const rest = Object.fromEntries(nodes.map((node) => [node, LAST_RESORT]));
  return { ...rest, ...rule.nodes };
}
