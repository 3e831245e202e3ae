import type { RecordedResource } from "../../policy/inputs/recorded";
import { OpsError } from "../errors";
import type { Checkpoint } from "../pulumi";
import { type PropertyChange, propertyChanges } from "./diff";
import { type EngineEvent, errorsOf, plain, type PolicyEvent, type Step } from "./events";
import { called } from "./naming";

export type Operation = "create" | "update" | "replace" | "delete";

/** A resource that an update would change. */
export interface Change {
  operation: Operation;
  urn: string;
  /** `VM win2016`. */
  name: string;
  /** False for a component, which is there in the program only. */
  real: boolean;
  properties: PropertyChange[];
}

export interface PolicyViolation {
  rule: string;
  /** `mandatory`, `advisory` … */
  level: string;
  severity: string;
  /** `cluster mizar`; undefined where the rule names none. */
  resource: string | undefined;
  /** What the rule wants. */
  description: string;
  /** What is not so, with numbers, and what to do. */
  message: string;
}

export interface Verdict {
  violations: PolicyViolation[];
  /** Rules that had nothing to say. */
  passed: number;
}

export interface Plan {
  changes: Change[];
  unchanged: number;
  /** Undefined when no policies judged. */
  verdict: Verdict | undefined;
  /** Why the preview failed, besides its policies. */
  errors: string[];
}

export interface Reading {
  /** As the resources will be. */
  after: RecordedResource[];
  /** As they are. */
  before: RecordedResource[];
  /** Undefined for a state, which plans nothing. */
  plan: Plan | undefined;
}

/** Operations of the engine (deploy, step.go), and what they are to a reader; null for those that change nothing. */
const OPERATIONS: Record<string, Operation | null> = {
  ...{ same: null, refresh: null, read: null, "read-replacement": null, "read-discard": null },
  ...{ diff: null, discard: null, "discard-replaced": null, "remove-pending-replace": null },
  ...{ create: "create", import: "create", update: "update", delete: "delete" },
  ...{ replace: "replace", "create-replacement": "replace", "import-replacement": "replace" },
  "delete-replaced": "replace",
};

/** Reads what a preview's events tell. Throws one sentence for what it does not know. */
export function readEvents(events: EngineEvent[], file: string): Reading {
  const steps = events
    .flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata ?? [])
    .filter(({ op, logical }) => op !== "refresh" && logical !== false);
  for (const { op, urn } of steps)
    if (!(op in OPERATIONS))
      throw new OpsError(`${file}: no report knows what the operation ${op} of ${urn} is.`);
  // A replacement's parts are not logical, and the engine leaves a false out.
  const whole = steps.filter(({ op }) => !/-(replaced|replacement|discard)$/.test(op));
  const side = (state: "old" | "new"): RecordedResource[] =>
    whole.flatMap((step) => {
      const { type, urn } = step;
      const found = step[state];
      return found ? [{ type, urn, inputs: found.inputs ?? {} }] : [];
    });
  const changes = whole.filter(isCounted).flatMap((step) => changeOf(step) ?? []);
  // Steps on hosts say less than the resources that they are for.
  changes.sort((a, b) => Number(isStep(a)) - Number(isStep(b)));
  const counted = whole.filter((step) => isCounted(step) && isReal(step));
  return {
    after: side("new"),
    before: side("old"),
    plan: {
      changes,
      unchanged: counted.length - changes.filter(({ real }) => real).length,
      verdict: verdictIn(events),
      errors: errorsIn(events),
    },
  };
}

/** Reads a stack's state: what there is, without a plan. */
export function readState({ deployment }: Checkpoint): Reading {
  const resources = (deployment.resources ?? [])
    .filter((resource) => resource.delete !== true)
    .map(({ type, urn, inputs = {} }) => ({ type, urn, inputs }));
  return { after: resources, before: resources, plan: undefined };
}

/** Neither the stack itself nor a provider that the engine adds. */
function isCounted({ type, urn }: Step): boolean {
  if (type === "pulumi:pulumi:Stack") return false;
  return !(type.startsWith("pulumi:providers:") && /::default(_\d+)*$/.test(urn));
}

function isStep({ urn }: Change): boolean {
  return typeIn(urn).startsWith("command:");
}

function isReal(step: Step): boolean {
  return (step.new ?? step.old)?.custom === true;
}

function changeOf(step: Step): Change | undefined {
  const operation = OPERATIONS[step.op];
  if (!operation) return undefined;
  return {
    ...{ operation, urn: step.urn, name: called(step.urn, step.type), real: isReal(step) },
    properties: propertyChanges(step),
  };
}

function verdictIn(events: EngineEvent[]): Verdict | undefined {
  const summaries = events.flatMap((event) => event.policyAnalyzeStackSummaryEvent ?? []);
  const violations = events.flatMap(({ policyEvent }) => policyEvent ?? []).map(violationOf);
  if (summaries.length === 0 && violations.length === 0) return undefined;
  const passed = summaries.reduce((sum, summary) => sum + (summary.passed?.length ?? 0), 0);
  return { violations, passed };
}

function violationOf(event: PolicyEvent): PolicyViolation {
  const { policyName, enforcementLevel, severity = "", resourceUrn, message } = event;
  const [description = "", ...rest] = plain(message).split("\n");
  return {
    ...{ rule: policyName, level: enforcementLevel, severity, description },
    message: rest.join("\n").trim() || description,
    resource: resourceUrn ? called(resourceUrn, typeIn(resourceUrn)) : undefined,
  };
}

/** That a preview failed is told by the rest. */
function errorsIn(events: EngineEvent[]): string[] {
  const errors = errorsOf(events);
  if (errors.length > 0) return errors;
  const ended = events.some(({ summaryEvent }) => summaryEvent);
  return ended ? [] : ["The log ends before the preview does."];
}

/** Of `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME` the type. */
function typeIn(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}
