import { die } from "../api/errors";
import type { Parameters } from "../api/schema";
import { seconds } from "../seams/clock";
import type { Site } from "../site";
import type { Guest, Snapshot } from "../state/types";
import { findVolume, free, requireVolume } from "../storage/volumes";
import type { TaskLog } from "../tasks/tasks";
import { guestDigest, parseSize, requireUnlocked, requireWritable, typedValue } from "./config";
import { guestHas } from "./features";
import { isRunning, run, stopGuest } from "./power";
import { machineOf } from "./status";
import { saveState } from "./vmState";
import { addUnused, isNamed, isUnused, storageIn, volumesIn } from "./volumes";

/** What a snapshot does not copy from the configuration, nor bring back (__snapshot_copy_config). */
const OWN = ["description", "lock", "parent", "vmstate"];

const copied = (config: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(config).filter(([key]) => !OWN.includes(key) && !isUnused(key)),
  );

export function requireSnapshot(guest: Guest, name: string): Snapshot {
  const { snapshots = {} } = guest;
  const snapshot = Object.hasOwn(snapshots, name) ? snapshots[name] : undefined;
  if (!snapshot) throw die(`snapshot '${name}' does not exist`);
  return snapshot;
}

/** Entries of GET …/snapshot, `current` last. */
export function snapshotEntries(site: Site, guest: Guest): Record<string, unknown>[] {
  const entries = Object.entries(guest.snapshots ?? {}).map(([name, snapshot]) => ({
    name,
    snaptime: snapshot.time,
    description: snapshot.description ?? "",
    ...(guest.type === "qemu" ? { vmstate: snapshot.vmstate === undefined ? 0 : 1 } : {}),
    ...(snapshot.parent === undefined ? {} : { parent: snapshot.parent }),
  }));
  const current = {
    name: "current",
    digest: guestDigest(guest),
    running: isRunning(site, guest) ? 1 : 0,
    description: "You are here!",
    ...(guest.config.parent === undefined ? {} : { parent: guest.config.parent }),
  };
  return [...entries, current];
}

export function snapshotConfig(
  guest: Guest,
  name: string,
  options: Parameters,
): Record<string, unknown> {
  const { config, time, description, parent, vmstate } = requireSnapshot(guest, name);
  const typed = Object.entries(config).map(([key, value]) => [
    key,
    typedValue(options, key, value),
  ]);
  return {
    ...Object.fromEntries(typed),
    snaptime: time,
    ...(description === undefined ? {} : { description }),
    ...(parent === undefined ? {} : { parent }),
    ...(vmstate === undefined ? {} : { vmstate }),
  };
}

/** The worker of `qmsnapshot` and `vzsnapshot`; with `withState` the memory of a running VM is saved too. */
export function createSnapshot(
  site: Site,
  guest: Guest,
  name: string,
  { withState, description }: { withState: boolean; description?: string },
  log: TaskLog,
): void {
  if (guest.config.template === "1") throw die("you can't take a snapshot if it's a template");
  requireUnlocked(guest);
  requireWritable(site, guest);
  if (Object.hasOwn(guest.snapshots ?? {}, name)) {
    throw die(`snapshot name '${name}' already used`);
  }
  if (!guestHas(site, guest, guest.config, "snapshot")) {
    throw die("snapshot feature is not available");
  }
  for (const { volid, cdrom } of volumesIn(guest.type, guest.config)) {
    if (!cdrom) site.storages.requireUsable(guest.node, storageIn(volid));
  }
  const snapshot: Snapshot = { config: copied(guest.config), time: seconds(site.clock) };
  if (description) snapshot.description = description;
  if (guest.config.parent !== undefined) snapshot.parent = guest.config.parent;
  if (withState && isRunning(site, guest)) {
    snapshot.vmstate = saveState(site, guest, `state-${name}`, undefined, log);
    Object.assign(snapshot.config, runningMachine(guest));
  }
  for (const { key, volid, cdrom } of volumesIn(guest.type, guest.config)) {
    if (!cdrom && guest.type === "qemu") log.info(`snapshotting 'drive-${key}' (${volid})`);
  }
  for (const other of Object.values(guest.snapshots ?? {})) {
    if (other.parent === name) delete other.parent;
  }
  guest.snapshots = { ...guest.snapshots, [name]: snapshot };
  guest.config.parent = name;
}

/** What QEMU was started as, which a saved state needs again. */
export function runningMachine({ config }: Guest): Record<string, string> {
  const cpu = /^(?:cputype=)?([^,]*)/.exec(config.cpu ?? "kvm64")?.[1] ?? "kvm64";
  return { runningmachine: `${machineOf(config.machine)}+pve0`, runningcpu: `${cpu},enforce` };
}

/** The worker of `qmdelsnapshot` and `vzdelsnapshot`. Volumes that only it named become unused. */
export function deleteSnapshot(site: Site, guest: Guest, name: string, force: boolean): void {
  const snapshot = requireSnapshot(guest, name);
  requireUnlocked(guest);
  requireWritable(site, guest);
  if (guest.config.template === "1") {
    throw die("you can't delete a snapshot if vm is a template");
  }
  const volumes = volumesIn(guest.type, snapshot.config).filter(({ cdrom }) => !cdrom);
  for (const { volid } of volumes) {
    if (!force) site.storages.requireUsable(guest.node, storageIn(volid));
  }
  if (snapshot.vmstate !== undefined) free(site, guest.node, snapshot.vmstate);
  delete guest.snapshots?.[name];
  if (Object.keys(guest.snapshots ?? {}).length === 0) delete guest.snapshots;
  if (guest.config.parent === name) setParent(guest.config, snapshot.parent);
  for (const other of Object.values(guest.snapshots ?? {})) {
    if (other.parent === name) setParent(other, snapshot.parent);
  }
  for (const { volid } of volumes) keepUnnamed(site, guest, volid);
}

/** The worker of `qmrollback` and `vzrollback`: stops the guest, brings disks and configuration back. */
export function rollback(site: Site, guest: Guest, name: string): void {
  if (guest.config.template === "1") throw die("you can't rollback if vm is a template");
  const snapshot = requireSnapshot(guest, name);
  const volumes = volumesIn(guest.type, snapshot.config).filter(({ cdrom }) => !cdrom);
  for (const { volid } of volumes) requireVolume(site, guest.node, volid);
  requireUnlocked(guest);
  requireWritable(site, guest);
  if (isRunning(site, guest)) stopGuest(site, guest);
  for (const { volid, size } of volumes) {
    const volume = findVolume(site, guest.node, volid);
    if (volume && size !== undefined) volume.size = parseSize(size);
  }
  const before = volumesIn(guest.type, guest.config);
  const kept = Object.entries(guest.config).filter(
    ([key]) => isUnused(key) || key === "description",
  );
  guest.config = { ...Object.fromEntries(kept), ...copied(snapshot.config), parent: name };
  delete guest.config.runningmachine;
  delete guest.config.runningcpu;
  delete guest.pending;
  for (const { volid, cdrom } of before) if (!cdrom) keepUnnamed(site, guest, volid);
  if (snapshot.vmstate === undefined) return;
  requireVolume(site, guest.node, snapshot.vmstate);
  run(site, guest, 0);
}

function setParent(child: { parent?: string }, parent: string | undefined): void {
  if (parent === undefined) delete child.parent;
  else child.parent = parent;
}

function keepUnnamed(site: Site, guest: Guest, volid: string): void {
  const own = findVolume(site, guest.node, volid)?.vmid === guest.vmid;
  if (own && !isNamed(guest, volid)) addUnused(guest, volid);
}
