import { randomUUID } from "node:crypto";
import type { Call } from "../api/endpoint";
import { badParameters, die, noQuorum } from "../api/errors";
import { parsePropertyString, printPropertyString } from "../api/propertyString";
import { addToPool } from "../access/pools";
import { requirePool } from "../api/endpoints/guestCommon";
import { findGuest, GUEST_WORD, newMac } from "../guests/config";
import { isRunning, startGuest } from "../guests/power";
import { DRIVE, DRIVE_KEY, NET } from "../guests/vmOptions";
import { configKeys, requireVmPrivileges } from "../guests/vmPrivileges";
import { addUnused, volumesIn } from "../guests/volumes";
import { addResource, updateResource } from "../ha/resources";
import type { Site } from "../site";
import type { Guest } from "../state/types";
import { contentOf } from "../storage/types";
import { requireVolumeAccess } from "../storage/volumeAccess";
import {
  allocate,
  findVolume,
  free,
  parseVolumeId,
  supportsFormat,
  volumePath,
  volumesOfGuest,
} from "../storage/volumes";
import type { TaskLog } from "../tasks/tasks";
import { archivedText } from "./archiveText";
import {
  archiveVolid,
  lockForCreation,
  openArchive,
  requireRestoreRights,
  type Source,
  unpackingTime,
} from "./archives";
import { networkTo } from "./compress";
import { NodeLost, Work } from "./work";

/** Keys of the request that are not the VM's. */
const REQUEST = [
  "archive",
  "bwlimit",
  "force",
  "ha-managed",
  "import-working-storage",
  "live-restore",
  "node",
  "pool",
  "start",
  "storage",
  "unique",
  "vmid",
];
const CLOUD_INIT = /[:/]vm-\d+-cloudinit/;

/** POST /nodes/N/qemu with `archive` (PVE::API2::Qemu::create_vm); all that is checked before the task. */
export function restoreVm(call: Call): string {
  const { site, node, caller, params } = call;
  const vmid = Number(params.vmid);
  const found = findGuest(site, node, vmid);
  if (!site.quorum.isQuorate(node)) throw noQuorum();
  if (params.pool !== undefined) requirePool(site.pmxcfs(node), String(params.pool));
  if (params.storage !== undefined) {
    site.access.require(node, caller, `/storage/${params.storage}`, ["Datastore.AllocateSpace"]);
  }
  if (params["ha-managed"] === 1) site.access.require(node, caller, "/", ["Sys.Console"]);
  if (params.start === 1) site.access.require(node, caller, `/vms/${vmid}`, ["VM.PowerMgmt"]);
  requireRestoreRights(call, found?.type === "qemu" && found.node === node);
  for (const key of Object.keys(params)) {
    if (DRIVE_KEY.test(key)) {
      throw badParameters({ [key]: "option conflicts with option 'archive'" });
    }
  }
  const volid = archiveVolid(site, node, String(params.archive));
  requireVolumeAccess(site, node, caller, volid, vmid, "backup");
  requireVmPrivileges(call, vmid, configKeys(call, REQUEST));
  const words = `unable to restore VM ${vmid} -`;
  const same = found?.type === "qemu" && found.node === node && params.force === 1;
  if (found && !same) {
    throw die(`${words} ${GUEST_WORD[found.type]} ${vmid} already exists on node '${found.node}'`);
  }
  if (found?.config.lock) throw die(`${words} VM is locked (${found.config.lock})`);
  const guest = lockForCreation(site, node, "qemu", vmid);
  return site.backups.task("qmrestore", new Work(site, node), String(vmid), caller, (work, log) =>
    run({ call, work, guest, volid, words, log }),
  );
}

interface Restore {
  call: Call;
  work: Work;
  guest: Guest;
  volid: string;
  words: string;
  log: TaskLog;
}

async function run(restore: Restore): Promise<void> {
  const { call, guest, log } = restore;
  const { site, node, params } = call;
  try {
    await unpack(restore);
  } catch (error) {
    if (error instanceof NodeLost) throw error;
    if (guest.config.lock === "create") delete guest.config.lock;
    else log.info("no lock found trying to remove 'create' lock");
    log.info(
      `error before or during data restore, some or all disks were not completely restored. VM ${guest.vmid} state is NOT cleaned up.`,
    );
    throw error;
  }
  if (params.pool !== undefined) addToPool(site.pmxcfs(node), guest.vmid, String(params.pool));
  if (params.start === 1) {
    log.info("Execute autostart");
    attempt(log, () => startGuest(site, guest, log));
  }
  if (params["ha-managed"] === 1) {
    const sid = `vm:${guest.vmid}`;
    const state = params.start === 1 ? "started" : "stopped";
    const known = site.pmxcfs(node).ha.resources[sid] !== undefined;
    log.info(`${known ? "Set" : "Add"} HA resource with request-state '${state}'`);
    attempt(log, () =>
      known
        ? updateResource(site, node, sid, { state }, [])
        : addResource(site, node, sid, { state }),
    );
  }
}

/** What goes wrong after the restore is only told. */
function attempt(log: TaskLog, action: () => void): void {
  try {
    action();
  } catch (error) {
    log.info((error as Error).message);
  }
}

/** The VM's disks go before the archive is read, and are not there any more if that fails. */
async function unpack({ call, work, guest, volid, words, log }: Restore): Promise<void> {
  const { site, node, params } = call;
  if (guest.config.protection === "1") throw die(`${words} - protection mode enabled`);
  if (isRunning(site, guest)) throw die(`${words} vm is running`);
  if (params["live-restore"] === 1) {
    throw die("live-restore is only compatible with backup images from a Proxmox Backup Server");
  }
  const source = openArchive(site, node, "qemu", volid);
  announce(source, log);
  const targets = targetsOf(call, source);
  const old = guest.config;
  guest.config = { memory: "128" };
  delete guest.pending;
  delete guest.snapshots;
  freeOld(site, guest, old, new Set(targets.map(({ key }) => key)));
  const made: Record<string, string> = {};
  try {
    for (const target of targets) made[target.key] = allocateTarget(call, target, log);
    await copy(work, call, source, targets, made, log);
  } catch (error) {
    if (error instanceof NodeLost) throw error;
    for (const name of Object.values(made)) {
      free(site, node, name);
      log.info(`temporary volume '${name}' successfully removed`);
    }
    throw error;
  }
  for (const { key, used } of targets) {
    const volume = findVolume(site, node, made[key] ?? "");
    if (volume && used !== undefined) volume.used = used;
  }
  guest.config = restoredConfig(call, source, made);
  log.info("rescan volumes...");
  const named = volumesIn("qemu", guest.config).map((volume) => volume.volid);
  for (const other of volumesOfGuest(site, node, guest.vmid)) {
    if (!named.includes(other)) addUnused(guest, other);
  }
}

function announce({ path, volume, archive }: Source, log: TaskLog): void {
  const packer = { zst: "zstd -q -d -c", gz: "zcat", lzo: "lzop -d -c" }[
    volume.format.split(".")[1] ?? ""
  ];
  const own = "/var/tmp/vzdumptmp";
  const read = packer === undefined ? path : "-";
  const pipe = packer === undefined ? "" : `${packer} ${path} | `;
  log.info(`restore vma archive: ${pipe}vma extract -v -r ${own}.fifo ${read} ${own}`);
  log.info(`CFG: size: ${archivedText("qemu", archive).length} name: qemu-server.conf`);
  archive.volumes.forEach(({ key, size }, index) =>
    log.info(`DEV: dev_id=${index + 1} size: ${size} devname: drive-${key}`),
  );
  log.info(`CTIME: ${new Date(volume.ctime * 1000).toUTCString()}`);
}

interface Target {
  key: string;
  storage: string;
  format: string;
  size: number;
  used?: number;
  cloudInit?: true;
}

/** Where each disk of the archive goes: to `storage`, else where it was. */
function targetsOf({ site, node, caller, params }: Call, { archive }: Source): Target[] {
  const targets: Target[] = [
    ...archive.volumes,
    ...Object.entries(archive.config).flatMap(([key, text]): Target[] => {
      const { file = "" } = DRIVE_KEY.test(key) ? parsePropertyString(text, DRIVE) : {};
      if (!CLOUD_INIT.test(file)) return [];
      const format = /\.(qcow2|raw)$/.exec(file)?.[1] ?? "raw";
      const { storage } = parseVolumeId(file);
      return [{ key, storage, format, size: 4 * 1024 ** 2, cloudInit: true }];
    }),
  ];
  return targets.map((target) => {
    const storage = params.storage === undefined ? target.storage : String(params.storage);
    const config = site.storages.config(node, storage);
    if (!contentOf(config).includes("images")) {
      throw die(`Content type 'images' is not available on storage '${storage}'`);
    }
    site.access.require(node, caller, `/storage/${storage}`, ["Datastore.AllocateSpace"]);
    // A format that the storage does not have becomes its own.
    const format = supportsFormat(config, target.format) ? target.format : (config.format ?? "raw");
    return { ...target, storage, format };
  });
}

function freeOld(
  site: Site,
  guest: Guest,
  old: Record<string, string>,
  restored: Set<string>,
): void {
  for (const { key, volid, kind, cdrom, cloudInit } of volumesIn("qemu", old)) {
    if (kind !== "volume" || (cdrom && !cloudInit) || !restored.has(key)) continue;
    if (findVolume(site, guest.node, volid)?.vmid === guest.vmid) free(site, guest.node, volid);
  }
}

function allocateTarget({ site, node, params }: Call, target: Target, log: TaskLog): string {
  const volid = allocate(site, node, target.storage, {
    vmid: Number(params.vmid),
    size: target.size,
    format: target.format,
    content: "images",
    ...(target.cloudInit ? { suffix: "cloudinit" } : {}),
  });
  log.info(`new volume ID is '${volid}'`);
  return volid;
}

async function copy(
  work: Work,
  { site, node, params }: Call,
  source: Source,
  targets: Target[],
  made: Record<string, string>,
  log: TaskLog,
): Promise<void> {
  for (const { key, storage, cloudInit } of targets) {
    if (cloudInit) continue;
    const config = site.storages.config(node, storage);
    const { name } = parseVolumeId(made[key] ?? "");
    const path = volumePath(storage, config, { name, content: "images" });
    log.info(`map 'drive-${key}' to '${path}' (write zeros = 0)`);
  }
  const size = targets.reduce((sum, target) => sum + (target.cloudInit ? 0 : target.size), 0);
  const data = targets.reduce((sum, { used = 0 }) => sum + used, 0);
  for (const { storage, used = 0 } of targets) site.storages.requireSpace(node, storage, used);
  const network = Math.min(
    networkTo(site, node, source.storage),
    ...targets.map(({ storage }) => networkTo(site, node, storage)),
  );
  const total = unpackingTime(source.volume, data, network, Number(params.bwlimit ?? 0));
  const storages = [source.storage, ...targets.map(({ storage }) => storage)];
  const steps = Math.min(10, Math.max(1, total));
  for (let step = 1; step <= steps; step++) {
    await work.pass(total / steps, storages);
    const share = step / steps;
    log.info(
      `progress ${Math.floor(share * 100)}% (read ${Math.floor(size * share)} bytes, duration ${Math.floor(total * share)} sec)`,
    );
  }
  const zero = size - data;
  const percent = size === 0 ? 0 : ((zero * 100) / size).toPrecision(3);
  log.info(`total bytes read ${size}, sparse bytes ${zero} (${percent}%)`);
}

/** The VM's file from the archive: its disks where they are now, and what the request says otherwise. */
function restoredConfig(
  { params }: Call,
  { archive }: Source,
  made: Record<string, string>,
): Record<string, string> {
  const unique = params.unique === 1;
  const config: Record<string, string> = {};
  for (const [key, value] of Object.entries(archive.config)) {
    if (DRIVE_KEY.test(key)) {
      const drive = parsePropertyString(value, DRIVE);
      const volid = made[key];
      if (drive.backup === "0") {
        // What was left out is only remembered.
        config.description = `${config.description ?? archive.config.description ?? ""}${key}: ${value}\n`;
      } else
        config[key] =
          volid === undefined ? value : printPropertyString({ ...drive, file: volid }, DRIVE);
    } else if (/^net\d+$/.test(key) && unique) {
      const card = parsePropertyString(value, NET);
      config[key] = printPropertyString({ ...card, macaddr: newMac() }, NET);
    } else if (key === "vmgenid") config[key] = value === "0" ? value : randomUUID();
    else if (key === "smbios1" && unique) {
      config[key] = value.replace(/uuid=[^,]*/, `uuid=${randomUUID()}`);
    } else config[key] ??= value;
  }
  for (const [key, value] of Object.entries(params)) {
    if (!REQUEST.includes(key)) config[key] = String(value);
  }
  return config;
}
