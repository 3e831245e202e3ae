import { listOf } from "../text";
import type { GroupConfig, Resource, RuleConfig } from "../types";

export interface NodeAffinityRule {
  type: "node-affinity";
  id: string;
  resources: string[];
  /** Priority of each node; the higher one wins. */
  nodes: Record<string, number>;
  strict: boolean;
}

export interface ResourceAffinityRule {
  type: "resource-affinity";
  id: string;
  resources: string[];
  affinity: "positive" | "negative";
}

export type Rule = NodeAffinityRule | ResourceAffinityRule;

/** Enabled rules of `rules.cfg`; what cannot be read is skipped. The key alone disables, whatever its value. */
export function readRules(configs: Record<string, RuleConfig>): Rule[] {
  return Object.entries(configs).flatMap(([id, config]): Rule[] => {
    if (config.disable !== undefined) return [];
    const resources = [...new Set(listOf(config.resources))].sort();
    switch (config.type) {
      case "node-affinity": {
        const nodes = readNodes(config.nodes);
        return [{ type: config.type, id, resources, nodes, strict: config.strict === "1" }];
      }
      case "resource-affinity": {
        const affinity = config.affinity === "negative" ? "negative" : "positive";
        return [{ type: config.type, id, resources, affinity }];
      }
      default:
        return [];
    }
  });
}

/** Groups of release 8 are node affinity rules of their members (Groups.pm); they come after the rules. */
export function rulesOfGroups(
  groups: Record<string, GroupConfig>,
  resources: Record<string, Resource>,
): NodeAffinityRule[] {
  const membersOf = (group: string): string[] =>
    Object.keys(resources)
      .filter((sid) => resources[sid]?.group === group)
      .sort();
  return Object.entries(groups)
    .map(([name, group]): NodeAffinityRule => ({
      type: "node-affinity",
      id: `ha-group-${name}`,
      resources: membersOf(name),
      nodes: readNodes(group.nodes),
      strict: group.restricted === true,
    }))
    .filter((rule) => rule.resources.length > 0);
}

/** In release 8 it is the group that says whether its members fail back. */
export function failsBack(
  resource: Resource | undefined,
  groups: Record<string, GroupConfig>,
): boolean {
  if (!resource) return false;
  const group = resource.group === undefined ? undefined : groups[resource.group];
  return group ? group.nofailback !== true : resource.failback;
}

/** `pve01:2,pve02`; without a priority 0. */
function readNodes(text: string | undefined): Record<string, number> {
  const entries = listOf(text).map((entry) => entry.split(":"));
  return Object.fromEntries(entries.map(([node = "", priority = "0"]) => [node, Number(priority)]));
}
