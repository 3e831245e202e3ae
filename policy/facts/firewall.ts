import { BlockList, isIPv4 } from "node:net";
import { need } from "./known";
import type { FirewallFacts, FirewallRule, Place } from "./security";
import type { SiteFacts } from "./site";

/** Where administrators work: the web interface with its API, and SSH. */
export const MANAGEMENT_PORTS = [8006, 22] as const;

/** Ports of the macros (pve-firewall) that are about one of those. */
const MACROS: Record<string, number> = { ssh: 22 };

/** The firewall of the whole cluster, without which no other is on. */
export function clusterFirewall(facts: SiteFacts): FirewallFacts | undefined {
  return facts.firewalls.find(
    ({ place }) => need(place, "the firewalls' places are").kind === "cluster",
  );
}

/** Why nobody from beyond the nodes' own network reaches that port of a node; undefined where somebody does. */
export function unreachable(
  facts: SiteFacts,
  port: number,
  inputPolicy: string,
  localIsEnough: boolean,
): string | undefined {
  const cluster = decision(facts, CLUSTER, "the cluster", port) ?? {};
  for (const node of nodesWithRules(facts)) {
    // A node asks its own rules before those of the cluster.
    const own = decision(facts, { kind: "node", node }, node, port);
    if (own?.refusedBy !== undefined) return own.refusedBy;
  }
  if (cluster.refusedBy !== undefined) return cluster.refusedBy;
  if (cluster.accepted) return undefined;
  // What Proxmox VE lets in by itself comes after the rules: the IP set management, with the nodes' own network in it.
  if (inputPolicy === "ACCEPT" || localIsEnough || administrators(facts).length > 0)
    return undefined;
  return `the input policy is ${inputPolicy}, no rule accepts it, and the IP set management has no networks`;
}

/** Networks that the cluster's IP set `management` names. */
function administrators({ ipSets }: SiteFacts): string[] {
  return ipSets.flatMap(({ place, id, networks }) =>
    need(place, "the places of IP sets are").kind === "cluster" &&
    need(id, "the names of IP sets are") === "management"
      ? need(networks, "the networks of management are")
      : [],
  );
}

const CLUSTER: Place = { kind: "cluster" };

/** What the rules of a place say of a port of a node to somebody; undefined where none is about it. */
function decision(
  facts: SiteFacts,
  place: Place,
  name: string,
  port: number,
): { accepted?: true; refusedBy?: string } | undefined {
  for (const [index, rule] of rulesOf(facts, place, `${name}'s firewall rules are`).entries()) {
    if (!rule.enabled || rule.type !== "in" || !covers(rule, port)) continue;
    if (rule.action === "ACCEPT") return { accepted: true };
    // One that refuses some leaves others.
    if ([rule.source, rule.dest, rule.iface].every((limit) => limit === undefined)) {
      const refusedBy = `rule ${index + 1} of ${name} (${rule.action}) refuses it to everybody, and comes first`;
      return { refusedBy };
    }
  }
  return undefined;
}

function nodesWithRules({ firewallRules }: SiteFacts): string[] {
  return firewallRules.flatMap(({ place }) => {
    const where = need(place, "the places of rules are");
    return where.kind === "node" ? [where.node] : [];
  });
}

const same = (a: Place, b: Place): boolean => JSON.stringify(a) === JSON.stringify(b);

function rulesOf(facts: SiteFacts, wanted: Place, what: string): FirewallRule[] {
  const { firewallRules, securityGroups } = facts;
  const all = firewallRules
    .filter(({ place }) => same(need(place, "the places of rules are"), wanted))
    .flatMap(({ rules }) => need(rules, what));
  return all.flatMap((rule) => {
    if (rule.group === undefined) return [rule];
    const group = securityGroups.find(
      ({ id }) => need(id, "the security groups are") === rule.group,
    );
    if (!rule.enabled || !group) return [];
    return need(group.rules, `the rules of security group ${rule.group} are`);
  });
}

function covers({ proto, port, macro }: FirewallRule, wanted: number): boolean {
  if (macro !== undefined) return MACROS[macro.toLowerCase()] === wanted;
  if (proto !== undefined && proto !== "tcp") return false;
  if (port === undefined) return true;
  return port.split(",").some((one) => {
    const [from, to = from] = one.split(":").map((text) => (text === "ssh" ? 22 : Number(text)));
    return from !== undefined && to !== undefined && from <= wanted && wanted <= to;
  });
}

/**
 * Whether the guest's own firewall is on and lets nothing out to the nodes. A node's firewall is on unless a resource says
 * otherwise, but it lets in its own network by itself.
 */
export function isGuarded(facts: SiteFacts, vmid: number): boolean {
  return facts.firewalls.some(({ place, enabled, outputPolicy }) => {
    const where: Place = need(place, "the firewalls' places are");
    if (where.kind !== "guest" || where.vmid !== vmid) return false;
    if (!need(enabled, "whether its firewall is on is")) return false;
    return staysFromNodes(facts, where, need(outputPolicy, "its output policy is"));
  });
}

/** Its rules are asked in their order: what refuses all that goes to the nodes, and comes before what lets all out. */
function staysFromNodes(facts: SiteFacts, place: Place, policy: string): boolean {
  const nodes = facts.clusters.flatMap((cluster) => need(cluster.nodes, "the nodes are"));
  const addresses = nodes.map(({ address }) => address);
  for (const rule of rulesOf(facts, place, "a guest's firewall rules are")) {
    const { enabled, type, action, macro, proto, port, source, iface, dest } = rule;
    const part = [macro, proto, port, source, iface].some((limit) => limit !== undefined);
    if (!enabled || type !== "out" || part) continue;
    if (action === "ACCEPT") {
      if (dest === undefined) return false;
    } else if (dest === undefined || (addresses.length > 0 && reachesAll(dest, addresses))) {
      return true;
    }
  }
  return policy !== "ACCEPT";
}

/** Whether a list of addresses and networks has all of these. What is a name is not looked up. */
function reachesAll(dest: string, addresses: readonly string[]): boolean {
  const list = new BlockList();
  for (const entry of dest.split(",")) {
    const [address = "", prefix = "32"] = entry.split("/");
    if (isIPv4(address)) list.addSubnet(address, Number(prefix));
  }
  return addresses.every((address) => isIPv4(address) && list.check(address));
}
