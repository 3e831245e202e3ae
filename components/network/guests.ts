import { type Draft, type DraftSite, entries, problem } from "../draft";
import type { Problem } from "../problems";
import type { Guest } from "../schema";
import { interfacesOf, isUnreadable } from "./described";
import { GUEST_BRIDGE } from "./names";

/** A bridge that a guest is connected to. */
export interface BridgeUse {
  /** Below the guest. */
  path: Problem["path"];
  bridge: string;
}

/** Every place where a guest names a bridge: for its only card, or for each of them. */
export function bridgeUses(guest: Draft<Guest>): BridgeUse[] {
  const cards = "networks" in guest ? (guest.networks ?? []) : [];
  const all = [
    { path: ["bridge"], bridge: guest.bridge },
    ...cards.map((card, index) => ({ path: ["networks", index, "bridge"], bridge: card?.bridge })),
  ];
  return all.flatMap(({ path, bridge }) => (bridge === undefined ? [] : [{ path, bridge }]));
}

/** A guest starts only where its bridges are: on its home node, and for HA on the others too. */
export function bridgesOfGuests(site: DraftSite): Problem[] {
  if (site.network === undefined || site.nodes === undefined) return [];
  return entries(site.guests).flatMap(([key, guest]) =>
    bridgeUses(guest).flatMap(({ path, bridge }) => {
      if (bridge === GUEST_BRIDGE || isUnreadable(site, bridge)) return [];
      const where = ["guests", key, ...path];
      if (!Object.hasOwn(site.network?.bridges ?? {}, bridge)) {
        const names = [GUEST_BRIDGE, ...Object.keys(site.network?.bridges ?? {})].join(", ");
        return problem(
          where,
          `there is no bridge "${bridge}"; there are ${names}; describe it in network.bridges, or choose another`,
        );
      }
      const without = nodesOf(site, guest).filter((node) => !hasBridge(site, node, bridge));
      if (without.length === 0) return [];
      return problem(
        where,
        `${bridge} is not on ${without.join(", ")}, where the guest ${guest.ha ? "may" : "is to"} run; ` +
          `add to network.bridges.${bridge}.nodes, or choose another bridge`,
      );
    }),
  );
}

function hasBridge(site: DraftSite, node: string, bridge: string): boolean {
  return interfacesOf(site, node).some(
    ({ section, name }) => section === "bridges" && name === bridge,
  );
}

/** HA starts a guest on any node when those that it prefers are gone, unless it is strict. */
function nodesOf({ nodes }: DraftSite, { node, ha }: Draft<Guest>): string[] {
  const known = (name: string | undefined): string[] =>
    name !== undefined && nodes && Object.hasOwn(nodes, name) ? [name] : [];
  if (!ha) return known(node);
  if (ha.strict && ha.nodes) return Object.keys(ha.nodes).flatMap(known);
  return Object.keys(nodes ?? {});
}
