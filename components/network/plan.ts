import type { Site } from "../schema";
import { type Described, interfacesOf } from "./described";
import { GUEST_BRIDGE } from "./names";

/** Of Ethernet, where nobody says otherwise. */
export const USUAL_MTU = 1500;

/** An interface of one node. */
export interface PlannedInterface {
  name: string;
  /** A card is a port of another interface, or is as large as what lies on it. */
  kind: "card" | "bond" | "vlan" | "bridge";
  /** Ports of a bridge or bond, or what a VLAN runs over; sorted. */
  on: string[];
  /** Number of a VLAN. */
  id?: number;
  /** With prefix. */
  address?: string;
  mtu?: number;
  comment?: string;
  /** Of a bond, as its primary card and its hash policy. */
  mode?: string;
  primary?: string;
  hash?: string;
  vlanAware?: boolean;
  /** As `2-100 200`. */
  vids?: string;
}

const KINDS = { bonds: "bond", vlans: "vlan", bridges: "bridge" } as const;

/** What is described of a node's network, each interface after those that it lies on. */
export function planInterfaces(site: Site, node: string): PlannedInterface[] {
  const all = interfacesOf(site, node);
  const raised = inOrder([...cardsOf(all), ...all.map(planned)]).map((one) => {
    const mtu = one.mtu ?? raisedBy(one.name, all);
    return mtu === undefined ? one : { ...one, mtu };
  });
  return raised;
}

function planned({ section, name, on, vlanAware, vlans, onPath: _, ...given }: Described) {
  const one: PlannedInterface = { name, kind: KINDS[section], on };
  for (const [key, value] of Object.entries(given)) {
    if (value !== undefined) Object.assign(one, { [key]: value });
  }
  if (vlanAware) Object.assign(one, { vlanAware, vids: (vlans ?? ["2-4094"]).join(" ") });
  return one;
}

/** Cards that are ports, or carry larger packets. One below a VLAN alone may be that of vmbr0, and is left as it is. */
function cardsOf(all: Described[]): PlannedInterface[] {
  const names = new Set([GUEST_BRIDGE, ...all.map(({ name }) => name)]);
  const below = all.flatMap(({ section, on }) =>
    on.filter((name) => section !== "vlans" || raisedBy(name, all) !== undefined),
  );
  const cards = [...new Set(below)].filter((name) => !names.has(name)).sort();
  return cards.map((name) => ({ name, kind: "card", on: [] }));
}

/** The largest MTU above Ethernet's of what lies on an interface, which its own may not fall below. */
export function raisedBy(name: string, all: Described[], above: string[] = []): number | undefined {
  const upper = all.filter((one) => one.on.includes(name) && !above.includes(one.name));
  const sizes = upper.map((one) => one.mtu ?? raisedBy(one.name, all, [...above, name]) ?? 0);
  const largest = Math.max(0, ...sizes);
  return largest > USUAL_MTU ? largest : undefined;
}

/** By their names, but each after what it lies on. */
function inOrder(all: PlannedInterface[]): PlannedInterface[] {
  const placed = new Set<PlannedInterface>();
  const place = (one: PlannedInterface): void => {
    if (placed.has(one)) return;
    for (const name of one.on) {
      const below = all.find((other) => other.name === name);
      if (below) place(below);
    }
    placed.add(one);
  };
  [...all].sort((a, b) => (a.name < b.name ? -1 : 1)).forEach(place);
  return [...placed];
}
