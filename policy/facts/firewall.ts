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
  for (const [index, rule] of rulesOfCluster(facts).entries()) {
    if (!rule.enabled || rule.type !== "in" || !covers(rule, port)) continue;
    if (rule.action === "ACCEPT") return undefined;
    // One that refuses some leaves others.
    if ([rule.source, rule.dest, rule.iface].every((limit) => limit === undefined))
      return `rule ${index + 1} of the cluster (${rule.action}) refuses it to everybody, and comes first`;
  }
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

function rulesOfCluster({ firewallRules, securityGroups }: SiteFacts): FirewallRule[] {
  const all = firewallRules
    .filter(({ place }) => need(place, "the places of rules are").kind === "cluster")
    .flatMap(({ rules }) => need(rules, "the cluster's firewall rules are"));
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

/** Guests whose own firewall is on, by VMID. A node's firewall is on unless a resource says otherwise. */
export function guardedGuests({ firewalls }: SiteFacts): ReadonlySet<number> {
  return new Set(
    firewalls.flatMap(({ place, enabled }) => {
      const where: Place = need(place, "the firewalls' places are");
      if (where.kind !== "guest") return [];
      return need(enabled, `whether the firewall of guest ${where.vmid} is on is`)
        ? [where.vmid]
        : [];
    }),
  );
}
