import type { Step } from "../../../components/cluster/steps";
import type { Script } from "../../../lab/control/faults";
import type { HostTraits } from "../../../lab/node/hostTraits";
import type { Bootstrap } from "./bootstrap";
import type { Moments } from "./moments";
import { hostOf } from "./watch";

/**
 * How a step meets a fault: it `stops` with an error that names host, step and remedy; it `waits` until the cause is
 * gone and goes on; it is `lost` with its process or connection, or its host is `unreachable` or `refused`, which the
 * command plugin tells; or the fault is `nothing` to it.
 */
export type Meeting = "stops" | "waits" | "lost" | "unreachable" | "refused" | "nothing";

/** What the hosts of a site are before its bootstrap. */
export type Start = "bare" | "installed";

/** One attempt: the step of a bootstrap that is about to run, and where in it something happens. */
export interface Attempt {
  bootstrap: Bootstrap;
  moments: Moments;
  step: Step;
  start: Start;
  /** The program of its script before which something happens. */
  program: number;
}

export interface Fault {
  name: string;
  /** How it is met, by the most precise key that there is: `bare check-pve01`, `check-pve01`, `bare cluster/check`, `cluster/check`. */
  hits: Record<string, Meeting>;
  /** How every script meets it that is not named. */
  every?: Meeting;
  /** Why it is nothing to all others, which is tried as well. */
  others?: string;
  /** It takes so long that a few of its pairs must do where not all are tried. */
  dear?: boolean;
  /** What an error must say of the cause. */
  says?: RegExp;
  inject(attempt: Attempt): Promise<void> | void;
  /** The cause goes away. */
  mend(attempt: Attempt): Promise<void> | void;
}

export function meetingOf(
  { hits, every = "nothing" }: Fault,
  { step, start }: Pick<Attempt, "step" | "start">,
): Meeting {
  const { name, script } = step;
  const keys = [`${start} ${name}`, name, `${start} ${script}`, script];
  return keys.map((key) => hits[key]).find((met) => met !== undefined) ?? every;
}

/** Does `action` once, when the step's script is about to start the attempt's program. */
export function onTheWay(
  { bootstrap, step, program }: Attempt,
  action: (script: Script) => void,
): void {
  let met = false;
  bootstrap.lab.site.faults.watch((script) => {
    if (met || !isOf(script, step) || script.started !== program) return;
    met = true;
    action(script);
  });
}

/** Whether a script is that of a step. */
export function isOf(script: Script, { host, script: name }: Step): boolean {
  return hostOf(script) === host && script.label.includes(` ${name.replace("/", "-")} apply`);
}

export function trait({ bootstrap, step }: Attempt, traits: Partial<HostTraits>): void {
  const record = bootstrap.lab.site.host(step.host);
  record.traits = { ...record.traits, ...traits };
}

export function noTrait({ bootstrap, step }: Attempt, key: keyof HostTraits): void {
  delete bootstrap.lab.site.host(step.host).traits?.[key];
}

/** Seconds from a boot until its node has found the others. */
const FOUND_OTHERS = 60;

/** Waits until a host has booted that has power, and its daemons are at work. */
export async function booted({ bootstrap, step }: Attempt): Promise<void> {
  const { clock, site } = bootstrap.lab;
  for (let seconds = 0; seconds < 900 && !site.hardware.isOn(step.host); seconds++) {
    await clock.advance(1000);
  }
  await clock.advance(FOUND_OTHERS * 1000);
}
