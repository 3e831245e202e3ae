import { isIPv6 } from "node:net";
import { form } from "../values";

const ADDRESS6 = "write dhcp, auto, or an address with prefix, as in fd00::30/64";

export const address6 = form((text) => ["dhcp", "auto"].includes(text) || isCidr6(text), ADDRESS6)
  .meta({ pattern: "^(dhcp|auto|[0-9a-fA-F:.]+/[0-9]{1,3})$", examples: ["auto", "fd00::30/64"] })
  .optional()
  .describe("IPv6 address with its prefix, dhcp, or auto (SLAAC). None unless said otherwise.");

export const gateway6 = form(isIPv6, "write an IPv6 address, as in fd00::1")
  .meta({ pattern: "^[0-9a-fA-F:.]+$", examples: ["fd00::1"] })
  .optional()
  .describe("The IPv6 router, where the address is neither from DHCP nor auto.");

function isCidr6(text: string): boolean {
  const [address = "", prefix = "", ...more] = text.split("/");
  return more.length === 0 && isIPv6(address) && /^\d{1,3}$/.test(prefix) && Number(prefix) <= 128;
}
