import { type Draft, type DraftSite, entries, problem } from "../draft";
import { GUEST_BRIDGE } from "../network/names";
import type { Problem } from "../problems";
import type { Guest } from "../schema";
import { parseCidr } from "../values";

export interface AddressUse {
  path: (string | number)[];
  address: string;
  /** Whether it must lie in the site's network; cards on other bridges and in VLANs have their own. */
  inSite: boolean;
}

/** Addresses that guests are given, below their entries; those from DHCP are not known. */
export function addressesOfGuest(guest: Draft<Guest>): AddressUse[] {
  return placesOf(guest).flatMap(({ path, place, inSite }) => {
    const address = parseCidr(place.address ?? "")?.address;
    return address === undefined ? [] : [{ path: [...path, "address"], address, inSite }];
  });
}

export function gatewaysOfGuest(guest: Draft<Guest>): AddressUse[] {
  return placesOf(guest).flatMap(({ path, place, inSite }) =>
    place.gateway === undefined
      ? []
      : [{ path: [...path, "gateway"], address: place.gateway, inSite }],
  );
}

interface Place {
  path: (string | number)[];
  place: { address?: string | undefined; gateway?: string | undefined };
  inSite: boolean;
}

function placesOf(guest: Draft<Guest>): Place[] {
  const isSite = (name = GUEST_BRIDGE): boolean => name === GUEST_BRIDGE;
  const { bridge, networks } = guest;
  return [
    ...(guest.type === "container" ? [{ path: [], place: guest, inSite: isSite(bridge) }] : []),
    ...(guest.type === "vm" && guest.cloudInit
      ? [{ path: ["cloudInit"], place: guest.cloudInit, inSite: isSite(bridge) }]
      : []),
    ...(networks ?? []).flatMap((card, index) =>
      card
        ? [
            {
              path: ["networks", index],
              place: card,
              inSite: isSite(card.bridge) && card.vlan === undefined,
            },
          ]
        : [],
    ),
  ];
}

/** Two cards with one address take each other's packets. */
export function uniqueMacs(site: DraftSite): Problem[] {
  const owner = new Map<string, string>();
  return entries(site.guests).flatMap(([key, guest]) =>
    macsOf(guest).flatMap(({ path, mac }) => {
      const full = ["guests", key, ...path];
      const other = owner.get(mac.toUpperCase());
      owner.set(mac.toUpperCase(), other ?? full.slice(0, -1).join("."));
      return other === undefined
        ? []
        : problem(full, `${mac} is also the MAC address of ${other}; give each its own`);
    }),
  );
}

function macsOf(guest: Draft<Guest>): { path: (string | number)[]; mac: string }[] {
  return (guest.networks ?? []).flatMap((card, index) =>
    card?.mac === undefined ? [] : [{ path: ["networks", index, "mac"], mac: card.mac }],
  );
}
