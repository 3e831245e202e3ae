import { type Command, Option } from "commander";
import type { Stack } from "../stack";
import type * as reports from "./report";

const MORE =
  "The events are those of PULUMI_DEBUG_COMMANDS=true pulumi preview --event-log FILE --policy-pack policy. Without them the " +
  "report tells the stack's state. Nothing is changed. More: docs/report.md";

/** Adds the command that shows a site, and what a preview would make of it. */
export function addReportCommand(
  program: Command,
  defaultStack: string,
  findStack: (name: string) => Stack,
): void {
  program
    .command("report")
    .description(
      "write what a preview would change, the policies' verdict, and what the site bears",
    )
    .option("--stack <name>", "the stack", defaultStack)
    .option("--events <file>", "the engine's event log of a preview")
    .addOption(
      new Option("--format <format>", "for a pull request, or a page for people")
        .choices(["markdown", "html"])
        .makeOptionMandatory(),
    )
    .option("--out <file>", "where it goes (default: standard output)")
    .addHelpText("after", `\n${MORE}`)
    .action(async ({ stack, ...options }: reports.ReportOptions & { stack: string }) => {
      const found = findStack(stack);
      const { report } = require("./report") as typeof reports;
      await report(found, options);
    });
}
