import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { stackFileName } from "../../toolchain/launcher/stackFile";
import { OpsError } from "../errors";
import { exportState } from "../pulumi";
import type { Stack } from "../stack";
import { parseEvents } from "./events";
import { reportOf } from "./facts";
import { page } from "./html/page";
import { markdown } from "./markdown";
import type { Report } from "./model";
import { readEvents, readState } from "./read";
import { settingsIn } from "./settings";
import { NO_PLAN } from "./words";

export interface ReportOptions {
  /** The engine's event log of a preview; without it the state is told. */
  events?: string;
  format: "markdown" | "html";
  /** Without it the report goes to standard output. */
  out?: string;
}

const WRITERS: Record<ReportOptions["format"], (report: Report) => string> = {
  markdown,
  html: page,
};

/** Writes the report of a preview or of the state. Changes nothing. */
export async function report(stack: Stack, { events, format, out }: ReportOptions): Promise<void> {
  const told = events === undefined ? await ofState(stack) : ofEvents(stack, events);
  const text = WRITERS[format](told);
  if (!told.plan) process.stderr.write(`${NO_PLAN}\n`);
  if (out === undefined) process.stdout.write(text);
  else onDisk(out, "written", () => writeFileSync(out, text));
}

function ofEvents({ name }: Stack, file: string): Report {
  const events = parseEvents(
    onDisk(file, "read", () => readFileSync(file, "utf8")),
    file,
  );
  const config = events.find(({ preludeEvent }) => preludeEvent)?.preludeEvent?.config;
  return reportOf(name, readEvents(events, file), settingsIn(config?.["proxmox-ha:policies"]));
}

async function ofState(stack: Stack): Promise<Report> {
  const state = await exportState(stack);
  if (!state)
    throw new OpsError(
      `Stack ${stack.name} is not there yet. Report a preview of it: --events FILE.`,
    );
  const file = parse(readFileSync(join(stack.root, stackFileName(stack.name)), "utf8")) as {
    config?: Record<string, unknown>;
  } | null;
  const policies = file?.config?.["proxmox-ha:policies"];
  const settings = settingsIn(policies === undefined ? undefined : JSON.stringify(policies));
  return reportOf(stack.name, readState(state), settings);
}

function onDisk<T>(file: string, done: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw new OpsError(`${file} cannot be ${done}: ${(error as Error).message}`);
  }
}
