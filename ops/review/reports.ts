import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cleanEnvironment } from "./environment";
import type { Previewed } from "./conclude";
import type { Runner } from "./runner";
import type { Verdict } from "./verdict";

/** Characters of a failed preview's output that are shown, and of its errors. GitHub takes 65,536 for a comment. */
const LONGEST = 20_000;
/** Of what goes before a report: the report itself has up to 60,000. */
const LONGEST_NOTE = 4_000;
/** A fence is longer than any run of backticks in it. */
const LONGEST_RUN = 20;

/** By this the comment of an earlier review is found again. */
export const MARK = "<!-- proxmox-ha review -->";

/** Writes `report.md` and `report.html`. A preview that failed has no whole plan: its words are the report then. */
export async function writeReports(
  runner: Runner,
  { stack, tree, out, note, text }: Previewed,
  verdict: Verdict,
): Promise<void> {
  const paths = { markdown: join(out, "report.md"), html: join(out, "report.html") };
  for (const path of Object.values(paths)) rmSync(path, { force: true });
  const problems: string[] = [];
  if (verdict.kind !== "failed") {
    for (const [format, path] of Object.entries(paths)) {
      const args = ["ops/cli.ts", "report", "--stack", stack.name, "--format", format];
      const files = ["--events", join(out, "events.json"), "--out", path];
      const result = await runner.run(process.execPath, ["--import", "tsx", ...args, ...files], {
        cwd: tree,
        env: cleanEnvironment(process.env),
      });
      if (result.code !== 0) problems.push(result.text.trim());
    }
  }
  const body = existsSync(paths.markdown)
    ? readFileSync(paths.markdown, "utf8")
    : failureReport(verdict, [...problems, text].join("\n"));
  const head = note === undefined ? "" : `> ${note.replaceAll("\n", "\n> ")}\n\n`;
  writeFileSync(paths.markdown, `${MARK}\n${head}${body}`);
}

/** Exported for its test. */
export function failureReport({ kind, errors, rules }: Verdict, text: string): string {
  const title = kind === "failed" ? "The preview failed" : "The report could not be made";
  const lines = kind === "failed" ? errors : rules.map((rule) => `Broken: ${rule}`);
  const { shown, hidden } = fitted(lines);
  const said = theEnd(text, LONGEST);
  return [
    `## ${title}`,
    "",
    ...shown.flatMap((line) => [...fenced(line), ""]),
    ...(hidden > 0
      ? [`${hidden} more are left out here; what the command printed has them all.`, ""]
      : []),
    ...(lines.length === 1 && lines[0] === said ? [] : folded(said)),
  ].join("\n");
}

function folded(text: string): string[] {
  const head = "<details><summary>What the preview said</summary>";
  return [head, "", ...fenced(text), "", "</details>", ""];
}

/** Each gets what those before it leave. */
function fitted(lines: string[]): { shown: string[]; hidden: number } {
  const shown: string[] = [];
  let left = LONGEST;
  for (const line of lines) {
    if (left <= 0) break;
    shown.push(line.length > left ? `${line.slice(0, left)}…` : line);
    left -= line.length;
  }
  return { shown, hidden: lines.length - shown.length };
}

/** Long enough for what went wrong, short enough to stand before a report. */
export function lastLines(text: string): string {
  return theEnd(text.trim().split("\n").slice(-40).join("\n"), LONGEST_NOTE);
}

function theEnd(text: string, longest: number): string {
  return (text.length > longest ? `…\n${text.slice(-longest)}` : text).trim();
}

/** In a fence longer than any in the text. */
export function fenced(text: string): string[] {
  const short = text.replace(new RegExp(`\`{${LONGEST_RUN},}`, "g"), "`".repeat(LONGEST_RUN));
  const longest = Math.max(2, ...[...short.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return [`${fence}text`, short, fence];
}
