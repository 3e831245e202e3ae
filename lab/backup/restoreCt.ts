import { addToPool } from "../access/pools";
import type { Call } from "../api/endpoint";
import { requirePool } from "../api/endpoints/guestCommon";
import { badParameters, die, noQuorum } from "../api/errors";
import { parsePropertyString, printPropertyString } from "../api/propertyString";
import { findGuest, formatSize, GUEST_WORD, newMac, parseSize } from "../guests/config";
import { CREATE_ONLY } from "../guests/ct";
import { CT_NET, MOUNT, MOUNT_KEY, mountOf } from "../guests/ctOptions";
import { requireCtPrivileges } from "../guests/ctPrivileges";
import { isRunning, startGuest } from "../guests/power";
import { configKeys } from "../guests/vmPrivileges";
import { volumesIn } from "../guests/volumes";
import { addResource } from "../ha/resources";
import type { Guest } from "../state/types";
import { contentOf } from "../storage/types";
import { requireVolumeAccess } from "../storage/volumeAccess";
import { allocate, findVolume, free, parseVolumeId } from "../storage/volumes";
import type { TaskLog } from "../tasks/tasks";
import {
  archiveVolid,
  lockForCreation,
  openArchive,
  requireRestoreRights,
  type Source,
  unpackingTime,
} from "./archives";
import { networkTo } from "./compress";
import { bytes } from "./text";
import { NodeLost, Work } from "./work";

const GIB = 1024 ** 3;
const REQUEST = [...CREATE_ONLY, "ha-managed", "node"];
/** What the archive's file does not decide. */
const NOT_KEPT = /^(digest|rootfs|mp\d+|unused\d+|unprivileged|parent|snapshots|template)$/;

/** POST /nodes/N/lxc with `restore` (PVE::API2::LXC::create_vm); all that is checked before the task. */
export function restoreCt(call: Call): string {
  const { site, node, caller, params } = call;
  const vmid = Number(params.vmid);
  if (!site.quorum.isQuorate(node)) throw noQuorum();
  if (params["ha-managed"] === 1) site.access.require(node, caller, "/", ["Sys.Console"]);
  const found = findGuest(site, node, vmid);
  const same = found?.type === "lxc" && found.node === node;
  const words = `unable to restore CT ${vmid} -`;
  if (found && !(same && params.force === 1)) {
    throw die(`${GUEST_WORD[found.type]} ${vmid} already exists on node '${found.node}'`);
  }
  if (found && isRunning(site, found)) throw die("can't overwrite running container");
  if (found?.config.protection === "1") {
    throw die(`unable to restore CT ${vmid} - protection mode enabled`);
  }
  if (params.pool !== undefined) requirePool(site.pmxcfs(node), String(params.pool));
  requireRestoreRights(call, same);
  requireCtPrivileges(call, vmid, configKeys(call, [...REQUEST, "unprivileged"]), true);
  const volid = archiveVolid(site, node, String(params.ostemplate));
  requireVolumeAccess(site, node, caller, volid, vmid, "backup");
  requireTargets(call);
  if (found?.config.lock) throw die(`${words} CT is locked (${found.config.lock})`);
  const before = found ? { ...found.config } : undefined;
  const guest = lockForCreation(site, node, "lxc", vmid);
  return site.backups.task("vzrestore", new Work(site, node), String(vmid), caller, (work, log) =>
    run({ call, work, guest, volid, words, log, ...(before ? { before } : {}) }),
  );
}

/** Storages that are named, or the default one, take container directories. */
function requireTargets({ site, node, caller, params }: Call): void {
  const mounts = Object.entries(params).filter(([key]) => MOUNT_KEY.test(key));
  if (mounts.length > 0 && params.rootfs === undefined) {
    throw die("mount points configured, but 'rootfs' not set - aborting");
  }
  const named = mounts.map(([, value]) => /^(?:volume=)?([^:,]+):/.exec(String(value))?.[1]);
  const storages = mounts.length === 0 ? [undefined] : named;
  for (const id of storages.map((storage) => storage ?? String(params.storage ?? "local"))) {
    if (!contentOf(site.storages.requireEnabled(node, id)).includes("rootdir")) {
      throw badParameters({ storage: `storage '${id}' does not support container directories` });
    }
    site.access.require(node, caller, `/storage/${id}`, ["Datastore.AllocateSpace"]);
    site.storages.requireUsable(node, id);
  }
}

interface Restore {
  call: Call;
  work: Work;
  guest: Guest;
  volid: string;
  words: string;
  log: TaskLog;
  /** The file of the container that is overwritten. */
  before?: Record<string, string>;
}

async function run(restore: Restore): Promise<void> {
  const { call, guest, words, before, log } = restore;
  const { site, node, params } = call;
  const made: string[] = [];
  const touched = { now: before === undefined };
  try {
    await unpack(restore, made, touched);
  } catch (error) {
    if (error instanceof NodeLost) throw error;
    for (const volid of made) free(site, node, volid);
    if (touched.now) delete site.pmxcfs(node).guests[String(guest.vmid)];
    else delete guest.config.lock;
    throw die(`${words} ${(error as Error).message}`);
  }
  if (params.pool !== undefined) addToPool(site.pmxcfs(node), guest.vmid, String(params.pool));
  if (params.start === 1) startGuest(site, guest, log);
  if (params["ha-managed"] !== 1) return;
  log.info("Add as HA resource");
  const state = params.start === 1 ? "started" : "stopped";
  addResource(site, node, `ct:${guest.vmid}`, { state });
}

/** New volumes are made first; only then those of a container that is overwritten go. */
async function unpack(restore: Restore, made: string[], touched: { now: boolean }): Promise<void> {
  const { call, work, guest, volid, before, log } = restore;
  const { site, node, caller, params } = call;
  log.info(`recovering backed-up configuration from '${volid}'`);
  const source = openArchive(site, node, "lxc", volid);
  const { config } = source.archive;
  const given =
    params.unprivileged === undefined ? config.unprivileged : String(params.unprivileged);
  if (given !== "1" && (before === undefined || before.unprivileged === "1")) {
    site.access.require(node, caller, "/", ["Sys.Modify"]);
  }
  touched.now = true;
  const mounts = makeVolumes(call, source, made);
  for (const old of volumesIn("lxc", before ?? {}, { unused: true })) {
    if (findVolume(site, node, old.volid)?.vmid === guest.vmid) free(site, node, old.volid);
  }
  log.info(`restoring '${volid}' now..`);
  await extract(work, call, source, made, log);
  log.info("merging backed-up and given configuration..");
  delete guest.pending;
  delete guest.snapshots;
  guest.config = {
    ...merged(call, config),
    ...mounts,
    ...(given === "1" ? { unprivileged: "1" } : {}),
  };
}

/** The volumes of the archive with their sizes, on the one storage, or those that the request names. */
function makeVolumes(
  { site, node, caller, params }: Call,
  { archive, volume: { xattrs } }: Source,
  made: string[],
): Record<string, string> {
  const storage = String(params.storage ?? "local");
  const asked = Object.entries(params).filter(([key]) => MOUNT_KEY.test(key));
  const wanted =
    asked.length > 0
      ? asked
      : Object.entries(archive.config).filter(([key]) => MOUNT_KEY.test(key));
  const mounts: Record<string, string> = {};
  for (const [key, text] of wanted) {
    const properties = key === "rootfs" ? MOUNT : mountOf(key);
    const mount = parsePropertyString(String(text), properties);
    const { volume: from = "", size } = mount;
    if (from.startsWith("/")) {
      if (caller.userid !== "root@pam") {
        throw die(`restoring '${key}' to bind mount is only possible for root`);
      }
      mounts[key] = String(text);
      continue;
    }
    const fresh = /^(?:([^/:]+):)?(\d+(?:\.\d+)?)$/.exec(from);
    if (!fresh && size === undefined) {
      throw die(`unable to detect disk size - please specify ${key} (size)`);
    }
    const target = fresh?.[1] ?? storage;
    const exact = fresh ? Math.round(Number(fresh[2]) * GIB) : parseSize(size ?? "0");
    const wantedVolume = { vmid: Number(params.vmid), size: exact, content: "rootdir" as const };
    const volid = allocate(site, node, target, wantedVolume);
    made.push(volid);
    const used = archive.volumes.find((volume) => volume.key === key)?.used;
    const volume = findVolume(site, node, volid);
    if (volume && used !== undefined) volume.used = used;
    if (volume && xattrs === false) volume.xattrs = false;
    mounts[key] = printPropertyString(
      { ...mount, volume: volid, size: formatSize(exact) },
      properties,
    );
  }
  return mounts;
}

async function extract(
  work: Work,
  { site, node, params }: Call,
  source: Source,
  made: string[],
  log: TaskLog,
): Promise<void> {
  const targets = [...new Set(made.map((volid) => parseVolumeId(volid).storage))];
  const data = source.archive.volumes.reduce((sum, { used }) => sum + used, 0);
  const network = Math.min(
    networkTo(site, node, source.storage),
    ...targets.map((storage) => networkTo(site, node, storage)),
  );
  const seconds = unpackingTime(source.volume, data, network, Number(params.bwlimit ?? 0));
  log.info(`extracting archive '${source.path}'`);
  await work.pass(seconds, [source.storage, ...targets]);
  const rate = bytes(data / Math.max(1, seconds), 0).replace(" ", "");
  log.info(`Total bytes read: ${data} (${bytes(data, 0).replace(" ", "")}, ${rate}/s)`);
}

/** What the request says comes first; with `unique` cards get new addresses. */
function merged({ params }: Call, archived: Record<string, string>): Record<string, string> {
  const config: Record<string, string> = {
    memory: "512",
    swap: "512",
    hostname: `CT${params.vmid}`,
  };
  for (const [key, value] of Object.entries(archived)) {
    if (NOT_KEPT.test(key)) continue;
    if (/^net\d+$/.test(key) && params.unique === 1) {
      const card = parsePropertyString(value, CT_NET);
      config[key] = printPropertyString({ ...card, hwaddr: newMac() }, CT_NET);
    } else config[key] = value;
  }
  for (const [key, value] of Object.entries(params)) {
    if (!REQUEST.includes(key) && !MOUNT_KEY.test(key) && key !== "unprivileged") {
      config[key] = String(value);
    }
  }
  return config;
}
