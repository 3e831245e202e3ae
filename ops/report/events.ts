import { z } from "zod";
import { OpsError } from "../errors";

/** What of the engine's events (apitype, events.go) a report needs. */
const stateSchema = z.object({
  custom: z.boolean().optional(),
  inputs: z.record(z.string(), z.unknown()).nullish(),
  outputs: z.record(z.string(), z.unknown()).nullish(),
});

const detailSchema = z.object({ diffKind: z.string(), inputDiff: z.boolean().optional() });

const stepSchema = z.object({
  op: z.string(),
  urn: z.string(),
  type: z.string(),
  old: stateSchema.nullish(),
  new: stateSchema.nullish(),
  keys: z.array(z.string()).nullish(),
  diffs: z.array(z.string()).nullish(),
  detailedDiff: z.record(z.string(), detailSchema).nullish(),
  /** False for a part of a step, as the deletion in a replacement. */
  logical: z.boolean().optional(),
});

const policySchema = z.object({
  resourceUrn: z.string().optional(),
  message: z.string(),
  policyName: z.string(),
  enforcementLevel: z.string(),
  severity: z.string().optional(),
});

const eventSchema = z.object({
  preludeEvent: z.object({ config: z.record(z.string(), z.string()).nullish() }).optional(),
  resourcePreEvent: z.object({ metadata: stepSchema }).optional(),
  policyEvent: policySchema.optional(),
  policyAnalyzeStackSummaryEvent: z
    .object({ passed: z.array(z.string()).nullish(), failed: z.array(z.string()).nullish() })
    .optional(),
  diagnosticEvent: z.object({ message: z.string(), severity: z.string() }).optional(),
  summaryEvent: z
    .object({
      isPreview: z.boolean().optional(),
      resourceChanges: z.record(z.string(), z.number()).nullish(),
    })
    .optional(),
});

export type Step = z.output<typeof stepSchema>;
export type Detail = z.output<typeof detailSchema>;
export type PolicyEvent = z.output<typeof policySchema>;
export type EngineEvent = z.output<typeof eventSchema>;

const HOW = "Make one: PULUMI_DEBUG_COMMANDS=true pulumi preview --event-log FILE";

/** Events of a log, one a line. Throws one sentence that names `file` and the line. */
export function parseEvents(text: string, file: string): EngineEvent[] {
  const lines = text.split("\n");
  const events = lines.flatMap((line, index): EngineEvent[] => {
    if (line.trim() === "") return [];
    const where = `${file}, line ${index + 1}`;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      const cut = index === lines.length - 1 ? "ends in the middle of an event" : "is no JSON";
      throw new OpsError(`${where} ${cut}: it is no whole event log of the engine. ${HOW}`);
    }
    const event = eventSchema.safeParse(value);
    if (event.success) return [event.data];
    const [issue] = event.error.issues;
    throw new OpsError(
      `${where} is no event of the engine: ${issue?.path.join(".")}: ${issue?.message}. ${HOW}`,
    );
  });
  if (events.length === 0) throw new OpsError(`${file} has no event in it. ${HOW}`);
  if (events.some(({ summaryEvent }) => summaryEvent?.isPreview === false))
    throw new OpsError(`${file} is the log of an update; a report shows what is planned. ${HOW}`);
  return events;
}
