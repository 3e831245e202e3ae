import { clusterFirewall, guardedGuests } from "../facts/firewall";
import { attempt } from "../facts/judge";
import { need, some } from "../facts/known";
import type { Rule } from "./rule";

interface Config {
  management: string[];
}

export const forbidExposedGuests: Rule<Config> = {
  name: "forbid-exposed-guests",
  description:
    "Guests on the network of the nodes are behind a firewall that keeps them from the nodes.",
  enforcementLevel: "advisory",
  development: "disabled",
  severity: "high",
  remedy:
    "Give guests a network of their own, or a firewall that is on, on their cards too, and lets nothing out to the nodes.",
  settings: {
    management: {
      type: "array",
      items: { type: "string" },
      default: ["vmbr0"],
      description: "Bridges of the network that administers nodes; with a VLAN, as vmbr0.20.",
    },
  },
  judge: (facts, { management }) => {
    const [first] = facts.guests;
    if (!first) return [];
    return attempt(first.urn, "which guests are on the network of the nodes", () => {
      const cluster = clusterFirewall(facts);
      const on = cluster && need(cluster.enabled, `whether ${cluster.name} is on is`);
      const guarded = on ? guardedGuests(facts) : new Set<number>();
      const exposed = facts.guests.filter(({ name, vmid, nics }) =>
        need(nics, `the network of ${name} is`).some(
          ({ bridge, vlan, firewall }) =>
            management.includes(vlan === 0 ? bridge : `${bridge}.${vlan}`) &&
            !(firewall && guarded.has(need(vmid, `the VMID of ${name} is`) ?? 0)),
        ),
      );
      const [guest] = exposed;
      if (!guest) return [];
      const message =
        `${exposed.length} of ${facts.guests.length} guests are on ${management.join(", ")} with the nodes and not behind the firewall: ` +
        `${some(exposed.map(({ name }) => name))}. Who takes over one of them reaches web interface, SSH and corosync of every node. ` +
        "Give them a bridge or VLAN of their own, or firewall: true on their cards and a firewall that is on and lets nothing " +
        "out to the nodes.";
      return [{ urn: guest.urn, message }];
    });
  },
};
