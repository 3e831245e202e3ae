import { listOf } from "../text";
import type { RuleConfig } from "../types";

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

/** `pve01:2,pve02`; without a priority 0. */
export function readNodes(text: string | undefined): Record<string, number> {
  const entries = listOf(text).map((entry) => entry.split(":"));
  return Object.fromEntries(entries.map(([node = "", priority = "0"]) => [node, Number(priority)]));
}
