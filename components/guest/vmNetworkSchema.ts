import { z } from "zod";
import { interfaceAddress, ipAddress } from "../values";
import { address6, gateway6 } from "./address6Schema";
import { cardFields } from "./cardFields";
import { NIC_MODELS } from "./presets";

export const vmNetworkSchema = z.strictObject({
  ...cardFields,
  model: z
    .enum(NIC_MODELS)
    .optional()
    .describe("The card that the guest sees; by `os` unless said otherwise."),
  mtu: z
    .int()
    .min(1)
    .max(65520)
    .optional()
    .describe("Largest packet, for virtio cards: 1 is that of the bridge."),
  queues: z
    .int()
    .min(2)
    .max(64)
    .optional()
    .describe("Packet queues, as many as cores, for virtio cards with much traffic."),
  disconnected: z.boolean().optional().describe("true pulls its cable."),
  address: interfaceAddress
    .optional()
    .describe(
      "Its address with the prefix of its network, or dhcp, as cloud-init sets it. dhcp unless said otherwise.",
    ),
  gateway: ipAddress.optional().describe("The router, as cloud-init sets it."),
  address6,
  gateway6,
});
