import type { PlannedNode } from "../cluster/plan";
import type { Step } from "../cluster/steps";
import { shellQuote } from "../scriptText";
import type { PlannedInterface } from "./plan";

/** One step for each node with a described network; one node after the other, so that the others keep quorum. */
export function interfaceSteps(nodes: PlannedNode[]): Step[] {
  const described = nodes.filter(({ interfaces }) => interfaces.length > 0);
  return described.map(({ name, address, interfaces }, index): Step => {
    const before = described[index - 1];
    return {
      name: `network-${name}`,
      host: name,
      script: "network/interfaces",
      parts: ["cluster/parts/ha"],
      variables: { ADDRESS: address, INTERFACES: interfaces.map(lineOf).join("\n") },
      after: [`bridge-${name}`, ...(before ? [`network-${before.name}`] : [])],
      removes: true,
    };
  });
}

const TYPES = { card: "eth", bond: "bond", vlan: "vlan", bridge: "bridge" };

/** Its name, its type, and how it is described to Proxmox VE's API. */
function lineOf(one: PlannedInterface): string {
  const options = Object.entries(parametersOf(one)).flatMap(([key, value]) =>
    value === undefined || value === "" ? [] : [`--${key} ${shellQuote(String(value))}`],
  );
  return [one.name, TYPES[one.kind], ...options].join(" ");
}

/** Names of PVE::API2::Network. */
function parametersOf(one: PlannedInterface): Record<string, string | number | undefined> {
  const { kind, on, id, address, mtu, comment, mode, primary, hash, vlanAware, vids } = one;
  const common = { cidr: address, mtu, comments: comment };
  switch (kind) {
    case "card":
      return common;
    case "bond":
      return {
        autostart: 1,
        slaves: on.join(" "),
        bond_mode: mode,
        "bond-primary": primary,
        bond_xmit_hash_policy: hash,
        ...common,
      };
    case "vlan":
      return { autostart: 1, "vlan-raw-device": on[0], "vlan-id": id, ...common };
    case "bridge":
      return {
        autostart: 1,
        bridge_ports: on.join(" "),
        bridge_vlan_aware: vlanAware ? 1 : undefined,
        bridge_vids: vids,
        ...common,
      };
  }
}
