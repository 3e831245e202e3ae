import { type Known, UNKNOWN } from "./known";
import type { SiteFacts, StorageFacts } from "./site";

/** Storages that every installation has, on each node its own. */
const LOCAL = ["local", "local-lvm", "local-zfs"];

/** Nodes that the HA manager may put `sid` on: those of a strict rule, else all. */
export function allowedNodes(facts: SiteFacts, sid: string): Known<string[]> {
  for (const rule of facts.haRules) {
    if (rule.type === UNKNOWN || rule.sids === UNKNOWN) return UNKNOWN;
    if (rule.type !== "node-affinity" || !rule.sids.includes(sid)) continue;
    if (rule.strict === UNKNOWN || rule.nodes === UNKNOWN) return UNKNOWN;
    if (rule.strict) return rule.nodes;
  }
  const nodes = facts.clusters.map((cluster) => cluster.nodes);
  if (nodes.length === 0) return UNKNOWN;
  return nodes.flatMap((known) => (known === UNKNOWN ? [] : known.map((node) => node.name)));
}

/** Why a volume on `storage` is not there on all of `nodes`; undefined when it is. */
export function whyNotShared(
  facts: SiteFacts,
  storage: string,
  nodes: string[],
): Known<string | undefined> {
  if (LOCAL.includes(storage)) return `${storage} is local to each node`;
  const found = facts.storages.find((candidate) => candidate.id === storage);
  if (!found) {
    return facts.storages.some((candidate) => candidate.id === UNKNOWN)
      ? UNKNOWN
      : `no storage ${storage} is described`;
  }
  return found.shared ? missingNodes(found, nodes) : `${storage} is not shared between nodes`;
}

function missingNodes(storage: StorageFacts, nodes: string[]): Known<string | undefined> {
  const { nodes: restricted } = storage;
  if (restricted === UNKNOWN) return UNKNOWN;
  const missing = restricted ? nodes.filter((node) => !restricted.includes(node)) : [];
  return missing.length === 0
    ? undefined
    : `${storage.name} is not available on ${missing.join(", ")}`;
}
