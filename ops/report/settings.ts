import { z } from "zod";
import { OpsError } from "../errors";
import type { Settings } from "./model";

/** As the rules have them; a test compares. */
const DEFAULTS: Settings = {
  ...{ reserve: 1024, balloonTag: "balloon" },
  ...{ objective: "24h", classes: {}, exceptTag: "no-backup" },
};

/** A rule is a level, or a level with settings. */
const rule = z.union([z.string(), z.looseObject({})]).optional();
const schema = z.looseObject({
  rules: z
    .looseObject({ "require-failover-room": rule, "require-recovery-point": rule })
    .optional(),
});
const settingsSchema = z.object({
  reserve: z.number().optional(),
  balloonTag: z.string().optional(),
  objective: z.string().optional(),
  classes: z.record(z.string(), z.string()).optional(),
  exceptTag: z.string().optional(),
});

/** The settings of the rules whose arithmetic the report shows, from `proxmox-ha:policies` as JSON. */
export function settingsIn(policies: string | undefined): Settings {
  if (policies === undefined) return DEFAULTS;
  try {
    const { rules = {} } = schema.parse(JSON.parse(policies));
    const given = ["require-failover-room", "require-recovery-point"].map((name) =>
      typeof rules[name] === "object" ? settingsSchema.parse(rules[name]) : {},
    );
    const set = Object.entries({ ...given[0], ...given[1] }).filter(([, one]) => one !== undefined);
    return { ...DEFAULTS, ...Object.fromEntries(set) };
  } catch {
    throw new OpsError(
      "proxmox-ha:policies is not what the policy pack reads. Let pulumi preview --policy-pack policy say what is wrong with it.",
    );
  }
}
