import { die } from "../api/errors";
import type { Caller } from "../api/endpoint";
import { findGuest, GUEST_WORD, requireGuest, requireWritable } from "../guests/config";
import { isRunning } from "../guests/power";
import { nameOf } from "../guests/status";
import type { Guest, Volume } from "../state/types";
import { changeVolume, groupOf, maxProtected, protectedLimit } from "../storage/attributes";
import { folderOf } from "../storage/names";
import { compressorOf } from "./compress";
import { archiveContainer, containerBefore, prepareContainer } from "./ctBackup";
import { pauseGuest, startLocked } from "./guestFeel";
import type { JobLog } from "./jobLog";
import { type BackupOptions, backupLimit, type Mode, notesFrom } from "./options";
import { prune } from "./retention";
import { archiveSize, clockTime, fileStamp, stamp } from "./text";
import { archiveVm, prepareVm, vmBefore } from "./vmBackup";
import { NodeLost, type Work } from "./work";
import { serviceId } from "../ha/serviceId";

/** One guest of a job while it is being backed up. */
export interface GuestTask {
  work: Work;
  options: BackupOptions;
  caller: Caller;
  log: JobLog;
  guest: Guest;
  mode: Mode;
  /** It ran when the backup began. */
  running: boolean;
  /** Epoch milliseconds of the beginning, after which the archive is named. */
  begun: number;
  /** Epoch milliseconds since which the guest stands still, while it does. */
  downSince?: number;
  /** What is to be undone at the end. */
  undo: { unlock?: true; resume?: true; restart?: true; snapshot?: true };
  /** Files have lost their ACLs and extended attributes on the way. */
  withoutXattrs?: true;
}

/** What a guest's backup has made. */
export type Packed = Pick<Volume, "size" | "archive" | "xattrs">;

/**
 * Backs up one guest and says whether that worked (PVE::VZDump::exec_backup_task). An interruption ends the job, and a
 * node that is gone leaves everything as it was in that moment: the lock too.
 */
export async function backupGuest(
  work: Work,
  vmid: number,
  options: BackupOptions,
  caller: Caller,
  log: JobLog,
): Promise<boolean> {
  const { site, node } = work;
  const begun = site.clock.now();
  const since = (): string => clockTime((site.clock.now() - begun) / 1000);
  let task: GuestTask | undefined;
  let type = "qemu";
  log.begin();
  try {
    const guest = findGuest(site, node, vmid);
    if (!guest) throw die(`unable to find VM '${vmid}'`);
    type = guest.type;
    refuse(work, guest, options, caller);
    task = {
      work,
      options,
      caller,
      log,
      guest,
      mode: options.mode,
      running: false,
      begun,
      undo: {},
    };
    await backup(task);
    await tidy(task);
  } catch (error) {
    if (error instanceof NodeLost) throw error;
    const { message } = error as Error;
    if (task) await tidy(task);
    log.error(`Backup of VM ${vmid} failed - ${message}`);
    log.info(`Failed at ${stamp(site.clock.now())}`);
    keepLog(work, type, vmid, log);
    if (message === "interrupted by signal") throw error;
    return false;
  }
  log.info(`Finished Backup of VM ${vmid} (${since()})`);
  log.jobInfo(`Backup finished at ${stamp(site.clock.now())}`);
  keepLog(work, type, vmid, log);
  return true;
}

function keepLog({ site, node }: Work, type: string, vmid: number, log: JobLog): void {
  const path = `/var/log/vzdump/${type}-${vmid}.log`;
  site.host(node).files[path] = { content: log.text(), mode: 0o644 };
}

/** What PVE says before it touches the guest. */
function refuse({ site, node }: Work, guest: Guest, options: BackupOptions, caller: Caller): void {
  const { storage, retention } = options;
  const sid = serviceId(guest);
  if (options.mode === "stop" && site.pmxcfs(node).ha.resources[sid]?.state === "started") {
    throw die(
      "Cannot execute a backup with stop mode on a HA managed and enabled Service. Use snapshot mode or disable the Service.",
    );
  }
  const limit = backupLimit(retention);
  if ((limit === 0 || options.remove) && !options.protected) return;
  const group = `${guest.type}-${guest.vmid}`;
  const backups = site.storages
    .volumes(node, storage)
    .filter(({ name }) => groupOf(name) === group);
  const kept = backups.filter((volume) => volume.protected === true).length;
  if (options.protected) {
    const most = maxProtected(site, node, caller, storage);
    if (most >= 0 && kept >= most) throw protectedLimit(most, storage);
  } else if (backups.length - kept >= limit) {
    throw die(
      `There is a max backup limit of ${limit} enforced by the target storage or the vzdump parameters. Either increase the limit or delete old backups.`,
    );
  }
}

async function backup(task: GuestTask): Promise<void> {
  const { work, log, guest, options } = task;
  const { site, node } = work;
  log.info(`Starting Backup of VM ${guest.vmid} (${guest.type})`);
  log.jobInfo(`Backup started at ${stamp(task.begun)}`);
  requireGuest(site, node, guest.type, guest.vmid);
  task.running = isRunning(site, guest);
  log.info(`status = ${task.running ? "running" : "stopped"}`);
  lock(task);
  task.mode = task.running ? options.mode : "stop";
  if (task.mode === "snapshot") prepareSnapshot(task);
  log.info(`backup mode: ${task.mode}`);
  if (options.bwlimit > 0) log.info(`bandwidth limit: ${options.bwlimit} KiB/s`);
  log.info(`ionice priority: ${options.ionice}`);
  if (task.mode !== "snapshot") prepare(task);
  await (guest.type === "qemu" ? vmBefore(task) : containerBefore(task));
  const { storage } = options;
  const config = site.storages.config(node, storage);
  const { extension } = compressorOf(options.compress);
  const kind = guest.type === "qemu" ? "vma" : "tar";
  const format = extension === undefined ? kind : `${kind}.${extension}`;
  const file = `vzdump-${guest.type}-${guest.vmid}-${fileStamp(task.begun)}.${format}`;
  log.info(`creating vzdump archive '${folderOf(storage, config, "backup")}/${file}'`);
  const packed = await (guest.type === "qemu" ? archiveVm(task) : archiveContainer(task));
  site.storages.volumes(node, storage).push({
    name: `backup/${file}`,
    content: "backup",
    format,
    ctime: Math.floor(task.begun / 1000),
    vmid: guest.vmid,
    ...packed,
  });
  log.info(`archive file size: ${archiveSize(packed.size)}`);
  markAndPrune(task, `${storage}:backup/${file}`);
}

/** PVE's lock on the guest: whoever finds it leaves the guest alone. */
function lock({ work, guest, undo }: GuestTask): void {
  const { lock: held } = guest.config;
  if (held) throw die(`${GUEST_WORD[guest.type]} is locked (${held})`);
  requireWritable(work.site, guest);
  guest.config.lock = "backup";
  undo.unlock = true;
}

function prepare(task: GuestTask): void {
  if (task.guest.type === "qemu") prepareVm(task);
  else prepareContainer(task);
}

/** A container whose volumes have no snapshots is suspended instead. */
function prepareSnapshot(task: GuestTask): void {
  try {
    prepare(task);
  } catch (error) {
    const { message } = error as Error;
    if (!message.startsWith("mode failure")) throw error;
    task.log.info(message);
    task.log.info("trying 'suspend' mode instead");
    task.mode = "suspend";
  }
}

function markAndPrune(task: GuestTask, volid: string): void {
  const { work, log, guest, options, caller } = task;
  const { site, node } = work;
  const limit = maxProtected(site, node, caller, options.storage);
  if (options.notesTemplate !== undefined) {
    log.info("adding notes to backup");
    const notes = notesFrom(options.notesTemplate, {
      cluster: site.pmxcfs(node).corosync?.clusterName ?? "standalone node",
      guestname: nameOf(guest),
      node,
      vmid: String(guest.vmid),
    });
    changeVolume(site, node, volid, { notes, limit });
  }
  if (options.protected) {
    log.info("marking backup as protected");
    changeVolume(site, node, volid, { protected: true, limit });
  }
  if (!options.remove) return;
  const words = Object.entries(options.retention)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, count]) => `${key}=${count}`);
  log.info(`prune older backups with retention: ${words.join(", ")}`);
  const only = { vmid: guest.vmid, type: guest.type };
  const entries = prune(site, node, options.storage, options.retention, only, (line) =>
    log.info(line),
  );
  const gone = entries.filter(({ mark }) => mark === "remove").length;
  log.info(`pruned ${gone} backup(s)${gone > 0 ? " not covered by keep-retention policy" : ""}`);
}

/** Leaves the guest as it was found. Without quorum its file cannot be written, and the lock stays. */
async function tidy(task: GuestTask): Promise<void> {
  const { work, log, guest, undo } = task;
  const { site } = work;
  if (undo.unlock) {
    try {
      requireWritable(site, guest);
      delete guest.config.lock;
    } catch (error) {
      log.plain((error as Error).message);
    }
  }
  if (undo.snapshot) log.info("cleanup temporary 'vzdump' snapshot");
  if (undo.resume) {
    log.info("resume vm");
    pauseGuest(site, guest, false);
    onlineAgain(task);
  } else if (undo.restart && !isRunning(site, guest)) {
    log.info("restarting vm");
    try {
      startLocked(site, guest);
      onlineAgain(task);
    } catch (error) {
      log.plain((error as Error).message);
    }
  }
  await site.commit();
}

/** How long the guest's users had to wait. */
export function onlineAgain({ work, log, downSince }: GuestTask): void {
  if (downSince === undefined) return;
  const down = Math.floor((work.site.clock.now() - downSince) / 1000);
  log.info(`guest is online again after ${down < 1 ? "<1" : down} seconds`);
}
