import { need } from "./known";
import type { NodeFacts, SiteFacts } from "./site";

/** CPU types that hand on what the node happens to have. */
export const HOST_TYPES = ["host", "max"];

/** Levels of x86-64, each with all of those before it (qemu-server's built-in models). */
const LEVELS = ["kvm64", "x86-64-v2", "x86-64-v2-AES", "x86-64-v3", "x86-64-v4"];

/** Whether a node of level `has` runs guests of level `wanted`; true for models that are no levels. */
export function runsLevel(has: string, wanted: string): boolean {
  return LEVELS.indexOf(has) >= LEVELS.indexOf(wanted) || !LEVELS.includes(wanted);
}

/** Nodes of all clusters by name. Throws `NotKnown`. */
export function nodesByName(facts: SiteFacts): Map<string, NodeFacts> {
  const nodes = facts.clusters.flatMap((cluster) => need(cluster.nodes, "the cluster's nodes are"));
  return new Map(nodes.map((node) => [node.name, node]));
}
