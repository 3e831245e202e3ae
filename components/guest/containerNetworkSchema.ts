import { z } from "zod";
import { form, interfaceAddress, ipAddress } from "../values";
import { address6, gateway6 } from "./address6Schema";
import { cardFields } from "./cardFields";

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
