import { maskBits } from "../api/networkFormats";

/** An interface as the API shows it; numbers that stand in the file stay text, as PVE leaves them. */
export interface Interface {
  type: string;
  families: string[];
  method: string;
  method6: string;
  /** Its place in the file; 1 is the loopback's. */
  priority?: number;
  autostart?: number;
  active?: number;
  exists?: number;
  options?: string[];
  options6?: string[];
  [key: string]: string | number | string[] | undefined;
}

export interface Interfaces {
  ifaces: Record<string, Interface>;
  /** Lines that PVE keeps without understanding them, with their place. */
  lines: { priority: number; line: string }[];
}

/** Spellings of the file that the API calls otherwise. */
const ALIASES: Record<string, string> = {
  ovs_mtu: "mtu",
  "bond-slaves": "slaves",
  bond_slaves: "slaves",
  "bond-xmit-hash-policy": "bond_xmit_hash_policy",
  "bond-mode": "bond_mode",
  "bond-miimon": "bond_miimon",
  "bridge-vlan-aware": "bridge_vlan_aware",
  "bridge-fd": "bridge_fd",
  "bridge-stp": "bridge_stp",
  "bridge-ports": "bridge_ports",
  "bridge-vids": "bridge_vids",
};
const SIMPLE = new Set(
  "mtu bridge_fd bridge_vids bridge-access bridge-learning bond_miimon bond_xmit_hash_policy bond-primary vlan-protocol vlan-raw-device vlan-id".split(
    " ",
  ),
);
const ADDRESSES = new Set(["address", "netmask", "broadcast", "gateway"]);
const BOND_MODES =
  "balance-rr active-backup balance-xor broadcast 802.3ad balance-tlb balance-alb".split(" ");
const CARD = /^(?:eth\d+|en[^:.]+|ib[^:.]+|(?:nic|if)\d+)$/;
const STANZA = /^\s*(?:(?:iface|mapping|auto|source|source-directory)\s|allow-)/;

/**
 * Reads `/etc/network/interfaces` (PVE::Network::Interfaces). `cards` are the machine's network cards; they are listed
 * whether the file has them or not. Open vSwitch is not installed on the lab's nodes and its options are kept as text.
 */
export function parseInterfaces(text: string, cards: readonly string[]): Interfaces {
  const found: Record<string, Partial<Interface>> = {};
  const lines: Interfaces["lines"] = [];
  let priority = 2;
  let current: { iface: Partial<Interface>; suffix: string } | undefined;
  for (const line of text.split("\n")) {
    const starts = STANZA.test(line);
    if (current && !starts && /\S/.test(line)) {
      addOption(current.iface, current.suffix, line.trimEnd());
      continue;
    }
    current = undefined;
    if (/^\s*#/.test(line)) continue;
    const auto = /^\s*(?:allow-auto|auto|allow-hotplug)\s+(.*)$/.exec(line);
    const stanza = /^\s*iface\s+(\S+)(?:\s+(inet6?)\s+(\S+))?\s*$/.exec(line);
    if (auto) {
      for (const name of (auto[1] ?? "").trim().split(/\s+/)) (found[name] ??= {}).autostart = 1;
    } else if (stanza) {
      const [, name = "", family = "inet", method = "manual"] = stanza;
      const iface = (found[name] ??= {});
      iface.priority ??= priority++;
      iface.families = [...(iface.families ?? []), family];
      const suffix = family === "inet6" ? "6" : "";
      iface[`method${suffix}`] = method;
      current = { iface, suffix };
    } else if (/\w/.test(line)) lines.push({ priority: priority++, line });
  }
  for (const card of cards) (found[card] ??= {}).exists = 1;
  found.lo ??= { priority: 1, method: "loopback", autostart: 1 };
  const ifaces = Object.fromEntries(
    Object.keys(found)
      .sort()
      .map((name) => [name, completed(name, found[name] ?? {}, found)]),
  );
  return { ifaces, lines };
}

function addOption(iface: Partial<Interface>, suffix: string, line: string): void {
  const comment = /^\s*#(.*?)\s*$/.exec(line);
  if (comment) {
    iface.comments = `${String(iface.comments ?? "")}${comment[1] ?? ""}\n`;
    return;
  }
  const option = /^\s*((\S+)\s+(.+))$/.exec(line);
  if (!option) return;
  const [, whole = "", spelled = "", value = ""] = option;
  const key = ALIASES[spelled] ?? spelled;
  if (ADDRESSES.has(key)) iface[`${key}${suffix}`] = value;
  else if (SIMPLE.has(key)) iface[key] = value;
  else if (key === "slaves" || key === "bridge_ports") {
    const devices = value.split(/\s+/).filter((name) => name !== "none");
    iface[key] = [...new Set(devices)].sort().join(" ");
  } else if (key === "bridge_stp") iface[key] = /^(on|yes)$/i.test(value) ? "on" : "off";
  else if (key === "bridge_vlan_aware") iface[key] = 1;
  else if (key === "bond_mode") iface[key] = BOND_MODES[Number(value)] ?? value;
  else {
    const options = suffix === "6" ? "options6" : "options";
    iface[options] = [...(iface[options] ?? []), whole];
  }
}

/** What follows from the name and from what is there. */
function completed(
  name: string,
  iface: Partial<Interface>,
  all: Record<string, Partial<Interface>>,
): Interface {
  const result: Interface = {
    ...iface,
    type: "unknown",
    families: iface.families ?? ["inet"],
    method: iface.method ?? "manual",
    method6: iface.method6 ?? "manual",
  };
  const vlan = /^(\S+)\.(\d+)$/.exec(name) ?? /^()vlan(\d+)$/.exec(name);
  if (iface.bridge_ports !== undefined) {
    result.type = "bridge";
    result.bridge_stp ??= "off";
    if (result.bridge_stp === "off") result.bridge_fd ??= 0;
  } else if (/^bond\d+$/.test(name)) result.type = "bond";
  else if (/^\S+:\d+$/.test(name)) {
    result.type = "alias";
    result.exists = all[name.split(":")[0] ?? ""]?.exists ?? 0;
  } else if (vlan?.[1] || iface["vlan-raw-device"] !== undefined) {
    result.type = "vlan";
    if (vlan?.[1]) result["vlan-raw-device"] ??= vlan[1];
    if (vlan && Number(vlan[2]) > 0) result["vlan-id"] = vlan[2];
    result.exists = all[String(result["vlan-raw-device"])]?.exists ?? 0;
  } else if (iface.exists === 1 || CARD.test(name)) result.type = "eth";
  else if (name === "lo") result.type = "loopback";
  addCidr(result, "", 32);
  addCidr(result, "6", 128);
  return result;
}

/** The address with its mask beside both of them. */
function addCidr(iface: Interface, suffix: "" | "6", whole: number): void {
  const address = iface[`address${suffix}`];
  if (typeof address !== "string" || address === "") return;
  const mask = iface[`netmask${suffix}`];
  const [bare = "", given] = address.split("/");
  const bits = given ?? (/^\d+$/.test(String(mask)) ? String(mask) : maskBits(String(mask)));
  iface[`cidr${suffix}`] = `${bare}/${bits ?? whole}`;
  iface[`address${suffix}`] = bare;
  if (bits !== undefined) iface[`netmask${suffix}`] = String(bits);
}
