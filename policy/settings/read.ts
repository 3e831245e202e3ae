import type { z } from "zod";
import { RULES } from "../catalogue";
import { explain, type Problem } from "./problems";
import { type Policies, policiesSchema, type RuleConfiguration } from "./schema";

/** How a run is judged: what the stack's configuration says, and what the environment adds for this run. */
export interface Settings extends Omit<Policies, "rules"> {
  rules: Record<string, RuleConfiguration | undefined>;
  /** Day of the run, as `2026-11-26`. */
  today: string;
  /** A pull request: what should have been repaired by now excuses no more. */
  review: boolean;
  /** Why no rule stops this run. */
  emergency?: string;
}

/** Every mistake at once, in a message for people. */
export class InvalidSettings extends Error {}

export const EMERGENCY_VARIABLE = "PROXMOX_HA_EMERGENCY";
export const REVIEW_VARIABLE = "PROXMOX_HA_REVIEW";
const KEY = "proxmox-ha:policies";

/**
 * Reads what the engine gives to the process of a pack: PULUMI_CONFIG, a JSON mapping of `namespace:key` to text, and
 * PULUMI_STACK. Without them everything has its default. Throws `InvalidSettings`.
 */
export function readSettings(environment: NodeJS.ProcessEnv, today: string): Settings {
  const config = JSON.parse(environment.PULUMI_CONFIG ?? "{}") as Record<string, string>;
  const { policies, problems } = readPolicies(config[KEY] ?? "{}");
  const emergency = environment[EMERGENCY_VARIABLE]?.trim();
  const all = [
    ...problems.map(({ path, message }) => `${path ? `${KEY}.${path}` : KEY}: ${message}`),
    ...(emergency === "" ? [`${EMERGENCY_VARIABLE}: empty; write the reason, or unset it`] : []),
  ];
  if (!policies || all.length > 0) {
    const count = all.length === 1 ? "1 problem" : `${all.length} problems`;
    const file = `Pulumi.${environment.PULUMI_STACK ?? "STACK"}.yaml`;
    const lines = all.map((line) => `  ${line}`).join("\n");
    throw new InvalidSettings(
      `The configuration of the policies has ${count} (${file}):\n${lines}`,
    );
  }
  return {
    ...policies,
    rules: policies.rules as Settings["rules"],
    today,
    review: !["", "0"].includes(environment[REVIEW_VARIABLE] ?? ""),
    ...(emergency === undefined ? {} : { emergency }),
  };
}

function readPolicies(text: string): { policies?: Policies; problems: Problem[] } {
  const input = parsed(text);
  const result = policiesSchema.safeParse(input);
  if (result.success) return { policies: result.data, problems: [] };
  return { problems: result.error.issues.flatMap((issue) => explained(issue, input)) };
}

/** What is no JSON is a plain text, which is no mapping either. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function explained(issue: z.core.$ZodIssue, input: unknown): Problem[] {
  return explain(issue, input, policiesSchema).map(({ path, message }) => ({
    path,
    message: message.startsWith('"remediate"; write one of')
      ? `"remediate"; there is no remedy that is safe, write mandatory. Rules with one: ${REMEDIABLE}`
      : message,
  }));
}

const REMEDIABLE = RULES.filter(({ remediation }) => remediation)
  .map(({ name }) => name)
  .join(", ");
