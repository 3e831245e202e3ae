import { z } from "zod";
import { form, interfaceAddress, ipAddress, rate } from "../values";
import { bridge } from "./commonSchema";
import { NIC_MODELS } from "./presets";

export const vmNetworkSchema = z.strictObject({
  bridge,
  vlan: z
    .int()
    .min(1)
    .max(4094)
    .optional()
    .describe("VLAN of the card, on a bridge that knows VLANs.")
    .meta({ examples: [20] }),
  model: z
    .enum(NIC_MODELS)
    .optional()
    .describe("The card that the guest sees; by `os` unless said otherwise."),
  mac: form(
    /^[0-9A-Fa-f][02468ACEace](:[0-9A-Fa-f]{2}){5}$/,
    "write the address of one card, as in BC:24:11:00:00:01",
  )
    .optional()
    .describe("Its MAC address; Proxmox VE chooses one unless said otherwise.")
    .meta({ examples: ["BC:24:11:00:00:01"] }),
  firewall: z
    .boolean()
    .optional()
    .describe("false leaves the card outside the guest's firewall, where it has one."),
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
  rateLimit: rate
    .refine((value) => value % 1024 === 0, "write whole MiB/s, as in 60 MiB/s")
    .optional()
    .describe("The most that it may send and receive."),
  disconnected: z.boolean().optional().describe("true pulls its cable."),
  address: interfaceAddress
    .optional()
    .describe(
      "Its address with the prefix of its network, or dhcp, as cloud-init sets it. dhcp unless said otherwise.",
    ),
  gateway: ipAddress.optional().describe("The router, as cloud-init sets it."),
});
