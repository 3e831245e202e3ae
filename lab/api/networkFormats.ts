import { isIPv4, isIPv6 } from "node:net";

interface Format {
  pattern: { test(value: string): boolean };
  message: (value: string) => string;
}

const isIp = (value: string): boolean => isIPv4(value) || isIPv6(value);

/** An address with a mask, as PVE::JSONSchema takes it: no network larger than /8. */
function isCidr(isAddress: (value: string) => boolean, longest: number, value: string): boolean {
  const [address = "", bits = "", ...rest] = value.split("/");
  const valid = isAddress(address) && /^\d+$/.test(bits) && rest.length === 0;
  return valid && Number(bits) > 7 && Number(bits) <= longest;
}

const isCidr4 = (value: string): boolean => isCidr(isIPv4, 32, value);
const isCidr6 = (value: string): boolean => isCidr(isIPv6, 128, value);

const DNS_NAME =
  /^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*$/;

/** `255.255.255.0` → 24; undefined for what is no mask. */
export function maskBits(mask: string): number | undefined {
  if (!isIPv4(mask)) return undefined;
  const bits = mask.split(".").map((part) => Number(part).toString(2).padStart(8, "0"));
  const match = /^(1*)0*$/.exec(bits.join(""));
  return match?.[1]?.length;
}

function vlanProblem(value: string): string | undefined {
  const match = /^(\d+)(?:-(\d+))?$/.exec(value);
  if (!match) return `invalid VLAN configuration '${value}'`;
  const [, start = "", end] = match;
  const wrong = [start, end].find((tag) => tag && (Number(tag) < 2 || Number(tag) > 4094));
  if (wrong) return `invalid VLAN tag '${wrong}'`;
  if (end && Number(start) >= Number(end)) {
    return `VLAN range must go from lower to higher tag '${value}'`;
  }
  return undefined;
}

/** Formats of addresses and interfaces (PVE::JSONSchema). */
export const NETWORK_FORMATS: Record<string, Format> = {
  ipv4: {
    pattern: { test: isIPv4 },
    message: () => "value does not look like a valid IPv4 address",
  },
  ipv6: {
    pattern: { test: isIPv6 },
    message: () => "value does not look like a valid IPv6 address",
  },
  ip: { pattern: { test: isIp }, message: () => "value does not look like a valid IP address" },
  address: {
    pattern: { test: (value) => isIp(value) || DNS_NAME.test(value) },
    message: (value) => `value does not look like a valid address: ${value}`,
  },
  ipv4mask: {
    pattern: { test: (value) => maskBits(value) !== undefined },
    message: () => "value does not look like a valid IP netmask",
  },
  CIDRv4: {
    pattern: { test: isCidr4 },
    message: () => "value does not look like a valid IPv4 CIDR network",
  },
  CIDRv6: {
    pattern: { test: isCidr6 },
    message: () => "value does not look like a valid IPv6 CIDR network",
  },
  CIDR: {
    pattern: { test: (value) => isCidr4(value) || isCidr6(value) },
    message: () => "value does not look like a valid CIDR network",
  },
  "pve-ipv4-config": {
    pattern: { test: (value) => /^(dhcp|manual)$/.test(value) || isCidr4(value) },
    message: () => "value does not look like a valid ipv4 network configuration",
  },
  "pve-ipv6-config": {
    pattern: { test: (value) => /^(auto|dhcp|manual)$/.test(value) || isCidr6(value) },
    message: () => "value does not look like a valid ipv6 network configuration",
  },
  "pve-bridge-id": {
    pattern: /^[-_.\w\d]+$/,
    message: (value) => `invalid bridge ID '${value}'`,
  },
  "pve-iface": {
    pattern: /^[a-z][a-z0-9_]{1,20}([:.]\d+)?$/i,
    message: (value) => `invalid network interface name '${value}'`,
  },
  "pve-vlan-id-or-range": {
    pattern: { test: (value) => vlanProblem(value) === undefined },
    message: (value) => vlanProblem(value) ?? "",
  },
};
