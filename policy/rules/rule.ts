import type { EnforcementLevel, Severity } from "@pulumi/policy";
import type { PolicyConfigJSONSchema } from "@pulumi/policy/schema";
import type { Violation } from "../facts/judge";
import type { SiteFacts } from "../facts/site";

/** A change of one input: the keys that lead to it, and its value, or undefined to take it out. */
export interface Edit {
  path: (string | number)[];
  value: unknown;
}

/** Makes a resource obey, where that is safe without asking anybody. */
export interface Remediation {
  /** Types of resources, as `proxmoxve:backup/job:Job`. Names since version 8 of the provider stand for older ones too. */
  types: readonly string[];
  /** What it does, in a few words. */
  effect: string;
  /** Pure. Reading an unknown input throws, and then nothing is changed. */
  edits(inputs: Record<string, unknown>): Edit[];
}

/** A rule over the whole site. Pure: facts in, violations out. */
export interface Rule<Config extends object = object> {
  /** kebab-case id. */
  name: string;
  description: string;
  enforcementLevel: EnforcementLevel;
  /** Its level on a stack of the profile `development`, where that is another one. */
  development?: EnforcementLevel;
  severity: Severity;
  /** What to do about a violation, in general. */
  remedy: string;
  /** What may be configured, each setting with its default. */
  settings?: { [Key in keyof Config]: PolicyConfigJSONSchema & { default: Config[Key] } };
  /** What the level `remediate` does. */
  remediation?: Remediation;
  judge(facts: SiteFacts, config: Config): Violation[];
}

/** The configuration that a rule is given, with its defaults for what is left out. */
export function configured(rule: Rule, given: object): object {
  const settings = Object.entries((rule.settings ?? {}) as Record<string, PolicyConfigJSONSchema>);
  return { ...Object.fromEntries(settings.map(([key, one]) => [key, one.default])), ...given };
}
