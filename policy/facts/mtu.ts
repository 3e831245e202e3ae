import { need } from "./known";
import { interfacesOf } from "./links";
import type { InterfaceFacts, StorageFacts } from "./site";

/** Of Ethernet, where nobody says otherwise. */
export const USUAL_MTU = 1500;

/** An interface of a node with what it sends at most. */
export interface Sized {
  at: InterfaceFacts;
  node: string;
  id: string;
  mtu: number;
  /** IPv4 networks that it is in, as `10.0.0.0/24`. */
  networks: string[];
}

/** Throws `NotKnown`. */
export function sized(interfaces: InterfaceFacts[]): Sized[] {
  return interfaces.map((at) => {
    const node = need(at.node, `the node of ${at.kind} ${at.name} is`);
    return {
      at,
      node,
      id: idOf(at),
      mtu: mtuOf(at, interfacesOf(node, interfaces)),
      networks: need(at.addresses, `the addresses of ${at.kind} ${at.name} are`).flatMap(
        (cidr) => networkOf(cidr) ?? [],
      ),
    };
  });
}

function idOf({ id, kind, name }: InterfaceFacts): string {
  return need(id, `the name of ${kind} ${name} is`);
}

/** Its own, or for a bridge or VLAN the smallest of what it lies on, as Linux takes it. */
function mtuOf(at: InterfaceFacts, own: InterfaceFacts[], above: string[] = []): number {
  const mtu = need(at.mtu, `the MTU of ${at.kind} ${at.name} is`);
  if (mtu !== undefined) return mtu;
  const below = at.kind === "bond" ? [] : need(at.on, `what ${at.kind} ${at.name} lies on is`);
  const described = own.filter(
    (other) => below.includes(idOf(other)) && !above.includes(idOf(other)),
  );
  const mtus = described.map((other) => mtuOf(other, own, [...above, idOf(at)]));
  return mtus.length === 0 ? USUAL_MTU : Math.min(...mtus);
}

/** Interfaces of the same name on several nodes, and of several names in the same network, where they differ. */
export function unequal(interfaces: Sized[]): { what: string; members: Sized[] }[] {
  const groups = new Map<string, Sized[]>();
  const add = (key: string, one: Sized): unknown =>
    groups.set(key, [...(groups.get(key) ?? []), one]);
  for (const one of interfaces) {
    add(`${one.at.kind} ${one.id}`, one);
    for (const network of one.networks) add(`network ${network}`, one);
  }
  return [...groups]
    .map(([what, members]) => ({ what, members }))
    .filter(({ what, members }) => {
      if (new Set(members.map(({ mtu }) => mtu)).size < 2) return false;
      // What differs under one name is said of the name.
      return !what.startsWith("network ") || new Set(members.map(({ id }) => id)).size > 1;
    });
}

/** `10.0.0.5/24` is in `10.0.0.0/24`; undefined for IPv6 and what is no address. */
export function networkOf(cidr: string): string | undefined {
  const [address = "", prefix = "32"] = cidr.split("/");
  const number = ipv4(address);
  const bits = Number(prefix);
  if (number === undefined || !(bits >= 0 && bits <= 32)) return undefined;
  const size = 2 ** (32 - bits);
  const base = Math.floor(number / size) * size;
  const bytes = [24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256);
  return `${bytes.join(".")}/${bits}`;
}

/** Whether an address lies in a network that `networkOf` has made. */
function isIn(network: string, address: string): boolean {
  return networkOf(`${address}/${network.split("/")[1] ?? ""}`) === network;
}

function ipv4(text: string): number | undefined {
  const bytes = text.split(".");
  if (bytes.length !== 4 || !bytes.every((byte) => /^\d{1,3}$/.test(byte) && Number(byte) < 256))
    return undefined;
  return bytes.reduce((sum, byte) => sum * 256 + Number(byte), 0);
}

export interface Facing {
  storage: StorageFacts;
  server: string;
  /** The interface of a node in the network of the server. */
  by: Sized;
}

/** Servers of storages, each once, with the interface that reaches it in its own network. Throws `NotKnown`. */
export function facingServers(storages: StorageFacts[], interfaces: Sized[]): Facing[] {
  const seen = new Set<string>();
  return storages.flatMap((storage) => {
    const server = need(storage.server, `the server of ${storage.name} is`);
    const by = interfaces.find(({ networks }) =>
      networks.some((network) => isIn(network, server ?? "")),
    );
    if (server === undefined || !by || seen.has(server)) return [];
    seen.add(server);
    return [{ storage, server, by }];
  });
}
