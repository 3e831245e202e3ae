import { z } from "zod";
import { retentionSchema } from "../storage/schema";
import { eachOnce, form, identifier, rate } from "../values";
import { isCalendarEvent } from "./calendarEvent";

/** The shape alone, for editors: weekdays, date and time as words. */
const CALENDAR_EVENT = "^\\s*[A-Za-z0-9*.,/:-]+(\\s+[A-Za-z0-9*.,/:-]+){0,3}\\s*$";

export const backupSchema = z
  .strictObject({
    schedule: form(
      isCalendarEvent,
      "write a calendar event of Proxmox VE, as in 02:00, mon..fri 22:00 or */5",
    )
      .max(128)
      .meta({ pattern: CALENDAR_EVENT, examples: ["02:00", "mon..fri 22:00", "*/5"] })
      .describe(
        "When it runs: a calendar event of Proxmox VE, in the node's time. In quotes where it begins with a digit or *.",
      ),
    storage: identifier
      .describe("Storage that takes the backups; its content must hold backup.")
      .meta({ examples: ["Backup"] }),
    guests: z
      .union(
        [
          z.literal("all").describe("Every guest of the cluster."),
          z
            .array(z.string())
            .min(1)
            .refine(...eachOnce)
            .meta({ uniqueItems: true, examples: [["web", "ubuntu"]] })
            .describe("These guests of the site."),
        ],
        {
          error: "write all, or a list of guests",
        },
      )
      .describe("What is backed up: all, or a list of keys of `guests`."),
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
    enabled: z.boolean().default(true).describe("false lets the job rest without removing it."),
  })
  .describe("A backup job.");
