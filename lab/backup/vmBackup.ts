import { randomUUID } from "node:crypto";
import { die } from "../api/errors";
import { agentAnswers } from "../guests/agent";
import { runState, stopGuest } from "../guests/power";
import { traitsOf } from "../guests/traits";
import { parseVolumeId, requireVolume } from "../storage/volumes";
import { type Effort, compressorOf, dataIn, networkTo, packedSize, packingTime } from "./compress";
import type { GuestTask, Packed } from "./guestBackup";
import { pauseGuest, shutdownTime, startLocked } from "./guestFeel";
import { type BackupVolume, backupVolumes } from "./selection";
import { bytes, duration, speed } from "./text";

/** Seconds between two lines about progress, at least. */
const PROGRESS = 3;

/** Finds the VM's disks, all of which must be reachable (PVE::VZDump::QemuServer::prepare). */
export function prepareVm({ work, log, guest }: GuestTask): void {
  const { name } = guest.config;
  if (name !== undefined) log.info(`VM Name: ${name}`);
  const volumes = backupVolumes(guest);
  for (const { key, volid, included, reason, size } of volumes) {
    if (included)
      log.info(`include disk '${key}' '${volid}'${size === undefined ? "" : ` ${size}`}`);
    else log.info(`exclude disk '${key}' '${volid}' (${reason})`);
  }
  for (const { volid } of disksOf(volumes)) requireVolume(work.site, work.node, volid);
}

const disksOf = (volumes: BackupVolume[]): BackupVolume[] =>
  volumes.filter(({ included, volid }) => included && volid.includes(":"));

/** In stop mode the VM is shut down, in suspend mode it stands still; both only until the archive has begun. */
export async function vmBefore(task: GuestTask): Promise<void> {
  const { work, log, guest, options, mode, running } = task;
  const { site } = work;
  switch (mode) {
    case "stop":
      if (!running) return;
      log.info("stopping virtual guest");
      task.downSince = site.clock.now();
      await shutDown(task);
      task.undo.restart = true;
      return;
    case "suspend":
      log.info("suspending guest");
      task.downSince = site.clock.now();
      if (runState(site, guest)?.paused === undefined) {
        pauseGuest(site, guest, true);
        task.undo.resume = true;
      }
      return;
    case "snapshot":
      return;
    default: {
      const never: never = mode;
      throw new Error(`unknown mode ${String(never)} (${options.mode})`);
    }
  }
}

/** A VM that does not go by itself in time fails its backup, and goes on. */
async function shutDown({ work, guest, options }: GuestTask): Promise<void> {
  const { site } = work;
  await work.pass(shutdownTime(site, guest, options.stopwait), []);
  if (!traitsOf(site, guest).obeys) {
    const wait = options.stopwait * 60;
    throw die(
      `command 'qm shutdown ${guest.vmid} --skiplock --keepActive --timeout ${wait}' failed: exit code 255`,
    );
  }
  stopGuest(site, guest);
}

/** The archive is made by the VM's own process, which is started for it if need be (archive_vma). */
export async function archiveVm(task: GuestTask): Promise<Packed> {
  const { work, log, guest, options, running } = task;
  const { site, node } = work;
  const disks = disksOf(backupVolumes(guest));
  for (const [key, value] of Object.entries(guest.config)) {
    if (/^unused\d+$/.test(key))
      log.info(`skip unused drive '${value}' (not included into backup)`);
  }
  const volumes = disks.map(({ key, volid }) => {
    const { size, format, ...rest } = requireVolume(site, node, volid);
    const used = dataIn({ size, format, ...rest });
    return { key, storage: parseVolumeId(volid).storage, format, size, used };
  });
  if (volumes.length === 0) {
    log.info("backup contains no disks");
    log.info("starting diskless backup");
  } else begin(task);
  const effort: Effort = {
    size: volumes.reduce((sum, { size }) => sum + size, 0),
    data: volumes.reduce((sum, { used }) => sum + used, 0),
    compressor: compressorOf(options.compress),
    bwlimit: options.bwlimit,
    network: networkTo(site, node, options.storage),
  };
  const size = packedSize(effort.data, effort.compressor);
  try {
    if (volumes.length > 0)
      await copy(
        task,
        effort,
        volumes.map(({ storage }) => storage),
      );
    else await work.pass(0, [options.storage]);
    requireSpace(task, size);
  } catch (error) {
    log.error((error as Error).message);
    log.info("aborting backup job");
    throw error;
  }
  if (!running && volumes.length > 0) log.info("stopping kvm after backup task");
  return { size, archive: { config: archivedConfig(task), volumes } };
}

/** From here on the archive holds this moment, and the VM goes on. */
function begin(task: GuestTask): void {
  const { work, log, guest, running, mode, undo } = task;
  const { site } = work;
  if (mode === "stop") {
    log.info("starting kvm to execute backup task");
    if (running) startLocked(site, guest);
  }
  const freezes = mode !== "stop" && running && hasAgent(task);
  if (freezes) log.info("issuing guest-agent 'fs-freeze' command");
  log.info("starting backup via QMP command");
  if (freezes) log.info("issuing guest-agent 'fs-thaw' command");
  log.info(`started backup task '${randomUUID()}'`);
  if (!running || (mode === "suspend" && !undo.resume)) return;
  if (undo.resume) pauseGuest(site, guest, false);
  const { downSince } = task;
  if (downSince === undefined) log.info("resuming VM again");
  else {
    const down = Math.floor((site.clock.now() - downSince) / 1000);
    log.info(`resuming VM again after ${down} seconds`);
  }
  delete task.downSince;
}

/** The agent is asked for and there, and may freeze file systems. */
function hasAgent({ work, guest }: GuestTask): boolean {
  const mayFreeze = !/freeze-fs(-on-backup)?=0/.test(guest.config.agent ?? "");
  return mayFreeze && agentAnswers(work.site, guest);
}

/** Lets the copy take its time, with the lines that QEMU's progress makes. */
async function copy(task: GuestTask, effort: Effort, sources: string[]): Promise<void> {
  const { work, log, options } = task;
  const total = packingTime(effort);
  const storages = [options.storage, ...sources];
  const step = Math.max(PROGRESS, Math.round(total / 20));
  const { size, data } = effort;
  const line = (done: number, seconds: number, delta: number): void => {
    const share = total === 0 ? 1 : delta / total;
    log.info(
      `${String(Math.floor((done * 100) / size)).padStart(3)}% (${bytes(done, 1)} of ${bytes(size, 1)}) in ${duration(seconds)}, read: ${speed(size * share, delta)}, write: ${speed(data * share, delta)}`,
    );
  };
  for (let seconds = 0; seconds < total;) {
    const delta = Math.min(step, total - seconds);
    await work.pass(delta, storages);
    seconds += delta;
    line(Math.floor((size * seconds) / total), seconds, delta);
  }
  await work.pass(0, storages);
  if (total === 0) line(size, 0, 0);
  const zero = size - data;
  if (zero > 0) {
    log.info(
      `backup is sparse: ${bytes(zero)} (${Math.floor((zero * 100) / size)}%) total zero data`,
    );
  }
  log.info(
    total === 0
      ? `transferred ${bytes(size)} in <1 seconds`
      : `transferred ${bytes(size)} in ${total} seconds (${speed(size, total)})`,
  );
}

/** A compressor that cannot write takes the pipe away from QEMU. */
function requireSpace({ work, options }: GuestTask, size: number): void {
  const { total, used } = work.site.storages.status(work.node, options.storage);
  if (size <= total - used) return;
  const why = compressorOf(options.compress).command ? "Broken pipe" : "No space left on device";
  throw die(`vma_queue_write: write error - ${why}`);
}

/** The VM's file without what only counts now. */
function archivedConfig({ guest }: GuestTask): Record<string, string> {
  return Object.fromEntries(
    Object.entries(guest.config).filter(([key]) => !/^(lock|parent|unused\d+)$/.test(key)),
  );
}
