import { resolve } from "node:path";
import type { Command } from "commander";
import { stackName } from "../../toolchain/launcher/arguments";
import { OpsError } from "../errors";
import type { Stack } from "../stack";
import type * as live from "./live";
import type * as reviews from "./review";
import { EXIT_CODES, type Verdict } from "./verdict";

const MORE =
  "Exit code: 0 when the change may be made, 1 when its preview failed, 2 when a mandatory rule forbids it. The report is " +
  "written each time: report.md, report.html, preview.txt and events.json, of which the last holds the stack's secrets. " +
  "How a team has this in its pull requests: docs/pull-requests.md";

interface Options {
  stack: string;
  base?: string;
  live?: true;
  out?: string;
}

/** Adds the command that pull requests are judged by. */
export function addReviewCommand(
  program: Command,
  defaultStack: string,
  findStack: (name: string) => Stack,
): void {
  program
    .command("review")
    .description(
      "show what the work tree changes: its base brought up on a lab, the work tree previewed against it",
    )
    .option("--base <ref>", "what it is compared with, as in origin/main")
    .option("--live", "compare with the real site instead, by the caller's backend and credentials")
    .option("--stack <name>", "the stack", defaultStack)
    .option("--out <folder>", "where the reports go (default: .review/STACK)")
    .addHelpText("after", `\n${MORE}`)
    .action(async ({ stack: name, base, live: real, out: folder }: Options) => {
      const stack = { ...findStack(name), name: real ? name : stackName(name) };
      const out = resolve(folder ?? `${stack.root}/.review/${stackName(name)}`);
      const say = (text: string): void => void process.stdout.write(`review: ${text}\n`);
      if ((base === undefined) === (real === undefined)) {
        throw new OpsError("ops review takes either --base REF or --live.");
      }
      const verdict =
        base === undefined
          ? await (require("./live") as typeof live).reviewLive(stack, { out, say })
          : await (require("./review") as typeof reviews).review(stack, { base, out, say });
      say(inWords(verdict));
      process.exitCode = EXIT_CODES[verdict.kind];
    });
}

function inWords({ kind, rules, errors }: Verdict): string {
  switch (kind) {
    case "fine":
      return "the policies have nothing against it";
    case "refused":
      return `forbidden by ${rules.join(", ")}`;
    case "failed":
      return `the preview failed${errors.length > 0 ? `:\n${errors.join("\n")}` : "; see preview.txt"}`;
    default: {
      const never: never = kind;
      return never;
    }
  }
}
