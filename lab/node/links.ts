import { APPLIED, CARDS } from "../network/files";
import { parseInterfaces } from "../network/interfaces";
import type { Site } from "../site";
import type { HostState } from "../state/types";
import { macOf } from "./hostTraits";

export interface Link {
  index: number;
  name: string;
  up: boolean;
  mac: string;
  address?: string;
  bits?: number;
  master?: string;
  /** Its address comes from a DHCP server. */
  leased?: true;
}

/** The interfaces of a host as they are now. The cable is in the first card. */
export function linksOf(site: Site, host: HostState): Link[] {
  const lo: Link = {
    index: 1,
    name: "lo",
    up: true,
    mac: "00:00:00:00:00:00",
    address: "127.0.0.1",
    bits: 8,
  };
  const plugged = site.hardware.isPlugged(host.name);
  const text = host.files[APPLIED]?.content;
  if (text === undefined) {
    return [
      lo,
      {
        index: 2,
        name: CARDS[0] ?? "",
        up: plugged,
        mac: macOf(host),
        address: host.address,
        bits: 24,
      },
    ];
  }
  const { ifaces } = parseInterfaces(text, host.node ? CARDS : CARDS.slice(0, 1));
  const masters = Object.keys(ifaces).flatMap((name) =>
    String(ifaces[name]?.bridge_ports ?? ifaces[name]?.slaves ?? "")
      .split(" ")
      .map((port) => [port, name] as const),
  );
  const wired = (name: string): boolean =>
    plugged &&
    (name === CARDS[0] || masters.some(([port, master]) => master === name && port === CARDS[0]));
  const names = Object.keys(ifaces).filter((name) => name !== "lo");
  const cards = names.filter((name) => CARDS.includes(name));
  const others = names.filter((name) => !CARDS.includes(name));
  const links = [...cards, ...others].map((name, index): Link => {
    const dhcp = ifaces[name]?.method === "dhcp" ? `${host.address}/24` : "";
    const [address, bits] = String(ifaces[name]?.cidr ?? dhcp).split("/");
    const master = masters.find(([port]) => port === name)?.[1];
    return {
      index: index + 2,
      name,
      up: wired(name),
      mac: macOf(host),
      ...(address ? { address, bits: Number(bits) } : {}),
      ...(dhcp === "" ? {} : { leased: true }),
      ...(master === undefined ? {} : { master }),
    };
  });
  return [lo, ...links];
}
