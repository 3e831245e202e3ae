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

interface Line {
  event?: EngineEvent;
  /** Why it is none, after its place. */
  problem?: string;
}

/** Lines of a log that are not empty, by their number. */
function linesOf(text: string): [number, Line][] {
  const lines = text.split("\n");
  return lines.flatMap((line, index): [number, Line][] => {
    if (line.trim() === "") return [];
    return [[index + 1, lineOf(line, index === lines.length - 1)]];
  });
}

function lineOf(line: string, isLast: boolean): Line {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    const cut = isLast ? "ends in the middle of an event" : "is no JSON";
    return { problem: `${cut}: it is no whole event log of the engine` };
  }
  const event = eventSchema.safeParse(value);
  if (event.success) return { event: event.data };
  const [issue] = event.error.issues;
  return { problem: `is no event of the engine: ${issue?.path.join(".")}: ${issue?.message}` };
}

/** Events of a log as far as it can be read: that of a preview which failed may be empty, or end in the middle of one. */
export function readableEvents(text: string): EngineEvent[] {
  return linesOf(text).flatMap(([, { event }]) => event ?? []);
}

/** What the engine or the program called an error, without the engine's colours and its own last words. */
export function errorsOf(events: EngineEvent[]): string[] {
  const errors = events.flatMap(({ diagnosticEvent }) =>
    diagnosticEvent?.severity === "error" ? [plain(diagnosticEvent.message)] : [],
  );
  return [...new Set(errors)].filter((message) => !OWN_END.test(message));
}

/** With a violation the engine ends with these words and no others. */
const OWN_END = /^(error: )?(preview|update) failed$/;

/** Without the engine's colours. */
export function plain(text: string): string {
  return text.replace(/<\{%[^%]*%\}>/g, "").trim();
}

/** Events of a log, one a line. Throws one sentence that names `file` and the line. */
export function parseEvents(text: string, file: string): EngineEvent[] {
  const events = linesOf(text).map(([number, { event, problem }]) => {
    if (!event) throw new OpsError(`${file}, line ${number} ${problem}. ${HOW}`);
    return event;
  });
  if (events.length === 0) throw new OpsError(`${file} has no event in it. ${HOW}`);
  if (events.some(({ summaryEvent }) => summaryEvent?.isPreview === false))
    throw new OpsError(`${file} is the log of an update; a report shows what is planned. ${HOW}`);
  return events;
}
