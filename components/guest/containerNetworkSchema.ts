import { isIPv6 } from "node:net";
import { z } from "zod";
import { form, interfaceAddress, ipAddress } from "../values";
import { cardFields } from "./cardFields";

const ADDRESS6 = "write dhcp, auto, or an address with prefix, as in fd00::30/64";

const address6 = form((text) => ["dhcp", "auto"].includes(text) || isCidr6(text), ADDRESS6)
  .meta({ pattern: "^(dhcp|auto|[0-9a-fA-F:.]+/[0-9]{1,3})$", examples: ["auto", "fd00::30/64"] })
  .optional()
  .describe("IPv6 address with its prefix, dhcp, or auto (SLAAC). None unless said otherwise.");

const gateway6 = form(isIPv6, "write an IPv6 address, as in fd00::1")
  .meta({ pattern: "^[0-9a-fA-F:.]+$", examples: ["fd00::1"] })
  .optional()
  .describe("The IPv6 router, where the address is neither from DHCP nor auto.");

function isCidr6(text: string): boolean {
  const [address = "", prefix = "", ...more] = text.split("/");
  return more.length === 0 && isIPv6(address) && /^\d{1,3}$/.test(prefix) && Number(prefix) <= 128;
}

/** One network card of a container, in the words of a VM's. */
export const containerNetworkSchema = z
  .strictObject({
    name: form(/^[a-zA-Z][\w.-]{0,14}$/, "write a name as the container sees it, as in eth1")
      .optional()
      .describe("Name in the container: eth0 for the first card, eth1 for the next.")
      .meta({ examples: ["eth0"] }),
    ...cardFields,
    mtu: z
      .int()
      .min(576)
      .max(65535)
      .optional()
      .describe("Largest packet, no larger than the bridge's, which it is unless said otherwise."),
    address: interfaceAddress
      .default("dhcp")
      .describe("Address of the card with the prefix of its network, or dhcp."),
    gateway: ipAddress
      .optional()
      .describe("The router, where the address is not from DHCP. One card has it."),
    address6,
    gateway6,
  })
  .describe("A network card of the container.");
