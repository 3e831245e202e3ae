import { readFileSync } from "node:fs";

/**
 * Cuts the event log of a real preview down to a fixture:
 * `npx tsx tests/ops/report/support/trim.ts LOG > tests/ops/report/fixtures/NAME.jsonl`
 */
type Values = Record<string, unknown>;

interface State {
  custom?: boolean;
  inputs?: Values;
  outputs?: Values;
}

/** Texts of scripts end after the variables before them; keys are left out. */
const LINES = 14;

function cut(value: unknown): unknown {
  if (typeof value === "string") {
    const lines = value.split("\n").filter((line) => !/ssh-(ed25519|rsa)|CERTIFICATE/.test(line));
    return lines.slice(0, LINES).join("\n");
  }
  if (Array.isArray(value)) return value.map(cut);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, cut(one)]));
}

function cutState(state: State | null, tops: Set<string>): State | null {
  if (!state) return null;
  const outputs = Object.entries(state.outputs ?? {}).filter(([key]) => tops.has(key));
  return {
    ...(state.custom ? { custom: true } : {}),
    inputs: cut(state.inputs ?? {}) as Values,
    outputs: cut(Object.fromEntries(outputs)) as Values,
  };
}

interface Metadata {
  op: string;
  old: State | null;
  new: State | null;
  diffs?: string[];
  provider?: string;
}

function kept(event: Values): Values | undefined {
  const { diagnosticEvent, preludeEvent, resourcePreEvent } = event as {
    diagnosticEvent?: { severity: string };
    preludeEvent?: Values;
    resourcePreEvent?: { metadata: Metadata };
  };
  if (diagnosticEvent) return diagnosticEvent.severity === "error" ? event : undefined;
  if (preludeEvent) return { preludeEvent: { config: {} } };
  if (resourcePreEvent) {
    const { provider: _, ...metadata } = resourcePreEvent.metadata;
    if (metadata.op === "refresh" && !JSON.stringify(metadata).includes("Cluster::"))
      return undefined;
    const tops = new Set(metadata.diffs ?? []);
    const [old, now] = [cutState(metadata.old, tops), cutState(metadata.new, tops)];
    return { resourcePreEvent: { metadata: { ...metadata, old, new: now }, planning: true } };
  }
  const names = ["policyEvent", "policyAnalyzeStackSummaryEvent", "summaryEvent", "cancelEvent"];
  return names.some((name) => name in event) ? event : undefined;
}

for (const line of readFileSync(process.argv[2] ?? "", "utf8")
  .trim()
  .split("\n")) {
  const { sequence: _, timestamp: __, ...event } = JSON.parse(line) as Values;
  const rest = kept(event);
  if (rest) process.stdout.write(`${JSON.stringify(rest)}\n`);
}
