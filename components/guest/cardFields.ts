import { z } from "zod";
import { form, rate } from "../values";
import { bridge } from "./commonSchema";

/** What the network cards of VMs and of containers have in common. */
export const cardFields = {
  bridge,
  vlan: z
    .int()
    .min(1)
    .max(4094)
    .optional()
    .describe("VLAN of the card, on a bridge that knows VLANs.")
    .meta({ examples: [20] }),
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
  rateLimit: rate
    .refine((value) => value % 1024 === 0, "write whole MiB/s, as in 60 MiB/s")
    .optional()
    .describe("The most that it may send and receive."),
};
