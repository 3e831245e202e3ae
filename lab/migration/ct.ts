import { die, PveError } from "../api/errors";
import { requireGuest, requireUnlocked, requireWritable } from "../guests/config";
import { isRunning, startGuest, stopGuest } from "../guests/power";
import { traitsOf } from "../guests/traits";
import { snapshotsNaming, storageIn, volumesIn } from "../guests/volumes";
import { switchTarget } from "../replication/jobs";
import type { Site } from "../site";
import type { Guest } from "../state/types";
import { findVolume } from "../storage/volumes";
import type { TaskLog } from "../tasks/tasks";
import { Journey, type MigrationRequest, NodeLost } from "./journey";
import { requireEnabled, targetStorage } from "./storageMap";
import {
  type Copies,
  copyVolume,
  freeAll,
  isLocal,
  localVolids,
  replicatedTo,
  useCopies,
} from "./volumes";

/** Seconds that a container has to stop before it moves. */
const STOP_TIMEOUT = 180;

/** The worker of `vzmigrate`: a running container is stopped, moved and started (PVE::LXC::Migrate). */
export async function migrateCt(
  site: Site,
  request: MigrationRequest,
  task: TaskLog,
): Promise<void> {
  const guest = requireGuest(site, request.node, "lxc", request.vmid);
  const journey = new Journey(site, guest, request, task);
  await journey.finish(async () => {
    const wasRunning = await prepare(journey);
    await phase1(journey, wasRunning);
    journey.log.info("start final cleanup");
    journey.unlock();
    await journey.steps(1);
    if (wasRunning) startThere(journey);
  });
}

async function prepare(journey: Journey): Promise<boolean> {
  const { site, guest, request, log } = journey;
  requireUnlocked(guest);
  const running = isRunning(site, guest);
  if (running && request.online) throw die("lxc live migration is currently not implemented");
  if (running && !request.restart) {
    throw die("running container can only be migrated in restart mode");
  }
  for (const { key, volid, kind } of volumesIn("lxc", guest.config, { unused: true })) {
    if (kind !== "volume") {
      if (/(^|,)shared=1(,|$)/.test(guest.config[key] ?? "")) continue;
      throw die(`cannot migrate local ${kind} mount point '${key}'`);
    }
    const storage = targetStorage(site, guest.node, storageIn(volid), request.storages);
    requireEnabled(site, guest.node, storage, request.target);
  }
  journey.requireConnection();
  requireWritable(site, guest);
  if (!running) return false;
  log.info(`shutdown CT ${guest.vmid}`);
  await shutDown(journey, request.timeout ?? STOP_TIMEOUT);
  return true;
}

async function shutDown(journey: Journey, timeout: number): Promise<void> {
  const { site, guest } = journey;
  const { shutdown, obeys } = traitsOf(site, guest);
  const seconds = obeys ? shutdown : Infinity;
  await journey.pass(Math.min(timeout, seconds));
  if (seconds > timeout) throw die("container did not stop");
  stopGuest(site, guest);
}

async function phase1(journey: Journey, wasRunning: boolean): Promise<void> {
  const { site, guest, request, log } = journey;
  const copies: Copies = {};
  let replicated: string[] = [];
  log.info(
    `starting migration of CT ${guest.vmid} to node '${request.target}' (${journey.address})`,
  );
  guest.config.lock = "migrate";
  try {
    const local = scan(journey);
    replicated = replicatedTo(site, guest, request.target);
    if (replicated.length > 0) site.replications.copy(guest, request.target);
    for (const volid of local.filter((volid) => !replicated.includes(volid))) {
      const storage = targetStorage(site, guest.node, storageIn(volid), request.storages);
      const size = findVolume(site, guest.node, volid)?.size ?? 0;
      const made = copyVolume(site, guest, volid, request.target, storage);
      copies[volid] = made;
      await journey.send(size, journey.bandwidth());
      log.info(`volume '${volid}' is '${made}' on the target`);
    }
    await journey.steps(1);
    requireWritable(site, guest);
  } catch (error) {
    if (error instanceof NodeLost || !(error instanceof PveError)) throw error;
    log.error(error.message);
    log.info("aborting phase 1 - cleanup resources");
    for (const volid of Object.values(copies)) {
      log.error(`found stale volume copy '${volid}' on node '${request.target}'`);
    }
    log.info("start final cleanup");
    journey.unlock();
    if (wasRunning) {
      log.info("start container on source node");
      startGuest(site, guest);
    }
    throw error;
  }
  useCopies(guest, copies);
  guest.node = request.target;
  if (replicated.length > 0) {
    switchTarget(site, request.target, guest.vmid, request.target, request.node);
  }
  freeAll(site, request.node, Object.keys(copies), log);
}

/** Local volumes to copy; those that cannot go are logged and refused. */
function scan({ site, guest, log }: Journey): string[] {
  for (const { volid, kind } of volumesIn("lxc", guest.config)) {
    if (kind !== "volume" || isLocal(site, guest, volid)) continue;
    log.info(`volume '${volid}' is on shared storage '${storageIn(volid)}'`);
  }
  const problems: [string, string][] = [];
  const local = localVolids(site, guest);
  for (const volid of local) {
    const problem = problemOf(site, guest, volid);
    if (problem !== undefined) problems.push([volid, problem]);
    const snapshots = snapshotsNaming(guest, volid).length > 0;
    const where = snapshots ? "referenced by snapshot(s)" : "in current VM config";
    log.info(`found local volume '${volid}' (${where})`);
  }
  for (const [volid, words] of problems) {
    log.info(`can't migrate local volume '${volid}': ${words}`);
  }
  if (problems.length > 0) throw die("can't migrate CT - check log");
  return local;
}

function problemOf(site: Site, guest: Guest, volid: string): string | undefined {
  const { type } = site.storages.config(guest.node, storageIn(volid));
  const volume = findVolume(site, guest.node, volid);
  if (volume?.vmid !== guest.vmid) {
    return `owned by other guest (owner = ${volume?.vmid ?? ""})`;
  }
  const snapshots = snapshotsNaming(guest, volid).length > 0;
  if (snapshots && !["zfspool", "btrfs"].includes(type)) return "non-migratable snapshot exists";
  return volume.base === undefined ? undefined : `clone of '${volume.base}'`;
}

function startThere(journey: Journey): void {
  const { site, guest, request, log } = journey;
  log.info("start container on target node");
  log.info(`# /usr/bin/ssh root@${journey.address} pct start ${request.vmid}`);
  try {
    startGuest(site, guest);
  } catch (error) {
    if (!(error instanceof PveError)) throw error;
    log.error(error.message);
    log.errors = true;
  }
}
