import { type Known, UNKNOWN } from "./known";
import type { SiteFacts, StorageFacts } from "./site";

/** Storages that every installation has, on each node its own. */
const LOCAL = ["local", "local-lvm", "local-zfs"];

/** Nodes that the HA manager may put `sid` on: those of a strict rule, else all. */
export function allowedNodes(facts: SiteFacts, sid: string): Known<string[]> {
  for (const { type, sids, nodes, strict, disabled } of facts.haRules) {
    if (type === UNKNOWN || sids === UNKNOWN) return UNKNOWN;
    if (type !== "node-affinity" || !sids.includes(sid)) continue;
    if (strict === UNKNOWN || nodes === UNKNOWN || disabled === UNKNOWN) return UNKNOWN;
    if (strict && !disabled) return nodes;
  }
  const names: string[] = [];
  for (const { nodes } of facts.clusters) {
    if (nodes === UNKNOWN) return UNKNOWN;
    names.push(...nodes.map((node) => node.name));
  }
  return names.length === 0 ? UNKNOWN : names;
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
