import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Stack } from "../stack";
import { lastLines, writeReports } from "./reports";
import type { Runner } from "./runner";
import { changesInWords, readVerdict, type Verdict } from "./verdict";

/** Where the engine is to write its events. Those of an earlier review are gone: a preview that fails early writes none. */
export function eventLog(out: string): string {
  mkdirSync(out, { recursive: true });
  const events = join(out, "events.json");
  rmSync(events, { force: true });
  // Before the engine writes into it: it holds what the resources hold, secrets among it.
  writeFileSync(events, "", { mode: 0o600 });
  return events;
}

export interface Previewed {
  stack: Stack;
  /** The folder whose program was previewed. */
  tree: string;
  out: string;
  /** What goes before the report. */
  note: string | undefined;
  /** Of the preview. */
  code: number;
  text: string;
  say(text: string): void;
}

/** Verdict and reports of a preview whose events are in `events.json`. */
export async function conclude(runner: Runner, previewed: Previewed): Promise<Verdict> {
  const { out, code, text, say } = previewed;
  const events = join(out, "events.json");
  const log = readFileSync(events, "utf8");
  writeFileSync(join(out, "preview.txt"), text);
  const verdict = withReason(readVerdict(log, code), text);
  await writeReports(runner, previewed, verdict);
  const changes = verdict.kind === "failed" ? "" : `${changesInWords(verdict.changes)}; `;
  say(`${changes}the report is in ${out}`);
  return verdict;
}

/** What fails before the engine runs writes no event: the reason is what was said. */
function withReason(verdict: Verdict, text: string): Verdict {
  const reason = lastLines(text);
  const unknown = verdict.kind === "failed" && verdict.errors.length === 0 && reason !== "";
  return unknown ? { ...verdict, errors: [reason] } : verdict;
}
