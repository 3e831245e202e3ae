import { z } from "zod";
import { eachOnce, form, identifier } from "../values";
import { isCalendarEvent } from "./calendarEvent";

/** The shape alone, for editors: weekdays, date and time as words. */
const CALENDAR_EVENT = "^\\s*[A-Za-z0-9*.,/:-]+(\\s+[A-Za-z0-9*.,/:-]+){0,3}\\s*$";

export const calendarEvent = form(
  isCalendarEvent,
  "write a calendar event of Proxmox VE, as in 02:00, mon..fri 22:00 or */5",
)
  .max(128)
  .meta({ pattern: CALENDAR_EVENT, examples: ["02:00", "mon..fri 22:00", "*/5"] });

/** Keys of `guests`. */
export const guestList = z
  .array(z.string())
  .min(1)
  .refine(...eachOnce)
  .meta({ uniqueItems: true, examples: [["web", "ubuntu"]] })
  .describe("These guests of the site.");

/** The shape alone, for editors: one line in which braces stand around names only. */
const TEMPLATE = "^([^\\n\\\\{}]|\\\\[n\\\\]|\\{\\{(cluster|guestname|node|vmid)\\}\\})+$";

export const notesTemplate = form(
  new RegExp(TEMPLATE),
  "write one line in which {{cluster}}, {{guestname}}, {{node}} and {{vmid}} may stand, and \\n for a new line",
)
  .max(1024)
  .meta({ examples: ["{{guestname}} on {{node}}"] })
  .describe(
    "Notes of each backup. {{cluster}}, {{guestname}}, {{node}} and {{vmid}} stand for what they say, \\n for a new line.",
  );

/** What PVE::JSONSchema takes in a list of mail addresses and users. */
const RECIPIENT = /^([^\s@,]+@[^\s@,]+\.[^\s@,.]+|[^\s@,:/]+@[A-Za-z][A-Za-z0-9.\-_]+)$/;

export const mailSchema = z
  .strictObject({
    to: z
      .array(
        form(
          RECIPIENT,
          "write a mail address, or a user with realm, as in ops@example.com or root@pam",
        ),
      )
      .min(1)
      .refine(...eachOnce)
      .meta({ uniqueItems: true, examples: [["ops@example.com"]] })
      .describe("Mail addresses, or users of Proxmox VE that have one."),
    when: z
      .enum(["always", "failure"])
      .default("always")
      .describe("always: after every run; failure: only when something went wrong."),
  })
  .describe(
    "Mail of this job by sendmail of the node, and no other notice of it. Without it the cluster's notification targets get it.",
  );

export const fleecingSchema = z
  .strictObject({
    storage: identifier
      .describe("It holds disk images, best on a fast disk of the node itself.")
      .meta({ examples: ["local-lvm"] }),
  })
  .describe(
    "What a VM overwrites during its backup is put here first, so that a slow backup storage does not slow the VM down.",
  );
