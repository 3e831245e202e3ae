import { isIPv4, isIPv6 } from "node:net";
import { HELPERS, ICMP6_TYPES, ICMP_TYPES, isProtocol, isService } from "./names";

/** The name of an alias or an IP set, with or without where it is looked for. */
export const ALIAS = /^(?:dc\/|guest\/)?([A-Za-z][A-Za-z0-9\-_]+)$/;
export const IPSET = /^\+(?:guest\/|dc\/|sdn\/)?([A-Za-z][A-Za-z0-9\-_]+)$/;

/** What is wrong with a value, or undefined. */
type Check = (value: string) => string | undefined;

const COMMAS = "extraneous commas in list";
const NO_ADDRESS = "value does not look like a valid IP address or CIDR network";

/** 4 or 6 for an address, a network or a range of addresses. */
export function ipVersion(text: string): 4 | 6 | undefined {
  const [first = "", last, ...more] = text.split("-");
  if (last !== undefined) {
    const [low, high] = [ipVersion(first), ipVersion(last)];
    return more.length === 0 && low === high && !text.includes("/") ? low : undefined;
  }
  const [address = "", bits, ...rest] = text.split("/");
  const version = isIPv4(address) ? 4 : isIPv6(address) ? 6 : undefined;
  const longest = version === 4 ? 32 : 128;
  const fits = bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= longest);
  return rest.length === 0 && fits ? version : undefined;
}

/** A list of addresses, one range, or the name of an alias or an IP set. */
export const addressProblem: Check = (value) => {
  if (value.startsWith("+")) return value.length > 65 ? "ipset name too long" : undefined;
  if (ALIAS.test(value)) return value.length > 64 ? "alias name too long" : undefined;
  const entries = value.split(",");
  if (entries.includes("")) return COMMAS;
  const wrong = entries.find((entry) => ipVersion(entry) === undefined);
  if (wrong !== undefined) return `invalid IP address: Cannot determine IP version for ${wrong}`;
  if (new Set(entries.map(ipVersion)).size > 1) {
    return `detected mixed ipv4/ipv6 addresses in address list '${value}'`;
  }
  const range = entries.some((entry) => entry.includes("-"));
  return range && entries.length > 1 ? "you can't use a range in a list" : undefined;
};

/** Port numbers, ranges `low:high` and service names; as destination also ICMP types. */
export function portProblem(value: string, icmp: boolean): string | undefined {
  const entries = value.split(",");
  if (entries.includes("")) return COMMAS;
  let count = 0;
  let named = false;
  for (const entry of entries) {
    const numbers = /^(\d+)(?::(\d+))?$/.exec(entry);
    if (numbers) {
      const [, low = "", high] = numbers;
      const ports = high === undefined ? [low] : [low, high];
      const wrong = ports.find((port) => Number(port) > 65_535);
      if (wrong !== undefined) return `invalid port '${wrong}'`;
      if (Number(low) > Number(high ?? low)) {
        return `backwards range '${low}:${high}' not allowed, did you mean '${high}:${low}'?`;
      }
      count += ports.length;
    } else if (icmp && (ICMP_TYPES.has(entry) || ICMP6_TYPES.has(entry))) named = true;
    else if (!isService(entry)) return `invalid port '${entry}'`;
  }
  if (named && count > 0) return "ICMP ports not allowed in port range";
  return count > 15 ? "too many entries in port list (> 15 numbers)" : undefined;
}

const isCidr = (value: string): boolean => !value.includes("-") && ipVersion(value) !== undefined;

const CHECKS: Record<string, Check> = {
  "pve-fw-addr-spec": addressProblem,
  "pve-fw-sport-spec": (value) => portProblem(value, false),
  "pve-fw-dport-spec": (value) => portProblem(value, true),
  "pve-fw-protocol-spec": (value) =>
    isProtocol(value) ? undefined : `unknown protocol '${value}'`,
  "pve-fw-icmp-type-spec": (value) =>
    ICMP_TYPES.has(value) || ICMP6_TYPES.has(value)
      ? undefined
      : `invalid icmp-type value '${value}'`,
  "pve-fw-conntrack-helper": (value) => {
    const unknown = value.split(",").find((name) => !HELPERS.has(name));
    if (unknown === undefined) return undefined;
    return unknown === "" ? COMMAS : `unknown helper ${unknown}`;
  },
  IPorCIDR: (value) => (isCidr(value) ? undefined : NO_ADDRESS),
  IPorCIDRorAlias: (value) => (isCidr(value) || ALIAS.test(value) ? undefined : NO_ADDRESS),
};

/** Formats of the firewall's parameters. An empty value takes a key out of a rule, and so is allowed. */
export const FIREWALL_FORMATS = Object.fromEntries(
  Object.entries(CHECKS).map(([name, problem]) => [
    name,
    {
      pattern: {
        test: (value: string): boolean =>
          (value === "" && name.startsWith("pve-fw-")) || problem(value) === undefined,
      },
      message: (value: string): string => problem(value) ?? "",
    },
  ]),
);
