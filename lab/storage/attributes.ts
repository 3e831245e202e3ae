import type { Caller } from "../api/endpoint";
import { die } from "../api/errors";
import type { Site } from "../site";
import type { Volume } from "../state/types";
import { findVolume, parseName, parseVolumeId } from "./volumes";

/** Protected backups that a guest may have on a storage; -1 for any number (get_max_protected_backups). */
export function maxProtected(site: Site, node: string, caller: Caller, id: string): number {
  const limit = site.storages.config(node, id)["max-protected-backups"];
  if (limit !== undefined) return Number(limit);
  return site.access.holds(node, caller, `/storage/${id}`, "Datastore.Allocate") ? -1 : 5;
}

export interface VolumeChange {
  notes?: string;
  protected?: boolean;
  /** Of protected backups. */
  limit: number;
}

/** Notes and protection, which only backups have (update_volume_attribute of PVE's storage plugins). */
export function changeVolume(site: Site, node: string, volid: string, change: VolumeChange): void {
  const { storage, name } = parseVolumeId(volid);
  const config = site.storages.requireUsable(node, storage);
  const { content, vmid } = parseName(config.type, name);
  const volume = findVolume(site, node, volid);
  for (const attribute of ["notes", "protected"] as const) {
    if (change[attribute] === undefined) continue;
    if (!site.storages.type(config).files) {
      throw die(`attribute '${attribute}' is not supported for storage type '${config.type}'`);
    }
    if (content !== "backup") {
      throw die(
        attribute === "notes"
          ? "only backups can have notes"
          : "only backups support attribute 'protected'",
      );
    }
  }
  if (change.protected === true && volume?.protected !== true && vmid !== undefined) {
    requireProtectable(site, node, storage, name, change.limit);
  }
  if (!volume) return;
  if (change.notes === "") delete volume.notes;
  else if (change.notes !== undefined) volume.notes = change.notes;
  if (change.protected === true) volume.protected = true;
  else if (change.protected === false) delete volume.protected;
}

function requireProtectable(
  site: Site,
  node: string,
  storage: string,
  name: string,
  limit: number,
): void {
  if (limit < 0) return;
  const group = groupOf(name);
  const same = (volume: Volume): boolean => groupOf(volume.name) === group;
  const kept = site.storages
    .volumes(node, storage)
    .filter((volume) => volume.protected && same(volume));
  if (kept.length >= limit) throw protectedLimit(limit, storage);
}

export function protectedLimit(limit: number, storage: string): Error {
  return die(
    `The number of protected backups per guest is limited to ${limit} on storage '${storage}'`,
  );
}

/** `backup/vzdump-qemu-100-…` → `qemu-100`: backups of one guest. */
export function groupOf(name: string): string | undefined {
  return /^backup\/vzdump-((?:qemu|lxc|openvz)-\d+)-/.exec(name)?.[1];
}
