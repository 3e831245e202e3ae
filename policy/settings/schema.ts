import { z } from "zod";
import { RULES } from "../catalogue";
import { type Given, GIVEN_SCHEMA } from "../inputs/given";
import type { Rule } from "../rules/rule";

/** What may stand under `proxmox-ha:policies` in `Pulumi.<stack>.yaml`. */

const ruleName = z.enum(RULES.map(({ name }) => name)).describe("Name of the rule.");

const resource = z
  .string()
  .min(1)
  .describe("Key of the resource in the YAML; in other programs its logical name.");

const reason = z.string().trim().min(1).describe("Why, for those who read it later.");

const DATE = 'write a date in quotes, as in "2026-12-31"';
const date = z.iso.date(DATE);

const settingsOf = ({ settings = {} }: Rule): Record<string, z.ZodType> =>
  Object.fromEntries(
    Object.entries(settings).map(([key, setting]) => [
      key,
      z.fromJSONSchema(setting as z.core.JSONSchema.BaseSchema).optional(),
    ]),
  );

function configurationOf(rule: Rule): z.ZodType<RuleConfiguration | undefined> {
  const levels = ["disabled", "advisory", "mandatory", ...(rule.remediation ? ["remediate"] : [])];
  const level = z.enum(levels as Level[]).describe("What a violation does.");
  return z
    .union([
      level,
      z
        .strictObject({ level: level.optional(), ...settingsOf(rule) })
        .describe("A level, and what the rule goes by."),
    ])
    .transform((given) => (typeof given === "string" ? { level: given } : given))
    .optional()
    .describe(rule.description);
}

export type Level = "disabled" | "advisory" | "mandatory" | "remediate";

/** What a stack says about one rule: its level, and settings under their own names. */
export interface RuleConfiguration {
  level?: Level | undefined;
  [setting: string]: unknown;
}

export const policiesSchema = z
  .strictObject({
    profile: z
      .enum(["production", "development"])
      .default("production")
      .describe("Which levels the rules have that are not named."),
    rules: z
      .strictObject(Object.fromEntries(RULES.map((rule) => [rule.name, configurationOf(rule)])))
      .default({})
      .describe("Levels and settings of rules."),
    exceptions: z
      .array(
        z
          .strictObject({
            rule: ruleName,
            resource,
            reason,
            until: date.describe("Last day on which it holds."),
          })
          .describe("One resource that may break one rule for a while."),
      )
      .default([])
      .describe("What is going to be repaired."),
    acceptedRisks: z
      .array(
        z
          .strictObject({
            rule: ruleName,
            resource: resource.optional(),
            reason,
            review: date.describe("Day on which somebody looks at it again."),
          })
          .describe("A weak point that stays: of one resource, or of all that the rule names."),
      )
      .default([])
      .describe("What stays as it is."),
    clusters: z
      .fromJSONSchema(GIVEN_SCHEMA.properties.clusters as z.core.JSONSchema.BaseSchema)
      .transform((clusters) => clusters as NonNullable<Given["clusters"]>)
      .optional()
      .describe("Clusters that no component of the program describes."),
  })
  .describe("How the policies judge this stack.");

export type Policies = z.output<typeof policiesSchema>;
