import { z } from "zod";
import { retentionSchema } from "../storage/schema";
import { eachOnce, form, identifier } from "../values";
import { isCalendarEvent } from "./calendarEvent";

export const backupSchema = z.strictObject({
  schedule: form(
    isCalendarEvent,
    "write a calendar event of Proxmox VE, as in 02:00, mon..fri 22:00 or */5",
  )
    .max(128)
    .describe("Calendar event of Proxmox VE, as in 02:00 or mon..fri 22:00."),
  storage: identifier,
  guests: z
    .union(
      [
        z.literal("all"),
        z
          .array(z.string())
          .min(1)
          .refine(...eachOnce),
      ],
      {
        error: "write all, or a list of guests",
      },
    )
    .describe("all, or keys of `guests`."),
  mode: z.enum(["snapshot", "suspend", "stop"]).default("snapshot"),
  compress: z.enum(["zstd", "gzip", "lzo"]).default("zstd"),
  retention: retentionSchema.optional(),
  enabled: z.boolean().default(true),
});
