import { die } from "../api/errors";
import { runState, stopGuest } from "../guests/power";
import { folderOf } from "../storage/names";
import { parseVolumeId, requireVolume } from "../storage/volumes";
import { compressorOf, dataIn, networkTo, packedSize, packingTime } from "./compress";
import { type GuestTask, onlineAgain, type Packed } from "./guestBackup";
import { pauseGuest, shutdownTime } from "./guestFeel";
import { storageAt } from "./options";
import { type BackupVolume, backupVolumes } from "./selection";
import { bytes, fileStamp, human } from "./text";

/** Share of a container's files that change while they are copied. */
const CHANGED = 0.001;
/** File systems that keep owners and permissions, so that a copy may lie beside the archive. */
const POSIX = ["dir", "nfs"];

/** Finds the container's volumes, and in snapshot mode that they have snapshots (PVE::VZDump::LXC::prepare). */
export function prepareContainer(task: GuestTask): void {
  const { work, log, guest, mode } = task;
  const { site, node } = work;
  const { hostname } = guest.config;
  if (hostname !== undefined) log.info(`CT Name: ${hostname}`);
  const volumes = backupVolumes(guest);
  for (const { key, mount = "", included, reason, volid } of volumes) {
    const type = volid.startsWith("/dev/") ? "device" : volid.startsWith("/") ? "bind" : "volume";
    if (included) log.info(`including mount point ${key} ('${mount}') in backup`);
    else log.info(`excluding ${type} mount point ${key} ('${mount}') from backup (${reason})`);
  }
  const included = volumes.filter((volume) => volume.included);
  if (mode === "snapshot" && !included.every(({ volid }) => hasSnapshots(task, volid))) {
    throw die("mode failure - some volumes do not support snapshots");
  }
  for (const { volid } of included) requireVolume(site, node, volid);
}

function hasSnapshots({ work }: GuestTask, volid: string): boolean {
  const { storage } = parseVolumeId(volid);
  const { type } = work.site.storages.config(work.node, storage);
  return type === "lvmthin" || type === "zfspool";
}

/** What happens to the container before its archive is made. */
export async function containerBefore(task: GuestTask): Promise<void> {
  const { work, log, guest, mode, running } = task;
  const { site } = work;
  switch (mode) {
    case "stop":
      if (!running) return;
      log.info("stopping virtual guest");
      task.downSince = site.clock.now();
      await work.pass(shutdownTime(site, guest, task.options.stopwait), []);
      stopGuest(site, guest);
      task.undo.restart = true;
      return;
    case "suspend":
      return copyTwice(task);
    case "snapshot":
      return takeSnapshot(task);
    default: {
      const never: never = mode;
      throw new Error(`unknown mode ${String(never)}`);
    }
  }
}

function takeSnapshot(task: GuestTask): void {
  const { work, log, guest } = task;
  const several = includedIn(task).length > 1;
  if (several) {
    log.info("suspend vm to make snapshot");
    task.downSince = work.site.clock.now();
    pauseGuest(work.site, guest, true);
  }
  log.info("create storage snapshot 'vzdump'");
  task.undo.snapshot = true;
  if (!several) return;
  log.info("resume vm");
  pauseGuest(work.site, guest, false);
  onlineAgain(task);
}

/** The files are copied while the container runs, and once more, what has changed, while it stands still. */
async function copyTwice(task: GuestTask): Promise<void> {
  const { work, log, guest, undo } = task;
  const { site } = work;
  const { path, storage } = temporary(task);
  const { data } = contentOf(task);
  if (storage !== undefined && site.storages.config(work.node, storage).type === "nfs") {
    log.info(
      "temporary directory is on NFS, disabling xattr and acl support, consider configuring a local tmpdir via /etc/vzdump.conf",
    );
    task.withoutXattrs = true;
  }
  await sync(task, "first", path, data, storage);
  log.info("suspending guest");
  task.downSince = site.clock.now();
  pauseGuest(site, guest, true);
  undo.resume = true;
  await sync(task, "final", path, Math.floor(data * CHANGED), storage);
  log.info("resuming guest");
  delete undo.resume;
  pauseGuest(site, guest, false);
  onlineAgain(task);
}

async function sync(
  task: GuestTask,
  which: "first" | "final",
  path: string,
  data: number,
  storage: string | undefined,
): Promise<void> {
  const { work, log, guest, options } = task;
  const from = `/proc/${runState(work.site, guest)?.pid ?? 0}/root/`;
  log.info(`starting ${which} sync ${from} to ${path}`);
  const seconds = packingTime({
    size: data,
    data,
    compressor: compressorOf("0"),
    bwlimit: options.bwlimit,
    network:
      storage === undefined ? Number.POSITIVE_INFINITY : networkTo(work.site, work.node, storage),
  });
  await work.pass(seconds, storagesOf(task, storage));
  const place = storage ?? "local";
  const { total, used } = work.site.storages.status(work.node, place);
  if (which === "first" && data > total - used) {
    log.error("rsync: [receiver] write failed: No space left on device (28)");
    throw die(`command 'rsync --stats -h ${from} ${path}' failed: exit code 11`);
  }
  log.info(`${which} sync finished - transferred ${human(data)} bytes in ${seconds}s`);
}

/** Where the copy lies meanwhile: in `tmpdir`, else beside the archive if owners survive there. */
function temporary(task: GuestTask): { path: string; storage?: string } {
  const { work, log, guest, options, begun } = task;
  const { site, node } = work;
  const own = `vzdumptmp${runState(site, guest)?.pid ?? 0}_${guest.vmid}`;
  if (options.tmpdir !== undefined) {
    const storage = storageAt(site, node, options.tmpdir);
    return { path: `${options.tmpdir}/${own}/`, ...(storage === undefined ? {} : { storage }) };
  }
  const config = site.storages.config(node, options.storage);
  if (!POSIX.includes(config.type)) {
    log.info(
      `filesystem type on dumpdir is '${config.type}' -using /var/tmp/${own} for temporary files`,
    );
    return { path: `/var/tmp/${own}` };
  }
  const folder = folderOf(options.storage, config, "backup");
  const name = `vzdump-lxc-${guest.vmid}-${fileStamp(begun)}.tmp`;
  return { path: `${folder}/${name}`, storage: options.storage };
}

const includedIn = ({ guest }: GuestTask): BackupVolume[] =>
  backupVolumes(guest).filter(({ included }) => included);

function storagesOf(task: GuestTask, more: string | undefined): string[] {
  const own = includedIn(task).map(({ volid }) => parseVolumeId(volid).storage);
  return [...new Set([...own, ...(more === undefined ? [] : [more])])];
}

function contentOf(task: GuestTask) {
  const { work } = task;
  let lost = false;
  const volumes = includedIn(task).map(({ key, volid }) => {
    const volume = requireVolume(work.site, work.node, volid);
    lost ||= volume.xattrs === false;
    const { size, format } = volume;
    return { key, storage: parseVolumeId(volid).storage, format, size, used: dataIn(volume) };
  });
  return { volumes, lost, data: volumes.reduce((sum, { used }) => sum + used, 0) };
}

/** A tar of the files: of the copy in suspend mode, of the volumes or their snapshots otherwise. */
export async function archiveContainer(task: GuestTask): Promise<Packed> {
  const { work, log, options } = task;
  const { site, node } = work;
  const { volumes, data, lost } = contentOf(task);
  const compressor = compressorOf(options.compress);
  const network = networkTo(site, node, options.storage);
  const { bwlimit } = options;
  const seconds = packingTime({ size: data, data, compressor, bwlimit, network });
  await work.pass(seconds, storagesOf(task, options.storage));
  const size = packedSize(data, compressor);
  const { total, used } = site.storages.status(node, options.storage);
  if (size > total - used) {
    log.error(`${compressor.command ?? "tar"}: write error: No space left on device`);
    throw die("command 'set -o pipefail && tar cpf - --totals' failed: exit code 2");
  }
  const rate = `${bytes(data / Math.max(1, seconds), 0).replace(" ", "")}/s`;
  log.info(`Total bytes written: ${data} (${bytes(data, 0).replace(" ", "")}, ${rate})`);
  const config = Object.fromEntries(
    Object.entries(task.guest.config).filter(([key]) => !/^(lock|parent)$/.test(key)),
  );
  return {
    size,
    archive: { config, volumes },
    ...(task.withoutXattrs || lost ? { xattrs: false } : {}),
  };
}
