import { z } from "zod";
import { retentionSchema } from "../storage/schema";
import { form, hostName, identifier, rate } from "../values";
import { calendarEvent } from "./jobValues";

export const copySchema = z
  .strictObject({
    from: identifier.describe("Storage with the backups.").meta({ examples: ["Backup"] }),
    to: identifier
      .describe("Storage that gets the copies, best on another host; its content must hold backup.")
      .meta({ examples: ["Second"] }),
    schedule: calendarEvent.describe(
      "When backups are copied that have come since: a calendar event as for backup jobs, after these are done.",
    ),
    node: hostName
      .optional()
      .describe(
        "The node that copies. Where it is not said, one of those that are online does. Needed for a storage that each node has for itself.",
      )
      .meta({ examples: ["pve02"] }),
    retention: retentionSchema
      .optional()
      .describe(
        "How many copies of each guest stay. As the storage `to` says, or else `from`, unless said otherwise.",
      ),
    bandwidth: rate
      .optional()
      .describe("What the copy may take of the network. As `limits.backup` unless said otherwise."),
    maxAge: form(/^[1-9][0-9]{0,3}[hdw]$/, "write a number and h, d or w, as in 36h")
      .default("48h")
      .meta({ examples: ["36h", "8d"] })
      .describe(
        "How old the newest copy of a guest may be before `ops copies` and its exit code warn.",
      ),
  })
  .describe(
    "A copy of the backups on one storage to another, made by the nodes outside Proxmox VE's jobs.",
  );
