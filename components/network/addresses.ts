import { type DraftSite, entries, problem } from "../draft";
import type { Problem } from "../problems";
import { isInNetwork, parseCidr } from "../values";
import { type Described, interfacesOf } from "./described";

interface Owned {
  node: string;
  one: Described;
  path: Problem["path"];
  /** With prefix. */
  address: string;
}

/** Addresses of nodes on what is described, and what uses them: corosync's second link, migration. */
export function addressesOfInterfaces(site: DraftSite): Problem[] {
  const owned = Object.keys(site.nodes ?? {}).flatMap((node) =>
    interfacesOf(site, node).flatMap((one): Owned[] =>
      one.address === undefined
        ? []
        : [
            {
              node,
              one,
              path: ["nodes", node, "network", one.name, "address"],
              address: one.address,
            },
          ],
    ),
  );
  return [
    ...owned.flatMap((address) => hostPart(address)),
    ...owned.flatMap((address) => besideOthers(address, owned, site)),
    ...links(site, owned),
    ...migration(site, owned),
  ];
}

function hostPart({ path, address }: Owned): Problem[] {
  const { base, size } = range(address);
  const own = numberOf(address) - base;
  if (size <= 2 || (own > 0 && own < size - 1)) return [];
  return problem(
    path,
    `${address} is the first or the last of its network, which no host can have`,
  );
}

function besideOthers({ one, path, address }: Owned, owned: Owned[], site: DraftSite): Problem[] {
  const bare = bareOf(address);
  const earlier = owned.slice(
    0,
    owned.findIndex((other) => other.path === path),
  );
  const same = earlier.find((other) => bareOf(other.address) === bare);
  if (same) {
    return problem(
      path,
      `${bare} is also the address of nodes.${same.path.slice(1, -1).join(".")}; give each its own`,
    );
  }
  const peer = earlier.find((other) => other.one.name === one.name);
  if (peer && networkOf(peer.address) !== networkOf(address)) {
    return problem(
      path,
      `${address} is not in the network of ${peer.node}, ${networkOf(peer.address)}; give ${one.name} one network on all nodes`,
    );
  }
  const cidr = site.network?.cidr;
  if (cidr !== undefined && overlap(cidr, address)) {
    return problem(
      path,
      `${address} overlaps the site's network ${cidr} (network.cidr), which the node is in already; use another network`,
    );
  }
  const twin = earlier.find(
    (other) => other.one.name !== one.name && overlap(other.address, address),
  );
  if (!twin) return [];
  return problem(
    path,
    `${address} overlaps the network of ${twin.one.name}, ${networkOf(twin.address)}; give each interface a network of its own`,
  );
}

/** Modes of a bond that corosync can live with (Proxmox VE Administration Guide, Corosync Over Bonds). */
const SAFE_MODES = ["active-backup", "802.3ad"];

/** A second link on what is described is an address of it, and no bond loses or turns around corosync's packets. */
function links(site: DraftSite, owned: Owned[]): Problem[] {
  return entries(site.nodes).flatMap(([node, { link1 }]) => {
    if (link1 === undefined) return [];
    const path = ["nodes", node, "link1"];
    const own = owned.find(
      (other) => other.node === node && isInNetwork(link1, networkOf(other.address)),
    );
    if (!own) return [];
    if (bareOf(own.address) !== link1) {
      return problem(
        path,
        `${link1} is not the node's address there; ${own.path.join(".")} has ${own.address}`,
      );
    }
    const bond = bondsBelow(own.one, interfacesOf(site, node)).find(
      ({ mode }) => mode !== undefined && !SAFE_MODES.includes(mode),
    );
    if (!bond) return [];
    return problem(
      path,
      `corosync does not work reliably over ${bond.name}, a bond of mode ${bond.mode}; make it active-backup or 802.3ad, or use another network`,
    );
  });
}

function bondsBelow(one: Described, all: Described[], depth = 0): Described[] {
  if (one.section === "bonds") return [one];
  if (depth > all.length) return [];
  return all
    .filter(({ name }) => one.on.includes(name))
    .flatMap((below) => bondsBelow(below, all, depth + 1));
}

/** Proxmox VE looks for the one address of each node in the migration network, and moves nothing where it finds none. */
function migration(site: DraftSite, owned: Owned[]): Problem[] {
  const network = site.migration?.network;
  if (network === undefined || owned.length === 0) return [];
  const found = entries(site.nodes).map(([node, { address, link1 }]) => {
    const own = owned.filter((other) => other.node === node).map(({ address }) => bareOf(address));
    const all = new Set([...own, ...[address, link1].flatMap((known) => known ?? [])]);
    return { node, count: [...all].filter((known) => isInNetwork(known, network)).length };
  });
  const path = ["migration", "network"];
  const nodesWith = (fits: (count: number) => boolean): string =>
    found.flatMap(({ node, count }) => (fits(count) ? [node] : [])).join(", ");
  const several = nodesWith((count) => count > 1);
  const none = nodesWith((count) => count === 0);
  if (several !== "") {
    return problem(
      path,
      `${several} has several addresses in ${network}; write a network in which each node has one`,
    );
  }
  if (none === "") return [];
  return problem(
    path,
    `${none} has no address in ${network} that this file knows; give it one in nodes.NAME.network, or write another network`,
  );
}

const bareOf = (cidr: string): string => parseCidr(cidr)?.address ?? "";

function numberOf(cidr: string): number {
  return bareOf(cidr)
    .split(".")
    .reduce((sum, byte) => sum * 256 + Number(byte), 0);
}

function range(cidr: string): { base: number; size: number } {
  const size = 2 ** (32 - (parseCidr(cidr)?.prefix ?? 32));
  return { base: Math.floor(numberOf(cidr) / size) * size, size };
}

/** `10.0.0.5/24` is in `10.0.0.0/24`. */
function networkOf(cidr: string): string {
  const { base } = range(cidr);
  const bytes = [24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256);
  return `${bytes.join(".")}/${parseCidr(cidr)?.prefix ?? 32}`;
}

function overlap(one: string, other: string): boolean {
  const [a, b] = [range(one), range(other)];
  return a.base < b.base + b.size && b.base < a.base + a.size;
}
