import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { StepClock } from "./stepClock";
import { execute, readCommands, type TimedCommand } from "./commands";
import { SimulatedSite } from "./site";
import type { SiteSpec } from "./siteSpec";

/** Virtual seconds that a scenario goes on after its last command, unless it says `end`. */
const AFTERMATH = 300;

export interface Outcome {
  /** Lines of the form of `log.expect`. */
  log: string[];
  site: SimulatedSite;
}

export function readScenario(folder: string): { spec: SiteSpec; commands: TimedCommand[] } {
  const read = (file: string): string => readFileSync(join(folder, file), "utf8");
  return { spec: parse(read("site.yaml")) as SiteSpec, commands: readCommands(read("commands")) };
}

/** Runs a scenario in virtual time. @throws when a guest ran on two nodes at any moment. */
export function runScenario(spec: SiteSpec, commands: TimedCommand[]): Outcome {
  const clock = new StepClock();
  const epoch = clock.now();
  const log: string[] = [];
  const note = (level: string, source: string, message: string): void => {
    const second = String(Math.floor((clock.now() - epoch) / 1000)).padStart(5);
    log.push(`${second} ${level.padEnd(7)} ${source.padEnd(18)} ${message}`);
  };
  const site = new SimulatedSite(spec, clock, note);
  for (const { at, text } of commands) {
    clock.after(at * 1000, () => {
      if (text === "end") return;
      note("", "commands", text);
      execute(site, text);
    });
  }
  const last = commands.at(-1) ?? { at: 0, text: "" };
  clock.advance((last.at + (last.text === "end" ? 0 : AFTERMATH)) * 1000);
  site.stack.stop();
  if (site.guests.doubled.length > 0) throw new Error(site.guests.doubled.join("; "));
  return { log, site };
}
