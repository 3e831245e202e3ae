import { clusterFirewall, MANAGEMENT_PORTS, unreachable } from "../facts/firewall";
import { attempt } from "../facts/judge";
import { need } from "../facts/known";
import type { Rule } from "./rule";

interface Config {
  localNetwork: boolean;
}

/** Who locks himself out needs a screen and a keyboard at a node. */
export const requireReachableManagement: Rule<Config> = {
  name: "require-reachable-management",
  description: "A firewall lets administrators reach the nodes.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remedy: "Name the administrators' networks in the cluster's IP set management.",
  settings: {
    localNetwork: {
      type: "boolean",
      default: false,
      description: "Administrators work in the nodes' own network, which Proxmox VE lets in.",
    },
  },
  judge: (facts, { localNetwork }) =>
    facts.firewalls.slice(0, 1).flatMap((first) =>
      attempt(first.urn, "whom the firewall lets in", () => {
        const firewall = clusterFirewall(facts);
        if (!firewall || !need(firewall.enabled, `whether ${firewall.name} is on is`)) return [];
        const policy = need(firewall.inputPolicy, `the input policy of ${firewall.name} is`);
        return MANAGEMENT_PORTS.flatMap((port) => {
          const reason = unreachable(facts, port, policy, localNetwork);
          if (reason === undefined) return [];
          const message =
            `firewall ${firewall.name} lets no administrator reach port ${port} of the nodes: ${reason}. ` +
            "Name their networks in the IP set management, and let no rule go before it; " +
            "where they work in the nodes' own network, set localNetwork: true.";
          return [{ urn: firewall.urn, message }];
        });
      }),
    ),
};
