import { clusterFirewall, isGuarded } from "../facts/firewall";
import { attempt } from "../facts/judge";
import { need } from "../facts/known";
import type { NicFacts } from "../facts/site";
import type { Rule } from "./rule";

interface Config {
  management: string[];
}

export const forbidExposedGuests: Rule<Config> = {
  name: "forbid-exposed-guests",
  description:
    "Guests on the network of the nodes are behind a firewall that keeps them from the nodes.",
  enforcementLevel: "mandatory",
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
  judge: (facts, { management }) =>
    facts.guests.flatMap(({ urn, name, vmid, nics }) =>
      attempt(urn, `whether guest ${name} reaches the nodes`, () => {
        const here = need(nics, "its network is").filter((nic) =>
          management.includes(networkOf(nic)),
        );
        const [card] = here;
        if (!card) return [];
        const cluster = clusterFirewall(facts);
        const on = cluster && need(cluster.enabled, `whether ${cluster.name} is on is`);
        const filtered = on && here.every(({ firewall }) => firewall);
        // Of a number that Proxmox VE chooses no firewall can be told.
        const id = filtered ? need(vmid, "its VMID is") : undefined;
        if (id !== undefined && isGuarded(facts, id)) return [];
        const message =
          `guest ${name} is on ${networkOf(card)} with the nodes and not behind the firewall: who takes it over reaches ` +
          "web interface, SSH and corosync of every node. Give it a bridge or VLAN of its own, or firewall: true on its " +
          "cards and a firewall that is on and lets nothing out to the nodes.";
        return [{ urn, message }];
      }),
    ),
};

const networkOf = ({ bridge, vlan }: NicFacts): string =>
  vlan === 0 ? bridge : `${bridge}.${vlan}`;
