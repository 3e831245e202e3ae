import { z } from "zod";
import { calendarEvent } from "../backup/jobValues";
import { hostName, rate } from "../values";

/** Proxmox VE takes whole megabytes, and one at least. */
const LEAST = Math.ceil(1e6 / 1024);

const replicaSchema = z
  .strictObject({
    schedule: calendarEvent
      .default("*/15")
      .meta({ examples: ["*/15", "*/5", "02:00"] })
      .describe(
        "When the disks are copied: a calendar event of Proxmox VE, in quotes. What was written since the last copy is lost with the node.",
      ),
    rate: rate
      .refine(
        (kibibytes) => kibibytes === 0 || kibibytes >= LEAST,
        "write 1 MiB/s or more, or unlimited",
      )
      .optional()
      .describe(
        "What a copy may take of the network. As `limits.default` unless said otherwise; Proxmox VE counts no other limit here.",
      ),
    number: z
      .int()
      .min(0)
      .max(999_999_999)
      .optional()
      .describe(
        "Number of the job in Proxmox VE, whose ID is VMID-NUMBER. That at the end of the node's name unless said otherwise: 2 for pve02. " +
          "Another number means another job.",
      ),
    comment: z.string().max(500).optional().describe("Remark in the web interface."),
    enabled: z.boolean().default(true).describe("false lets the job rest without removing it."),
  })
  .describe("A copy of the guest's disks on another node.");

export const replicasSchema = z
  .record(hostName, replicaSchema)
  .optional()
  .meta({ examples: [{ pve02: {} }, { pve02: { schedule: "*/5" } }] })
  .describe(
    "Nodes that get a copy of the guest's disks again and again, by their names. For guests whose disks lie on a storage of type zfs. " +
      "When the guest moves to such a node, Proxmox VE turns the job round by itself, and the stack leaves it so.",
  );
