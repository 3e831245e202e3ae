import type { Site } from "../site";
import type { HostState } from "../state/types";
import { ownServiceOf, runsToEnd } from "./ownServices";

/** Runs a command line as root of a host; a lab without shells runs none. */
export type HostRunner = (
  host: string,
  script: string,
  signal: AbortSignal,
) => Promise<{ stdout: string; exitCode: number }>;

/** Runs a oneshot service to its end or limit. What it prints is in the journal. `power` ends with the machine's. */
export async function runService(
  site: Site,
  runner: HostRunner,
  host: HostState,
  unit: string,
  power: AbortSignal,
): Promise<boolean> {
  const own = ownServiceOf(host, unit);
  const ended = new AbortController();
  power.addEventListener("abort", () => ended.abort());
  const stopClock =
    own?.limitMs === undefined ? undefined : site.clock.after(own.limitMs, () => ended.abort());
  const late = new Promise<false>((resolve) => {
    ended.signal.addEventListener("abort", () => resolve(false));
  });
  const done = runAll(own?.commands ?? []).catch(() => false);
  const good = await Promise.race([done, late]);
  stopClock?.();
  if (power.aborted) return false;
  if (!good) site.units.fail(host, unit);
  else if (runsToEnd(host, unit)) site.units.note(host, unit);
  else site.units.start(host, unit);
  return good;

  async function runAll(commands: readonly string[]): Promise<boolean> {
    for (const command of commands) {
      const { stdout, exitCode } = await runner(host.name, command, ended.signal);
      if (ended.signal.aborted) return false;
      note(stdout);
      if (exitCode !== 0) return false;
    }
    return true;
  }

  function note(text: string): void {
    const journal = (host.journal ??= []);
    for (const message of text.split("\n").filter((line) => line !== "")) {
      journal.push({ time: site.clock.now(), unit, message });
    }
  }
}
