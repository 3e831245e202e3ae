import type { Call } from "../api/endpoint";
import { die, PveError } from "../api/errors";
import type { Site } from "../site";
import type { Archive, Guest, Volume } from "../state/types";
import { folderOf } from "../storage/names";
import { findVolume, parseVolumeId, volumePath } from "../storage/volumes";

/** An archive that is to be restored. */
export interface Source {
  volid: string;
  storage: string;
  path: string;
  volume: Volume;
  archive: Archive;
}

/** A volid, or on the command line the path of the file. */
export function archiveVolid(site: Site, node: string, given: string): string {
  if (!given.startsWith("/")) return given;
  for (const [id, config] of Object.entries(site.storages.definitions(node))) {
    if (!site.storages.type(config).files) continue;
    const folder = `${folderOf(id, config, "backup")}/`;
    if (given.startsWith(folder)) return `${id}:backup/${given.slice(folder.length)}`;
  }
  throw die(`can't find archive '${given}'`);
}

/** The archive, as the task finds it when it begins to read. */
export function openArchive(site: Site, node: string, type: Guest["type"], volid: string): Source {
  const { storage, name } = parseVolumeId(volid);
  const config = site.storages.requireUsable(node, storage);
  const path = volumePath(storage, config, { name, content: "backup" });
  const volume = findVolume(site, node, volid);
  if (!volume) throw die(`cannot open '${path}': No such file or directory`);
  const { archive } = volume;
  const other = type === "qemu" ? "lxc" : "qemu";
  if (!archive || name.includes(`-${other}-`)) {
    throw die(`unable to detect archive format of '${path}'`);
  }
  return { volid, storage, path, volume, archive };
}

/** Who may make a guest of an archive: as for any new guest, or over one that the caller may back up. */
export function requireRestoreRights({ site, node, caller, params }: Call, exists: boolean): void {
  const vm = `/vms/${params.vmid}`;
  const paths = [vm, ...(params.pool === undefined ? [] : [`/pool/${params.pool}`])];
  if (paths.some((path) => site.access.holds(node, caller, path, "VM.Allocate"))) return;
  if (exists && params.force === 1 && site.access.holds(node, caller, vm, "VM.Backup")) return;
  throw new PveError(403, "Permission check failed");
}

/** PVE's lock while a guest comes into being; for a new one its file begins with it. */
export function lockForCreation(
  site: Site,
  node: string,
  type: Guest["type"],
  vmid: number,
): Guest {
  const { guests } = site.pmxcfs(node);
  const guest = guests[String(vmid)] ?? { vmid, type, node, config: {} };
  guest.config.lock = "create";
  guests[String(vmid)] = guest;
  return guest;
}

/** Bytes per second at which an archive is unpacked onto disks. */
const UNPACK = 200 * 1024 ** 2;

/** Seconds to read an archive over `network` (bytes per second) and to write what it holds. */
export function unpackingTime(
  volume: Volume,
  data: number,
  network: number,
  limit: number,
): number {
  const throttled = limit > 0 ? volume.size / (limit * 1024) : 0;
  const slowest = Math.max(data / UNPACK, volume.size / network, throttled);
  return slowest < 1 ? 0 : Math.round(slowest);
}
