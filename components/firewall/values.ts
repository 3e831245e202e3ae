import { isIPv4, isIPv6 } from "node:net";
import { z } from "zod";
import { form, parseCidr } from "../values";

/** Values of the firewall's parts of the site file, in Proxmox VE's own limits (pve-firewall: PVE::Firewall). */

/** 4 or 6; undefined for what is neither an address nor a network written by its first address. */
export function familyOf(text: string): 4 | 6 | undefined {
  const [address = "", prefix, ...more] = text.split("/");
  if (more.length > 0) return undefined;
  if (isIPv4(address)) {
    return prefix === undefined || isFirst(text) ? 4 : undefined;
  }
  if (!isIPv6(address)) return undefined;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= 128)
    ? 6
    : undefined;
}

/** `192.168.18.0/24`, not `192.168.18.5/24`. */
function isFirst(text: string): boolean {
  const parsed = parseCidr(text);
  if (!parsed) return false;
  const bits = numberOf(parsed.address);
  return bits % 2 ** (32 - parsed.prefix) === 0;
}

/** An IPv4 address as a number. */
export function numberOf(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** `10.0.0.5-10.0.0.9` */
export function isRange(text: string): boolean {
  const [first = "", last = "", ...more] = text.split("-");
  if (more.length > 0 || !isIPv4(first) || !isIPv4(last)) return false;
  return numberOf(first) <= numberOf(last);
}

const NAME = /^[A-Za-z][A-Za-z0-9_-]+$/;
const NAME_WORDS = "use two or more letters, digits, - and _; begin with a letter";

/** Names of aliases and IP sets. */
export const firewallName = z.string().regex(NAME, NAME_WORDS).max(62, "use 62 characters at most");

export const groupName = z.string().regex(NAME, NAME_WORDS).max(18, "use 18 characters at most");

export const addressOrNetwork = form(
  (text) => familyOf(text) !== undefined,
  "write an address, or a network by its first address, as in 192.168.18.0/24",
).meta({ examples: ["192.168.18.0/24", "192.168.18.7"] });

/** Names in places may be those of nodes and hosts as well. */
const PLACE = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;

/** An address, a network or a name. */
export const member = form(
  (text) => familyOf(text) !== undefined || (PLACE.test(text) && !/^\d+$/.test(text)),
  "write an address, a network by its first address, as in 192.168.18.0/24, or the name of an alias, a node or a host",
);

const place = form(
  (text) =>
    familyOf(text) !== undefined || isRange(text) || (PLACE.test(text) && !/^\d+$/.test(text)),
  "write an address, a network by its first address, as in 192.168.18.0/24, a range, as in 10.0.0.5-10.0.0.9, or the name of an alias, a set, a node or a host",
);

export const places = z
  .union(
    [
      place.describe("One of them."),
      z
        .array(place)
        .min(1)
        .meta({ examples: [["192.168.18.0/24", "office"]] })
        .describe("Any of these."),
    ],
    { error: "write one address, network or name, or a list of them" },
  )
  .meta({ examples: ["office", "192.168.18.0/24"] });

const PORT_WORDS = "write a port from 1 to 65535, or a range, as in 8000-8010";

const port = z
  .union(
    [
      z.int().min(1, PORT_WORDS).max(65_535, PORT_WORDS).describe("A port."),
      form(isPorts, PORT_WORDS)
        .meta({ pattern: "^[0-9]+(-[0-9]+)?$" })
        .describe("Ports from one to another."),
    ],
    { error: PORT_WORDS },
  )
  .describe("One port, or ports from one to another.");

export const ports = z
  .union([port, z.array(port).min(1).describe("Any of these.")], {
    error: `${PORT_WORDS}, or a list of them`,
  })
  .meta({ examples: [443, "8000-8010", [80, 443]] });

function isPorts(text: string): boolean {
  if (!/^\d+(-\d+)?$/.test(text)) return false;
  const [first = 0, last = first] = text.split("-").map(Number);
  return first >= 1 && first <= last && last <= 65_535;
}
