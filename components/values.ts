import { BlockList, isIPv4 } from "node:net";
import { z } from "zod";

/** Values that several parts of the site file use. Messages say what to write instead. */

const UNITS: Record<string, number> = { MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 };

const SIZE = "write a number, a blank and MiB, GiB or TiB, as in 2 GiB";

/** `512 MiB`, `3.75 GiB`: bytes. */
export const size = z
  .string({ error: SIZE })
  .regex(/^\d+(\.\d+)? (MiB|GiB|TiB)$/, SIZE)
  .transform((text) => {
    const [amount = "0", unit = ""] = text.split(" ");
    return Math.round(Number(amount) * (UNITS[unit] ?? 0));
  })
  .refine((bytes) => Number.isSafeInteger(bytes), "write a smaller size")
  .meta({ examples: ["512 MiB", "3.75 GiB", "2 TiB"] });

/** Memory of a guest, which Proxmox VE counts in MiB: bytes. */
export const memory = size.refine(
  (bytes) => bytes >= 16 * 1024 ** 2 && bytes % 1024 ** 2 === 0,
  "write whole MiB, 16 MiB at least",
);

export const mebibytes = (bytes: number): number => Math.round(bytes / 1024 ** 2);
export const gibibytes = (bytes: number): number => bytes / 1024 ** 3;

/** Bytes as a person writes them: `2 GiB`, `512 MiB`. */
export function formatBytes(bytes: number): string {
  const unit = bytes >= 1024 ** 4 ? "TiB" : bytes >= 1024 ** 3 ? "GiB" : "MiB";
  const amount = bytes / (UNITS[unit] ?? 1);
  return `${Number.isInteger(amount) ? amount : amount.toFixed(2)} ${unit}`;
}

const RATE = "write a number, a blank and KiB/s, MiB/s or GiB/s, as in 60 MiB/s, or unlimited";
const RATES: Record<string, number> = { "KiB/s": 1, "MiB/s": 1024, "GiB/s": 1024 ** 2 };

/** `60 MiB/s`, or `unlimited`: KiB a second, in which Proxmox VE counts them; 0 is without a limit. */
export const rate = z
  .string({ error: RATE })
  .regex(/^(unlimited|\d+(\.\d+)? [KMG]iB\/s)$/, RATE)
  .transform((text) => {
    if (text === "unlimited") return 0;
    const [amount = "", unit = ""] = text.split(" ");
    // Whoever writes nearly nothing does not mean that there is no limit.
    return Math.max(1, Math.round(Number(amount) * (RATES[unit] ?? 0)));
  })
  .refine((rate) => Number.isSafeInteger(rate), "write a lower rate")
  .meta({ examples: ["60 MiB/s", "unlimited"] });

const SPEED = "write a number, a blank and Mbit/s or Gbit/s, as in 1 Gbit/s";

/** `2.5 Gbit/s`, as network cards are named: KiB a second. */
export const linkSpeed = z
  .string({ error: SPEED })
  .regex(/^\d+(\.\d+)? [MG]bit\/s$/, SPEED)
  .transform((text) => {
    const [amount = "", unit = ""] = text.split(" ");
    return Math.floor((Number(amount) * (unit === "Gbit/s" ? 1e9 : 1e6)) / 8 / 1024);
  })
  .refine((speed) => speed >= 1220, "write 10 Mbit/s or more")
  .meta({ examples: ["1 Gbit/s", "2.5 Gbit/s", "10 Gbit/s"] });

/**
 * Text in a form of its own: whatever else stands there, the message shows that form. Where a function decides, editors
 * need its `pattern` besides: `.meta({ pattern })`.
 */
export function form(fits: RegExp | ((text: string) => boolean), words: string): z.ZodString {
  const text = z.string({ error: words });
  return fits instanceof RegExp ? text.regex(fits, words) : text.refine(fits, words);
}

const OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
const IPV4 = `${OCTET}(\\.${OCTET}){3}`;
const CIDR = `${IPV4}/(0?[0-9]|[12][0-9]|3[0-2])`;

export const ipAddress = form(isIPv4, "write an IPv4 address, as in 192.168.18.251").meta({
  pattern: `^${IPV4}$`,
  examples: ["192.168.18.251"],
});

/** `192.168.18.0/24`. */
export const network = form(
  (text) => parseCidr(text) !== undefined,
  "write a network, as in 192.168.18.0/24",
).meta({ pattern: `^${CIDR}$`, examples: ["192.168.18.0/24"] });

/** `192.168.18.30/24`, an address with the prefix of its network, or `dhcp`. */
export const interfaceAddress = form(
  (text) => text === "dhcp" || parseCidr(text) !== undefined,
  "write dhcp, or an address with prefix, as in 192.168.18.30/24",
).meta({ pattern: `^(dhcp|${CIDR})$`, examples: ["dhcp", "192.168.18.30/24"] });

export function parseCidr(text: string): { address: string; prefix: number } | undefined {
  const [address = "", prefixText = "", ...more] = text.split("/");
  const prefix = /^\d{1,2}$/.test(prefixText) ? Number(prefixText) : -1;
  if (more.length > 0 || !isIPv4(address) || prefix < 0 || prefix > 32) return undefined;
  return { address, prefix };
}

export function isInNetwork(address: string, cidr: string): boolean {
  const parsed = parseCidr(cidr);
  if (!parsed || !isIPv4(address)) return false;
  const list = new BlockList();
  list.addSubnet(parsed.address, parsed.prefix);
  return list.check(address);
}

/** What Proxmox VE takes as a node or guest name (PVE::JSONSchema). */
export const hostName = z
  .string()
  .regex(
    /^[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/,
    "use letters, digits and inner hyphens, 63 characters at most",
  );

const LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

/** `example.org`, or one label of such a name. */
export const domainName = form(
  new RegExp(`^${LABEL}(\\.${LABEL})*$`),
  "write a name in lower-case letters, digits and inner hyphens, as in example.org",
).max(253, "write 253 characters at most");

/** A name that becomes an id in Proxmox VE: storages, rules, backup jobs. */
export const identifier = z
  .string()
  .regex(
    /^[a-zA-Z][a-zA-Z0-9_-]*[a-zA-Z0-9]$/,
    "use two or more letters, digits, - and _; begin with a letter, end with a letter or digit",
  );

const VMID = "use a VMID from 100 to 999999999";
export const vmid = z.int().min(100, VMID).max(999_999_999, VMID);

/** `2026-12-31`. Without quotes Pulumi makes a point in time of it. */
export const date = z.iso
  .date('write a date in quotes, as in "2026-12-31"')
  .meta({ examples: ["2026-12-31"] });

/** For lists in which a second mention means nothing. */
export const eachOnce = [
  (items: unknown[]) => new Set(items).size === items.length,
  "name each only once",
] as const;

export const timeZone = form(
  isTimeZone,
  "write a name of the tz database, as in Europe/Berlin, or UTC",
).meta({ pattern: "^(UTC|(?!Etc/)[A-Z][A-Za-z0-9_]*(/[A-Za-z0-9_-]+)+)$" });

/** Places only: the installer knows neither offsets like Etc/GMT+1 nor short names besides UTC. */
function isTimeZone(text: string): boolean {
  if (text === "UTC") return true;
  if (!/^[A-Z]\w*(\/[\w-]+)+$/.test(text) || text.startsWith("Etc/")) return false;
  try {
    const { timeZone } = new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions();
    // Upper and lower case count; another spelling of the same place (Asia/Kolkata) is fine.
    return timeZone === text || timeZone.toLowerCase() !== text.toLowerCase();
  } catch {
    return false;
  }
}
