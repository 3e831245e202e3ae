import { errorsOf, readableEvents } from "../report/events";

/** What a preview has come to. */
export interface Verdict {
  kind: "fine" | "failed" | "refused";
  /** Mandatory rules that the change breaks, by name. */
  rules: string[];
  /** What the engine or the program called an error. */
  errors: string[];
  /** Resources by what would be done to them, but for those that stay as they are. */
  changes: Record<string, number>;
}

/** Exit codes of `ops review`. */
export const EXIT_CODES: Record<Verdict["kind"], number> = { fine: 0, failed: 1, refused: 2 };

/** Reads the engine's event log, which is perhaps cut off. `code` is the CLI's. */
export function readVerdict(log: string, code: number): Verdict {
  const events = readableEvents(log);
  const rules = new Set<string>();
  let changes: Record<string, number> = {};
  for (const { policyEvent, summaryEvent } of events) {
    if (policyEvent?.enforcementLevel === "mandatory") rules.add(policyEvent.policyName);
    if (summaryEvent?.resourceChanges) changes = summaryEvent.resourceChanges;
  }
  const errors = errorsOf(events);
  const { same: _, ...rest } = changes;
  const failed = errors.length > 0 || (code !== 0 && rules.size === 0);
  return {
    kind: failed ? "failed" : rules.size > 0 ? "refused" : "fine",
    rules: [...rules].sort(),
    errors,
    changes: rest,
  };
}

/** For the last line of a review, as in `1 resource to update`. */
export function changesInWords(changes: Record<string, number>): string {
  const parts = Object.entries(changes)
    .filter(([, count]) => count > 0)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([what, count]) => `${count} to ${what}`);
  return parts.length === 0 ? "nothing changes" : parts.join(", ");
}
