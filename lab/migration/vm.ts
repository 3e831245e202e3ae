import { die, PveError } from "../api/errors";
import { requireGuest, requireUnlocked, requireWritable } from "../guests/config";
import { isRunning, requireDevices } from "../guests/power";
import { storageIn, volumesIn } from "../guests/volumes";
import { jobsOfGuest, jobTo, switchTarget } from "../replication/jobs";
import type { Site } from "../site";
import { findVolume } from "../storage/volumes";
import type { TaskLog } from "../tasks/tasks";
import { Journey, type MigrationRequest, NodeLost } from "./journey";
import { sendMemory } from "./memory";
import { localResources } from "./preconditions";
import { type LocalVolume, scanVolumes } from "./scan";
import { requireContent, requireEnabled, targetStorage } from "./storageMap";
import { type Copies, copyVolume, freeAll, replicatedTo, useCopies } from "./volumes";

/** Seconds on real hardware: SSH and the VM's process on the target, and tidying up afterwards. */
const BEFORE = 3;
const AFTER = 2;

/** The worker of `qmigrate` (PVE::QemuMigrate). */
export async function migrateVm(
  site: Site,
  request: MigrationRequest,
  task: TaskLog,
): Promise<void> {
  const guest = requireGuest(site, request.node, "qemu", request.vmid);
  const journey = new Journey(site, guest, request, task);
  await journey.finish(async () => {
    const running = prepare(journey);
    const { volumes, copies } = await phase1(journey, running);
    if (running) {
      try {
        await phase2(journey, volumes, copies);
      } catch (error) {
        if (error instanceof NodeLost || !(error instanceof PveError)) throw error;
        return giveUp(journey, copies, error.message);
      }
    } else moveFile(journey, copies);
    await finishMove(journey, copies);
  });
}

/** Refusals before anything is touched. */
function prepare({ site, guest, request, log }: Journey): boolean {
  requireUnlocked(guest);
  const running = isRunning(site, guest);
  if (running && !request.online) throw die("can't migrate running VM without --online");
  const jobs = jobsOfGuest(site, guest.node, guest.vmid);
  if (running && jobs.length > 0 && !jobTo(site, guest, request.target) && !request.force) {
    throw die(
      `Cannot live-migrate replicated VM to node '${request.target}' - not a replication target. Use 'force' to override.`,
    );
  }
  if (running) {
    log.info(
      "conntrack state migration not supported or disabled, active connections might get dropped",
    );
  }
  const blocking = localResources(guest, running);
  if (blocking.length > 0) {
    if (running || !request.force) {
      throw die(`can't migrate VM which uses local devices: ${blocking.join(", ")}`);
    }
    log.info("migrating VM which uses local devices");
  }
  for (const { volid, kind, cdrom } of volumesIn("qemu", guest.config)) {
    if (kind !== "volume" || cdrom) continue;
    const storage = targetStorage(site, guest.node, storageIn(volid), request.storages);
    requireEnabled(site, guest.node, storage, request.target);
    requireContent(site, guest, volid, storage);
  }
  return running;
}

/** Locks the VM and copies what can be copied before: disks of a stopped VM, and what is made from its file. */
async function phase1(
  journey: Journey,
  running: boolean,
): Promise<{ volumes: LocalVolume[]; copies: Copies }> {
  const { site, guest, request, log } = journey;
  journey.requireConnection();
  requireWritable(site, guest);
  log.info(
    `starting migration of VM ${guest.vmid} to node '${request.target}' (${journey.address})`,
  );
  guest.config.lock = "migrate";
  const copies: Copies = {};
  try {
    const { target, withLocalDisks = false, storages } = request;
    const plan = { target, running, withLocalDisks, ...(storages ? { storages } : {}) };
    const replicated = replicatedTo(site, guest, target);
    const volumes = scanVolumes(site, guest, plan, log).filter(
      ({ volid }) => !replicated.includes(volid),
    );
    if (replicated.length > 0) {
      log.info("replicating disk images");
      site.replications.copy(guest, target);
    }
    const first = volumes.filter(({ online }) => !online);
    if (first.length > 0) log.info("copying local disk images");
    for (const volume of first) await copy(journey, volume, copies);
    return { volumes, copies };
  } catch (error) {
    if (error instanceof NodeLost || !(error instanceof PveError)) throw error;
    log.error(error.message);
    log.info("aborting phase 1 - cleanup resources");
    journey.unlock();
    freeAll(site, request.target, Object.values(copies), log);
    throw error;
  }
}

async function copy(journey: Journey, volume: LocalVolume, copies: Copies): Promise<void> {
  const { site, guest, request, log } = journey;
  const { volid, storage } = volume;
  const size = findVolume(site, guest.node, volid)?.size ?? 0;
  const made = copyVolume(site, guest, volid, request.target, storage);
  copies[volid] = made;
  await journey.send(size, journey.bandwidth());
  log.info(`volume '${volid}' is '${made}' on the target`);
}

/** Starts the VM's process on the target, mirrors its local disks and sends its memory. */
async function phase2(journey: Journey, volumes: LocalVolume[], copies: Copies): Promise<void> {
  const { site, guest, request, log } = journey;
  const { target } = request;
  log.info(`starting VM ${guest.vmid} on remote node '${target}'`);
  await journey.steps(BEFORE);
  try {
    requireDevices(site, guest, target, { info: (line) => log.info(`[${target}] ${line}`) });
    for (const { volid, kind } of volumesIn("qemu", guest.config)) {
      if (kind !== "volume") continue;
      const storage = targetStorage(site, guest.node, storageIn(volid), request.storages);
      site.storages.requireUsable(target, storage);
    }
  } catch (error) {
    log.info(`[${target}] ${(error as Error).message}`);
    throw die("remote command failed with exit code 255");
  }
  log.info("start remote tunnel");
  const online = volumes.filter((volume) => volume.online);
  if (online.length > 0) {
    log.info("starting storage migration");
    for (const volume of online) {
      log.info(
        `${volume.key}: start migration to nbd:unix:/run/qemu-server/${guest.vmid}_nbd.migrate:exportname=drive-${volume.key}`,
      );
      await copy(journey, volume, copies);
    }
    log.info("switching mirror jobs to actively synced mode");
  }
  await sendMemory(journey, () => moveFile(journey, copies));
}

/** The VM is the target's from here on: its file, and the copies of its disks. */
function moveFile({ site, guest, request }: Journey, copies: Copies): void {
  requireWritable(site, guest);
  useCopies(guest, copies);
  guest.node = request.target;
  switchTarget(site, request.target, guest.vmid, request.target, request.node);
}

async function finishMove(journey: Journey, copies: Copies): Promise<void> {
  const { site, request, log } = journey;
  await journey.steps(AFTER);
  freeAll(site, request.node, Object.keys(copies), log);
  journey.unlock();
}

/** The VM stays where it is, running. */
function giveUp(journey: Journey, copies: Copies, words: string): void {
  const { site, request, log } = journey;
  log.errors = true;
  log.error(`online migrate failure - ${words}`);
  log.info("aborting phase 2 - cleanup resources");
  log.info("migrate_cancel");
  journey.unlock();
  freeAll(site, request.target, Object.values(copies), log);
}
