import { need, UNKNOWN } from "./known";
import type { BridgeFacts, NicFacts, SiteFacts } from "./site";

/** What a card of a guest does not get of its VLANs on some of `nodes`, a sentence each. Throws `NotKnown`. */
export function whyNoVlan(facts: SiteFacts, nic: NicFacts, nodes: string[]): string[] {
  const there = facts.bridges.filter(({ name, bridge, node }) => {
    if (need(bridge, `the name of bridge ${name} is`) !== nic.bridge) return false;
    const on = need(node, `the node of bridge ${name} is`);
    return on === undefined || nodes.includes(on);
  });
  if (nic.vlan === 0 && !nic.trunk) return twoVlans(nic, there);
  const untold = nodes.filter((node) => !there.some((one) => (one.node ?? node) === node));
  if (nic.trunk && untold.length > 0)
    need(UNKNOWN, `whether bridge ${nic.bridge} of ${untold.join(", ")} is VLAN-aware is`);
  return there.flatMap((one) => {
    const reason = whyNotThrough(one, nic);
    if (reason === undefined) return [];
    const on = one.node === undefined ? nodes.join(", ") : String(one.node);
    const asks = nic.trunk ? "is a trunk" : `is in VLAN ${nic.vlan}`;
    return [`${nic.slot} ${asks} on bridge ${nic.bridge}, which on ${on} ${reason}`];
  });
}

/** Proxmox VE puts a VLAN of its own under a bridge that is not aware of any, and a guest's in it (PVE::Network, tap_plug). */
function whyNotThrough(bridge: BridgeFacts, { vlan, trunk }: NicFacts): string | undefined {
  const { name, node } = bridge;
  if (!need(bridge.vlanAware, `whether bridge ${name} is VLAN-aware is`)) {
    if (trunk || node === undefined)
      return "is not VLAN-aware: the guest would not start there. Set vlanAware.";
    const ports = need(bridge.ports, `the ports of bridge ${name} are`);
    if (ports.length > 0) return undefined;
    return "is not VLAN-aware and has no port: the guest would not start there. Set vlanAware or ports.";
  }
  const vids = need(bridge.vids, `the VLANs of bridge ${name} are`);
  if (trunk || letsThrough(vids, vlan)) return undefined;
  return `lets VLANs ${vids} through alone: the guest would be cut off there. Set vids.`;
}

/** `2-4094`, `1 20 130`. */
function letsThrough(vids: string, vlan: number): boolean {
  return vids.split(/[\s,;]+/).some((range) => {
    const [from, to = from] = range.split("-").map(Number);
    return from !== undefined && to !== undefined && from <= vlan && vlan <= to;
  });
}

/** Bridges of one name that lie in different VLANs, as on `eno1.50` and on `eno1.60`. */
function twoVlans({ slot, bridge }: NicFacts, there: BridgeFacts[]): string[] {
  const lying = there.flatMap(({ name, node, ports }) =>
    need(ports, `the ports of bridge ${name} are`).flatMap((port) => {
      const vlan = /\.(\d+)$/.exec(port)?.[1];
      return vlan === undefined ? [] : [{ node: String(node), vlan }];
    }),
  );
  const [first] = lying;
  const other = lying.find(({ vlan }) => vlan !== first?.vlan);
  if (!first || !other) return [];
  return [
    `${slot} is on bridge ${bridge}, which lies in VLAN ${first.vlan} on ${first.node} and in VLAN ${other.vlan} ` +
      `on ${other.node}: it would be in another network there. Set ports.`,
  ];
}
