import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cleanEnvironment } from "./environment";
import type { Previewed } from "./conclude";
import type { Runner } from "./runner";
import type { Verdict } from "./verdict";

/** Characters of a failed preview's output that are shown. GitHub takes 65,536 for a comment. */
const LONGEST = 20_000;

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
  const shown = text.length > LONGEST ? `…\n${text.slice(-LONGEST)}` : text;
  return [
    `## ${title}`,
    "",
    ...lines.flatMap((line) => [...fenced(line), ""]),
    "<details><summary>What the preview said</summary>",
    "",
    ...fenced(shown.trim()),
    "",
    "</details>",
    "",
  ].join("\n");
}

/** In a fence longer than any in the text. */
export function fenced(text: string): string[] {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return [`${fence}text`, text, fence];
}
