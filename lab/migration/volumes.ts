import { die } from "../api/errors";
import { isBase } from "../guests/bases";
import { printVolume, storageIn, volumesIn } from "../guests/volumes";
import { formatOn } from "../guests/clone";
import { jobTo } from "../replication/jobs";
import { replicatedVolumes } from "../replication/volumes";
import type { Site } from "../site";
import type { Guest } from "../state/types";
import { allocate, findVolume, free, parseVolumeId, requireVolume } from "../storage/volumes";
import type { MigrationLog } from "./log";

/** Copies of a guest's local volumes on the target, by the volids that they had. */
export type Copies = Record<string, string>;

/** Volumes that only the guest's node sees: attached, unused, and of snapshots, each once. */
export function localVolids(site: Site, guest: Guest): string[] {
  const snapshots = Object.values(guest.snapshots ?? {});
  const configs = [
    guest.config,
    guest.pending?.set ?? {},
    ...snapshots.map(({ config }) => config),
  ];
  const named = configs.flatMap((config) => volumesIn(guest.type, config, { unused: true }));
  const volids = named.filter(({ kind }) => kind === "volume").map(({ volid }) => volid);
  const states = snapshots.map(({ vmstate }) => vmstate).filter((volid) => volid !== undefined);
  return [...new Set([...volids, ...states])].filter((volid) => isLocal(site, guest, volid)).sort();
}

export function isLocal(site: Site, guest: Guest, volid: string): boolean {
  return !site.storages.isShared(site.storages.config(guest.node, storageIn(volid)));
}

/** Makes a copy of one volume on `storage` of `target`, under its own name where that is free. */
export function copyVolume(
  site: Site,
  guest: Guest,
  volid: string,
  target: string,
  storage: string,
): string {
  const { storage: from, name } = parseVolumeId(volid);
  const source = requireVolume(site, guest.node, volid);
  const config = site.storages.requireUsable(target, storage);
  const files = (id: string): boolean =>
    site.storages.type(site.storages.config(guest.node, id)).files;
  const there = site.storages.volumes(target, storage);
  if (files(from) === files(storage) && !there.some((volume) => volume.name === name)) {
    there.push({ ...source });
    return `${storage}:${name}`;
  }
  if (isBase(volid)) throw die(`can't migrate '${volid}' to storage type '${config.type}'`);
  return allocate(site, target, storage, {
    vmid: guest.vmid,
    size: source.size,
    content: guest.type === "qemu" ? "images" : "rootdir",
    ...formatOn(site, target, storage, source.format),
  });
}

/** Volumes that a replication job brings to the target: they stay on both nodes, under their names. */
export function replicatedTo(site: Site, guest: Guest, target: string): string[] {
  const job = jobTo(site, guest, target);
  if (!job) return [];
  if (job.remove_job) {
    throw die("refusing to migrate replicated VM whose replication job is marked for removal");
  }
  return replicatedVolumes(site, guest);
}

/** Bytes that copying the volumes sends. */
export function sizeOf(site: Site, guest: Guest, volids: string[]): number {
  return volids.reduce((sum, volid) => sum + (findVolume(site, guest.node, volid)?.size ?? 0), 0);
}

/** The guest's file names the copies from now on (update_volume_ids). */
export function useCopies(guest: Guest, copies: Copies): void {
  const snapshots = Object.values(guest.snapshots ?? {});
  const configs = [
    guest.config,
    guest.pending?.set ?? {},
    ...snapshots.map(({ config }) => config),
  ];
  for (const config of configs) {
    for (const { key, volid } of volumesIn(guest.type, config, { unused: true })) {
      const copy = copies[volid];
      if (copy === undefined) continue;
      config[key] = printVolume(guest.type, key, config[key] ?? "", { volid: copy });
    }
  }
  for (const snapshot of snapshots) {
    const copy = copies[snapshot.vmstate ?? ""];
    if (copy !== undefined) snapshot.vmstate = copy;
  }
}

/** Frees one side of the copies: the originals after, or the copies when it came to nothing. */
export function freeAll(site: Site, node: string, volids: string[], log: MigrationLog): void {
  for (const volid of volids) {
    try {
      site.storages.requireUsable(node, storageIn(volid));
      free(site, node, volid);
    } catch (error) {
      log.error(`removing local copy of '${volid}' failed - ${(error as Error).message}`);
      log.errors = true;
    }
  }
}
