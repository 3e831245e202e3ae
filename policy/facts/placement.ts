import { type Known, UNKNOWN } from "./known";
import type { GuestFacts, HaResourceFacts, HaRuleFacts, SiteFacts, StorageFacts } from "./site";

/** Storages that every installation has, on each node its own. */
export const LOCAL = ["local", "local-lvm", "local-zfs"];

/**
 * HA resources, one for each guest, but for those that the HA manager is to ignore: it leaves their guests alone, on the
 * day when their node is lost as well.
 */
export function managedResources({ haResources }: SiteFacts): HaResourceFacts[] {
  const managed = haResources.filter(({ state }) => state !== "ignored");
  return [
    ...new Map(managed.map((one) => [one.sid === UNKNOWN ? one.urn : one.sid, one])).values(),
  ];
}

/** The HA manager is to leave the guest alone, whatever a rule says of it. */
export function isIgnored({ haResources }: SiteFacts, sid: string): boolean {
  return haResources.some((one) => one.sid === sid && one.state === "ignored");
}

/**
 * Nodes that the HA manager may put `sid` on: those of the strict rule about it, else all. Of two or more rules about
 * one guest it follows none (PVE::HA::Rules::NodeAffinity).
 */
export function allowedNodes(facts: SiteFacts, sid: string): Known<string[]> {
  const { index, unsure } = indexed(facts);
  const rules = [...(index.get(sid) ?? []), ...unsure].filter((rule) => isAbout(rule, sid));
  if (rules.every(({ strict }) => strict === false)) return allNodes(facts);
  if (rules.some((rule) => isAbout(rule, sid) === UNKNOWN)) return UNKNOWN;
  const [only, ...others] = rules;
  if (!only || others.length > 0) return allNodes(facts);
  if (only.strict === UNKNOWN || only.nodes === UNKNOWN) return UNKNOWN;
  return only.nodes.length === 0 ? allNodes(facts) : only.nodes;
}

interface RuleIndex {
  /** Rules by the HA resources that they name. */
  index: Map<string, HaRuleFacts[]>;
  /** Rules whose HA resources are unknown. */
  unsure: HaRuleFacts[];
}

/** Every rule asks for every HA guest: without this, time would grow with the square of their number. */
const indexes = new WeakMap<SiteFacts, RuleIndex>();

function indexed(facts: SiteFacts): RuleIndex {
  const known = indexes.get(facts);
  if (known) return known;
  const made: RuleIndex = { index: new Map(), unsure: [] };
  for (const rule of facts.haRules) {
    if (rule.sids === UNKNOWN) made.unsure.push(rule);
    else {
      for (const sid of rule.sids) {
        const others = made.index.get(sid);
        if (others) others.push(rule);
        else made.index.set(sid, [rule]);
      }
    }
  }
  indexes.set(facts, made);
  return made;
}

export function allNodes(facts: SiteFacts): Known<string[]> {
  const names: string[] = [];
  for (const { nodes } of facts.clusters) {
    if (nodes === UNKNOWN) return UNKNOWN;
    names.push(...nodes.map((node) => node.name));
  }
  return names.length === 0 ? UNKNOWN : names;
}

/** Whether a rule in force ties the guest to nodes. */
function isAbout({ type, sids, disabled }: HaRuleFacts, sid: string): Known<boolean> {
  if (disabled === true) return false;
  if (type !== UNKNOWN && type !== "node-affinity") return false;
  if (sids !== UNKNOWN && !sids.includes(sid)) return false;
  return type === UNKNOWN || sids === UNKNOWN || disabled === UNKNOWN ? UNKNOWN : true;
}

export const sidOf = ({ kind, vmid }: GuestFacts): string => `${kind}:${String(vmid)}`;

/** Why a volume on `storage` is not there on all of `nodes`; undefined when it is. */
export function whyNotShared(
  facts: SiteFacts,
  storage: string,
  nodes: string[],
): Known<string | undefined> {
  if (storage.startsWith("/")) return `${storage} is a path on each node`;
  const found = facts.storages.find((candidate) => candidate.id === storage);
  if (found) return whyNotOnAll(found, storage, nodes);
  if (LOCAL.includes(storage)) return `${storage} is local to each node`;
  return facts.storages.some((candidate) => candidate.id === UNKNOWN)
    ? UNKNOWN
    : `no storage ${storage} is described`;
}

function whyNotOnAll(
  { shared, nodes: having, disabled }: StorageFacts,
  storage: string,
  nodes: string[],
): Known<string | undefined> {
  if (shared === UNKNOWN || disabled === UNKNOWN) return UNKNOWN;
  if (!shared) return `${storage} is not shared between nodes`;
  if (disabled) return `${storage} is disabled`;
  if (having === UNKNOWN) return UNKNOWN;
  const missing = having ? nodes.filter((node) => !having.includes(node)) : [];
  return missing.length === 0 ? undefined : `${storage} is not available on ${missing.join(", ")}`;
}
