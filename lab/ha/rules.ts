import { badParameters, die, PveError } from "../api/errors";
import { splitList } from "../api/formats";
import type { Values } from "../api/verify";
import type { Site } from "../site";
import type { HaRule } from "../state/types";
import { changeHa, groupsAreGone, requireHaWrite } from "./domain";

type Rules = Record<string, HaRule>;

export function requireRule(site: Site, node: string, name: string): HaRule {
  const rule = site.pmxcfs(node).ha.rules[name];
  if (!rule) throw die(`no such ha rule '${name}'`);
  return rule;
}

export function addRule(site: Site, node: string, name: string, params: Values): void {
  requireHaWrite(site, node);
  requireMigrated(site, node, "create");
  changeHa(site, node, "create ha rule failed", ({ rules }) => {
    if (rules[name]) throw die(`HA rule '${name}' already defined`);
    const rule = ruleFields(withoutFalse(params));
    checkRule(site, node, name, rule);
    rules[name] = rule;
  });
}

export function updateRule(
  site: Site,
  node: string,
  name: string,
  params: Values,
  remove: string[],
): void {
  requireMigrated(site, node, "update");
  changeHa(site, node, "update HA rules failed", ({ rules }) => {
    const current = rules[name];
    if (!current) throw die(`HA rule '${name}' does not exist`);
    const sent = withoutFalse(params);
    const changed = { ...current, ...ruleFields({ ...sent, type: current.type }) };
    for (const key of remove) delete changed[key];
    checkRule(site, node, name, changed);
    rules[name] = changed;
  });
}

/** While groups of release 8 are left nobody makes rules beside them. */
function requireMigrated(site: Site, node: string, verb: "create" | "update"): void {
  if (groupsAreGone(site, node)) return;
  throw die(`cannot ${verb} ha rule: ha groups have not been migrated yet`);
}

/** Resources must be managed and nodes must exist; then the rules must be feasible together. */
function checkRule(site: Site, node: string, name: string, rule: HaRule): void {
  const { ha } = site.pmxcfs(node);
  const unmanaged = resourcesOf(rule).filter((sid) => !ha.resources[sid]);
  if (unmanaged.length > 0) {
    throw die(`cannot use unmanaged resource(s) ${unmanaged.sort().join(", ")}.`);
  }
  const members = site.members(node);
  const unknown = nodesOf(rule).find((entry) => !members.includes(entry.name));
  if (unknown) throw badParameters({ nodes: `node '${unknown.name}' does not exist` });
  const problems = conflicts(name, rule, { ...ha.rules, [name]: rule }, members.length);
  if (problems.length > 0) {
    throw new PveError(400, `Rule '${name}' is invalid.`, { resources: problems.join(", ") });
  }
}

/** What is wrong with `rule` among all of them (Rules.pm, Rules/*.pm), in PVE's words; disabled rules do not count. */
function conflicts(name: string, rule: HaRule, rules: Rules, nodeCount: number): string[] {
  if (isDisabled(rule)) return [];
  const others = Object.entries(rules)
    .filter(([other, candidate]) => other !== name && !isDisabled(candidate))
    .map(([, candidate]) => candidate);
  const ofType = (type: HaRule["type"]): HaRule[] => others.filter((other) => other.type === type);
  return rule.type === "node-affinity"
    ? nodeAffinityConflicts(rule, ofType("node-affinity"), ofType("resource-affinity"))
    : resourceAffinityConflicts(
        rule,
        ofType("resource-affinity"),
        ofType("node-affinity"),
        nodeCount,
      );
}

function nodeAffinityConflicts(rule: HaRule, siblings: HaRule[], affinities: HaRule[]): string[] {
  const found: string[] = [];
  for (const sid of resourcesOf(rule)) {
    if (siblings.some((other) => resourcesOf(other).includes(sid))) {
      found.push(`resource '${sid}' is already used in another node affinity rule`);
    }
  }
  if (hasPriorities(rule) && affinities.some((other) => shared(rule, other).length > 0)) {
    found.push(
      "resources are in a resource affinity rule and cannot be in a node affinity rule with multiple priorities",
    );
  }
  const negative = affinities.filter((other) => other.affinity === "negative");
  if (negative.some((other) => tooFewNodes(other, [...siblings, rule]) && overlaps(rule, other))) {
    found.push(
      "at least one resource is in a negative resource affinity rule and this rule would restrict these to less nodes than available to the resources",
    );
  }
  return found;
}

function resourceAffinityConflicts(
  rule: HaRule,
  siblings: HaRule[],
  placements: HaRule[],
  nodeCount: number,
): string[] {
  const found: string[] = [];
  const count = resourcesOf(rule).length;
  const negative = rule.affinity === "negative";
  if (count < 2) found.push("rule is ineffective as there are less than two resources");
  if (negative && count > nodeCount) found.push("rule defines more resources than available nodes");
  const opposite = negative ? "positive" : "negative";
  if (siblings.some((other) => other.affinity === opposite && shared(rule, other).length >= 2)) {
    found.push(`rule shares two or more resources with a ${opposite} resource affinity rule`);
  }
  if (placements.some((other) => hasPriorities(other) && overlaps(rule, other))) {
    found.push("resources are in node affinity rules with multiple priorities");
  }
  if (!negative && placements.filter((other) => overlaps(rule, other)).length > 1) {
    found.push("resources are in multiple node affinity rules");
  }
  if (negative && tooFewNodes(rule, placements)) {
    found.push(
      "two or more resources are restricted to less nodes than available to the resources",
    );
  }
  return found;
}

/** Whether node affinity rules leave the resources of a negative rule fewer nodes than they need. */
function tooFewNodes(negative: HaRule, placements: HaRule[]): boolean {
  const paired = placements.filter((other) => overlaps(negative, other));
  const located = new Set(paired.flatMap((other) => shared(negative, other)));
  const allowed = new Set(paired.flatMap((other) => nodesOf(other).map((entry) => entry.name)));
  return allowed.size < located.size;
}

function hasPriorities(rule: HaRule): boolean {
  return new Set(nodesOf(rule).map((entry) => entry.priority)).size > 1;
}

function overlaps(a: HaRule, b: HaRule): boolean {
  return shared(a, b).length > 0;
}

function shared(a: HaRule, b: HaRule): string[] {
  const others = resourcesOf(b);
  return resourcesOf(a).filter((sid) => others.includes(sid));
}

function isDisabled(rule: HaRule): boolean {
  return rule.disable !== undefined;
}

function resourcesOf(rule: HaRule): string[] {
  return splitList(rule.resources ?? "");
}

/** `pve01:2,pve02`, without a priority 0. */
function nodesOf(rule: HaRule): { name: string; priority: number }[] {
  return splitList(rule.nodes ?? "").map((entry) => {
    const [name = "", priority = "0"] = entry.split(":");
    return { name, priority: Number(priority) };
  });
}

/** Whether the key is there disables a rule, so `disable=0` is dropped; only `delete=disable` enables one again. */
function withoutFalse(params: Values): Values {
  const { disable, ...rest } = params;
  return disable === 1 ? { ...rest, disable } : rest;
}

/** Lists are kept sorted, as PVE writes them. */
function ruleFields(params: Values): HaRule {
  const fields = Object.entries(params)
    .filter(([key]) => key !== "rule")
    .map(([key, value]) => [key, fieldText(key, String(value))]);
  return Object.fromEntries(fields) as HaRule;
}

function fieldText(key: string, value: string): string {
  if (key !== "resources" && key !== "nodes") return value;
  const entries = splitList(value).map((entry) => entry.replace(/:0$/, ""));
  return [...new Set(entries)].sort().join(",");
}
