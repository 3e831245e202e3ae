import { clusterFirewall } from "../facts/firewall";
import { attempt } from "../facts/judge";
import { need } from "../facts/known";
import type { Rule } from "./rule";

/** `pve-firewall` runs on every node and does nothing until the cluster's firewall is on. */
export const requireFirewall: Rule = {
  name: "require-firewall",
  description: "The cluster's firewall is on, and on every node.",
  enforcementLevel: "mandatory",
  development: "disabled",
  severity: "high",
  remedy: "Describe the cluster's firewall with enabled: true, and an IP set management before it.",
  judge: (facts) => {
    const [cluster] = [...facts.clusters, ...facts.guests];
    if (!cluster) return [];
    return attempt(cluster.urn, "the firewall of the cluster", () => {
      const firewall = clusterFirewall(facts);
      if (!firewall) {
        const message =
          "not judged: whether the cluster's firewall is on, which nothing in this program says. It is off unless " +
          "somebody turned it on: anyone who reaches the nodes then reaches all that listens on them. " +
          "Describe it: proxmoxve.cluster.FirewallLegacy with enabled: true, and an IP set management before it.";
        return [{ urn: cluster.urn, message }];
      }
      const { urn, name } = firewall;
      if (!need(firewall.enabled, "whether it is on is")) {
        const message =
          `firewall ${name} is off, and with it every other of the cluster. Set enabled: true, ` +
          "after an IP set management with the networks of those who administer it.";
        return [{ urn, message }];
      }
      return facts.firewalls.flatMap((one) => {
        const place = need(one.place, "the firewalls' places are");
        if (place.kind !== "node" || need(one.enabled, `that of ${one.name} is`)) return [];
        const message = `firewall ${one.name} is off on ${place.node} alone. Set enabled: true, or leave it out.`;
        return [{ urn: one.urn, message }];
      });
    });
  },
};
