import type { Command } from "commander";
import type { LogEntry } from "../control/eventLog";
import type { LabPaths } from "../paths";
import { milliseconds } from "./amounts";
import { labPaths, pause, say } from "./cli";
import { control, labPath } from "./client";

const POLL_MS = 500;

export function logCommands(program: Command): void {
  program
    .command("log")
    .description("show what has happened: power, cables, quorum, services, HA manager, tasks")
    .option("--since <time>", "only of the last 15m, say, of the lab's time")
    .option("--follow", "go on showing what comes")
    .action(async (options: { since?: string; follow?: boolean }, command: Command) => {
      const paths = labPaths(command);
      let since = 0;
      if (options.since !== undefined) {
        const { now } = await control<{ now: number }>(paths, "GET", labPath("clock"));
        since = now - milliseconds(options.since);
      }
      let last = await show(paths, since);
      while (options.follow) {
        await pause(POLL_MS);
        last = await show(paths, last?.time ?? since, last);
      }
    });
}

/** Prints what comes after `last`, and returns the entry that is now the last. */
async function show(
  paths: LabPaths,
  since: number,
  last?: LogEntry,
): Promise<LogEntry | undefined> {
  const path = `${labPath("log")}?since=${since}`;
  const entries = await control<LogEntry[]>(paths, "GET", path);
  for (const entry of entries.filter(({ id }) => id > (last?.id ?? 0))) say(lineOf(entry));
  return entries.at(-1) ?? last;
}

function lineOf({ time, host, source, level, message }: LogEntry): string {
  const stamp = new Date(time).toISOString();
  const urgent = level === "err" || level === "warning" ? `${level}: ` : "";
  return `${stamp} ${host.padEnd(6)} ${source.padEnd(9)} ${urgent}${message}`;
}
