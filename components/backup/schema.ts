import { z } from "zod";
import { retentionSchema } from "../storage/schema";
import { hostName, identifier, rate } from "../values";
import { calendarEvent, fleecingSchema, guestList, mailSchema, notesTemplate } from "./jobValues";

export const backupSchema = z
  .strictObject({
    schedule: calendarEvent.describe(
      "When it runs: a calendar event of Proxmox VE, in the node's time. In quotes where it begins with a digit or *.",
    ),
    storage: identifier
      .describe("Storage that takes the backups; its content must hold backup.")
      .meta({ examples: ["Backup"] }),
    guests: z
      .union([z.literal("all").describe("Every guest of the cluster."), guestList], {
        error: "write all, or a list of guests",
      })
      .optional()
      .describe(
        "What is backed up: all, which takes guests along that the file does not know, or a list of keys of `guests`. Instead: `pool`.",
      ),
    except: guestList
      .optional()
      .describe("With `guests: all`: keys of `guests` that are left out.")
      .meta({ examples: [["web"]] }),
    pool: identifier
      .optional()
      .describe("Instead of `guests`: whatever is in this pool when the job runs.")
      .meta({ examples: ["office"] }),
    node: hostName
      .optional()
      .describe(
        "The job runs on this node alone, for the guests that are there. Where it is not said, every node backs up its own guests.",
      )
      .meta({ examples: ["pve02"] }),
    mode: z
      .enum(["snapshot", "suspend", "stop"])
      .default("snapshot")
      .describe(
        "snapshot: while the guest runs; suspend: it is paused for a moment; stop: it is shut down and started again.",
      ),
    compress: z.enum(["zstd", "gzip", "lzo"]).default("zstd").describe("How archives are packed."),
    retention: retentionSchema
      .optional()
      .describe("How many backups of each guest stay. Counts before the storage's retention."),
    protected: z
      .boolean()
      .default(false)
      .describe(
        "true: no retention removes these backups, they pile up until somebody does. For jobs that run seldom.",
      ),
    repeatMissed: z
      .boolean()
      .default(false)
      .describe(
        "true: a run that a node has missed while it was off is made up for when it is back, whatever the time of day.",
      ),
    notes: notesTemplate.optional(),
    mail: mailSchema.optional(),
    fleecing: fleecingSchema.optional(),
    bandwidth: rate
      .optional()
      .describe(
        "What the job may take of the network on each node. As `limits.backup` unless said otherwise.",
      ),
    workers: z
      .int()
      .min(1)
      .max(256)
      .optional()
      .describe(
        "How many reads of a VM's disks are under way at a time. 16 unless said otherwise: fewer spare a slow disk.",
      ),
    ioPriority: z
      .int()
      .min(0)
      .max(8)
      .default(7)
      .describe(
        "How the node's disks serve the job beside others: 0 first, 7 last, 8 only when nothing else is to be read.",
      ),
    changeDetection: z
      .enum(["legacy", "data", "metadata"])
      .optional()
      .describe(
        "On a Proxmox Backup Server: how changed files of containers are found. metadata passes over files whose time and size are the same.",
      ),
    enabled: z.boolean().default(true).describe("false lets the job rest without removing it."),
  })
  .describe("A backup job.");
