import { parsePropertyString } from "../api/propertyString";
import type { Guest } from "../state/types";
import { cloudInitInside, hasCloudInit } from "./cloudInit";
import { CT_NET } from "./ctOptions";
import { NET } from "./vmOptions";

/** What a router's DHCP server hands out on the reference site: .101 to .199, the same to a guest each time. */
export function leaseOf({ vmid }: Guest): string {
  return `192.168.18.${101 + (vmid % 99)}/24`;
}

/** Cards of a guest in the order of their keys, each with its number and properties. */
function cards(guest: Guest): { index: number; card: Record<string, string> }[] {
  const properties = guest.type === "qemu" ? NET : CT_NET;
  return Object.entries(guest.config)
    .filter(([key]) => /^net\d+$/.test(key))
    .map(([key, value]) => ({
      index: Number(key.slice(3)),
      card: parsePropertyString(value, properties),
    }))
    .sort((a, b) => a.index - b.index);
}

/** Addresses as a container's own tools would tell (GET …/lxc/ID/interfaces). */
export function ctInterfaces(guest: Guest): Record<string, unknown>[] {
  const entry = (cidr: string): Record<string, string> => {
    const [ip = "", prefix = "24"] = cidr.split("/");
    const type = ip.includes(":") ? "inet6" : "inet";
    return { "ip-address": ip, "ip-address-type": type, prefix };
  };
  const loopback = {
    name: "lo",
    hwaddr: "00:00:00:00:00:00",
    "ip-addresses": [entry("127.0.0.1/8")],
  };
  return [
    loopback,
    ...cards(guest).map(({ card }) => {
      const inet = card.ip === "dhcp" ? leaseOf(guest) : card.ip;
      const fixed = [inet, card.ip6].filter((ip) => ip !== undefined && ip.includes("/"));
      return {
        name: card.name,
        hwaddr: card.hwaddr?.toLowerCase(),
        inet,
        "ip-addresses": fixed.map((ip) => entry(ip ?? "")),
      };
    }),
  ];
}

/** What a VM's agent tells of its network: names as the system gives them, addresses from cloud-init or DHCP. */
export function vmInterfaces(guest: Guest): Record<string, unknown>[] {
  const entry = (cidr: string): Record<string, unknown> => {
    const [ip = "", prefix = "24"] = cidr.split("/");
    const type = ip.includes(":") ? "ipv6" : "ipv4";
    return { "ip-address": ip, "ip-address-type": type, prefix: Number(prefix) };
  };
  const loopback = {
    name: "lo",
    "hardware-address": "00:00:00:00:00:00",
    "ip-addresses": [entry("127.0.0.1/8"), entry("::1/128")],
  };
  return [
    loopback,
    ...cards(guest).map(({ index, card }) => ({
      name: nameOfCard(guest, index),
      "hardware-address": card.macaddr?.toLowerCase(),
      "ip-addresses": card.link_down === "1" ? [] : addressesOf(guest, index).map(entry),
    })),
  ];
}

function addressesOf(guest: Guest, index: number): string[] {
  if (!hasCloudInit(guest)) return [leaseOf(guest)];
  const config = cloudInitInside(guest)[`ipconfig${index}`] ?? "";
  const found = config.split(",").map((part) => /^ip6?=(.*)$/.exec(part)?.[1] ?? "");
  return found.map((ip) => (ip === "dhcp" ? leaseOf(guest) : ip)).filter((ip) => ip.includes("/"));
}

function nameOfCard(guest: Guest, index: number): string {
  if (/^w/.test(guest.config.ostype ?? ""))
    return index === 0 ? "Ethernet" : `Ethernet ${index + 1}`;
  // cloud-init names cards itself; else the slot does: the first card sits in slot 18.
  return hasCloudInit(guest) ? `eth${index}` : `ens${18 + index}`;
}
