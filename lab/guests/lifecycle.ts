import { die } from "../api/errors";
import { sleep } from "../seams/clock";
import type { Site } from "../site";
import type { Guest, RunState } from "../state/types";
import type { TaskLog } from "../tasks/tasks";
import { agentAnswers } from "./agent";
import { requireUnlocked } from "./config";
import { isRunning, runState, setPaused, startGuest, stopGuest } from "./power";
import { runningMachine } from "./snapshots";
import { traitsOf } from "./traits";
import { saveState } from "./vmState";

/** Seconds that a shutdown may take when nobody says (qemu-server and pve-container). */
const TIMEOUT = 60;

/** Waits as long as the guest's process stays the same; ends at once when no time is to pass. */
async function whileRunning(site: Site, guest: Guest, seconds: number): Promise<void> {
  const process = runState(site, guest);
  for (let left = seconds; left > 0 && same(site, guest, process); left -= 1) {
    await sleep(site.clock, Math.min(1, left) * 1000);
  }
}

const same = (site: Site, guest: Guest, process: RunState | undefined): boolean =>
  isRunning(site, guest) && runState(site, guest) === process;

/** The worker of `qmstart` and `vzstart`. */
export async function start(
  site: Site,
  guest: Guest,
  log: TaskLog,
  options: { skipLock?: boolean } = {},
): Promise<void> {
  startGuest(site, guest, log, options);
  await whileRunning(site, guest, traitsOf(site, guest).start);
}

export interface ShutdownRequest {
  /** Seconds. */
  timeout?: number;
  /** Ends the process after that. */
  force: boolean;
  skipLock?: boolean;
}

/**
 * The worker of `qmshutdown` and `vzshutdown`: asks the system to stop and waits for it. A guest that does not run is
 * stopped already.
 */
export async function shutDown(
  site: Site,
  guest: Guest,
  request: ShutdownRequest,
  log: TaskLog,
): Promise<void> {
  if (!isRunning(site, guest)) return;
  if (!request.skipLock) requireUnlocked(guest);
  const process = runState(site, guest);
  const timeout = request.timeout ?? downOf(guest) ?? TIMEOUT;
  const { shutdown, obeys } = traitsOf(site, guest);
  // The agent stops a system that does not listen to its power button.
  const needed = obeys || agentAnswers(site, guest) ? shutdown : Infinity;
  await whileRunning(site, guest, Math.min(timeout, needed));
  if (!same(site, guest, process)) return;
  if (needed > timeout) {
    if (!request.force) throw die(refusal(guest));
    if (guest.type === "qemu") log.info("VM still running - terminating now with SIGTERM");
  }
  stopGuest(site, guest);
}

/** `startup: order=1,down=120` → 120. */
function downOf({ type, config }: Guest): number | undefined {
  const down = type === "qemu" ? /(?:^|,)down=(\d+)/.exec(config.startup ?? "")?.[1] : undefined;
  return down === undefined ? undefined : Number(down);
}

function refusal({ type }: Guest): string {
  return type === "qemu" ? "VM quit/powerdown failed - got timeout" : "container did not stop";
}

/** The worker of `qmreboot` and `vzreboot`: what waits is applied on the way. */
export async function reboot(
  site: Site,
  guest: Guest,
  timeout: number | undefined,
  log: TaskLog,
): Promise<void> {
  if (!isRunning(site, guest)) return;
  await shutDown(site, guest, { force: false, ...(timeout === undefined ? {} : { timeout }) }, log);
  if (!isRunning(site, guest)) startGuest(site, guest, log);
}

/** The worker of `qmreset`: the system boots again, the process stays and with it all that waits. */
export function reset(site: Site, guest: Guest, skipLock: boolean): void {
  if (!skipLock) requireUnlocked(guest);
  const state = runState(site, guest);
  const { boot } = traitsOf(site, guest);
  if (!state) return;
  delete state.frozen;
  if (boot > 0) state.answersAt = site.clock.now() + boot * 1000;
  site.network.refresh();
}

/** The worker of `qmpause`. */
export function pause(site: Site, guest: Guest, skipLock: boolean): void {
  if (!skipLock && guest.config.lock !== "backup") requireUnlocked(guest);
  setPaused(site, guest, "user");
}

/** The worker of `qmsuspend`: the memory goes to disk, and the VM goes off until its next start. */
export function hibernate(
  site: Site,
  guest: Guest,
  storage: string | undefined,
  log: TaskLog,
): void {
  if (guest.config.lock === "backup") throw die("cannot suspend to disk during backup");
  requireUnlocked(guest);
  const date = new Date(site.clock.now()).toISOString().slice(0, 10);
  const vmstate = saveState(site, guest, `state-suspend-${date}`, storage, log);
  log.info("State saved, quitting");
  stopGuest(site, guest);
  Object.assign(guest.config, { vmstate, lock: "suspended" }, runningMachine(guest));
}

/** The worker of `qmresume`. */
export function resume(site: Site, guest: Guest, skipLock: boolean, log: TaskLog): void {
  if (guest.config.lock === "suspended") return startGuest(site, guest, log);
  if (runState(site, guest)?.paused === undefined) return;
  if (!skipLock && guest.config.lock !== "backup") requireUnlocked(guest);
  setPaused(site, guest, undefined);
}
