import { writeFileSync } from "node:fs";
import { type Command, Option } from "commander";
import type { Stack } from "../stack";
import type * as drift from "./drift";
import type * as words from "./words";

const MORE =
  "Exit code: 0 when everything is as described, 2 when something is not, 1 when it could not be found out. Nothing is " +
  "changed in the cluster; the state is told where containers are that HA has moved. docs/pull-requests.md";

interface Options {
  stack: string;
  format: words.Format;
  json?: true;
  out?: string;
}

/** Adds the command that is run every night. */
export function addDriftCommand(
  program: Command,
  defaultStack: string,
  findStack: (name: string) => Stack,
): void {
  program
    .command("drift")
    .description(
      "compare the stack with its cluster: what changed, what nobody describes, votes, QDevice, watchdogs, second factors, copies of backups",
    )
    .option("--stack <name>", "the stack", defaultStack)
    .addOption(
      new Option("--format <format>", "how it is told")
        .choices(["text", "markdown", "json"])
        .default("text"),
    )
    .option("--json", "the same as --format json")
    .option("--out <file>", "where it is written (default: standard output)")
    .addHelpText("after", `\n${MORE}`)
    .action(async ({ stack, format, json, out }: Options) => {
      const found = findStack(stack);
      const { findDrift } = require("./drift") as typeof drift;
      const { describe } = require("./words") as typeof words;
      const findings = await findDrift(found);
      const text = `${describe(stack, findings, json ? "json" : format)}\n`;
      if (out === undefined) process.stdout.write(text);
      else writeFileSync(out, text);
      process.exitCode = findings.length > 0 ? 2 : 0;
    });
}
