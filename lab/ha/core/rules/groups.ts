import { sortedKeys } from "../text";
import type { GroupConfig, Resource, RuleConfig } from "../types";
import { type NodeAffinityRule, readNodes } from "./rule";

/**
 * What groups of release 8 are as rules: a node affinity rule `ha-group-<name>` each (PVE::HA::Groups). A group
 * without members becomes nothing.
 */
export function ruleConfigsOfGroups(
  groups: Record<string, GroupConfig>,
  resources: Record<string, Resource>,
): Record<string, RuleConfig> {
  const configs = sortedKeys(groups).flatMap((name): [string, RuleConfig][] => {
    const members = sortedKeys(resources).filter((sid) => resources[sid]?.group === name);
    const { nodes = "", restricted, comment } = groups[name] ?? {};
    if (members.length === 0) return [];
    const rule = {
      type: "node-affinity",
      comment: comment ?? `Generated from HA group '${name}'.`,
      nodes: printNodes(nodes),
      resources: members.join(","),
      ...(restricted ? { strict: "1" } : {}),
    };
    return [[`ha-group-${name}`, rule]];
  });
  return Object.fromEntries(configs);
}

/** The same, as the manager follows them while they are still groups; they come after the rules. */
export function rulesOfGroups(
  groups: Record<string, GroupConfig>,
  resources: Record<string, Resource>,
): NodeAffinityRule[] {
  return Object.entries(ruleConfigsOfGroups(groups, resources)).map(([id, config]) => ({
    type: "node-affinity",
    id,
    resources: (config.resources ?? "").split(","),
    nodes: readNodes(config.nodes),
    strict: config.strict === "1",
  }));
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

function printNodes(text: string): string {
  const entries = Object.entries(readNodes(text)).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([node, priority]) => (priority ? `${node}:${priority}` : node)).join(",");
}
