import { parseVolume, snapshotsNaming, volumesIn } from "../guests/volumes";
import { isBase } from "../guests/bases";
import type { Site } from "../site";
import type { Guest } from "../state/types";
import { findVolume, parseVolumeId } from "../storage/volumes";
import { die, PveError } from "../api/errors";
import { DRIVE_KEY } from "../guests/vmOptions";
import type { MigrationLog } from "./log";
import { requireContent, requireEnabled, type StorageMap, targetStorage } from "./storageMap";
import { localVolids } from "./volumes";

export interface LocalVolume {
  volid: string;
  /** Storage on the target. */
  storage: string;
  /** Mirrored while the VM runs, instead of copied before. */
  online: boolean;
  key?: string;
}

interface Plan {
  target: string;
  running: boolean;
  withLocalDisks: boolean;
  storages?: StorageMap;
}

/** A VM's local volumes and how each goes; all that cannot go is logged before it is refused (scan_local_volumes). */
export function scanVolumes(
  site: Site,
  guest: Guest,
  plan: Plan,
  log: MigrationLog,
): LocalVolume[] {
  const problems: [string, string][] = [];
  const found: LocalVolume[] = [];
  for (const volid of localVolids(site, guest)) {
    const place = placeOf(guest, volid);
    const storage = targetStorage(site, guest.node, parseVolumeId(volid).storage, plan.storages);
    try {
      requireEnabled(site, guest.node, storage, plan.target);
      requireContent(site, guest, volid, storage);
      checkVolume(site, guest, volid, plan.running);
      if (place.attached && plan.running && !plan.withLocalDisks) {
        throw die("can't live migrate attached local disks without with-local-disks option");
      }
    } catch (error) {
      if (!(error instanceof PveError)) throw error;
      problems.push([volid, error.message]);
    }
    if (!place.cdrom) log.info(describe(volid, place));
    found.push({
      volid,
      storage,
      online: plan.running && place.attached,
      ...(place.key === undefined ? {} : { key: place.key }),
    });
  }
  for (const [volid, words] of problems) log.info(`can't migrate local disk '${volid}': ${words}`);
  const drives = Object.entries(guest.config).filter(([key]) => DRIVE_KEY.test(key));
  const physical = drives.some(([key, text]) => parseVolume("qemu", key, text).file === "cdrom");
  if (physical) log.info("can't migrate local cdrom drive");
  if (problems.length > 0 || physical) throw scanFailed("can't migrate VM - check log");
  for (const { volid } of found) requireMovable(site, guest, volid);
  return found;
}

const scanFailed = (words: string): PveError =>
  die(`Problem found while scanning volumes - ${words}`);

interface Place {
  key?: string;
  /** Of the VM as it runs, and not made anew from its configuration. */
  attached: boolean;
  generated: boolean;
  cdrom: boolean;
  unused: boolean;
}

function placeOf(guest: Guest, volid: string): Place {
  const now = volumesIn(guest.type, guest.config, { unused: true });
  const volume = now.find((candidate) => candidate.volid === volid);
  const unused = volume !== undefined && /^unused/.test(volume.key);
  const generated = volume?.cloudInit === true || volume?.key === "tpmstate0";
  return {
    ...(volume === undefined ? {} : { key: volume.key }),
    attached: volume !== undefined && !unused && !generated && !volume.cdrom,
    generated,
    cdrom: volume?.cdrom === true && !volume.cloudInit,
    unused,
  };
}

function describe(volid: string, { attached, generated, unused }: Place): string {
  if (generated) return `found generated disk '${volid}' (in current VM config)`;
  const where = attached ? "attached" : unused ? "unused" : "referenced by snapshot(s)";
  return `found local disk '${volid}' (${where})`;
}

function checkVolume(site: Site, guest: Guest, volid: string, running: boolean): void {
  const volume = findVolume(site, guest.node, volid);
  const config = site.storages.config(guest.node, parseVolumeId(volid).storage);
  if (volume?.content === "iso") throw die("local cdrom image");
  if (volume?.vmid !== guest.vmid) {
    throw die(`owned by other VM (owner = VM ${volume?.vmid ?? ""})`);
  }
  if (snapshotsNaming(guest, volid).length > 0) {
    if (running)
      throw die("online storage migration not possible if non-replicated snapshot exists");
    const inside = volume.format === "qcow2" && config["snapshot-as-volume-chain"] !== "1";
    if (config.type !== "zfspool" && !inside) throw die("non-migratable snapshot exists");
  }
  const { storage, name } = parseVolumeId(volid);
  const others = site.storages.volumes(guest.node, storage);
  const used = others.some((other) => other.base === name || other.name.startsWith(`${name}/`));
  if (isBase(volid) && used) throw die("referenced by linked clone(s)");
}

/** A linked clone cannot leave its base behind, and PVE does not copy from every kind of storage. */
function requireMovable(site: Site, guest: Guest, volid: string): void {
  const { storage, name } = parseVolumeId(volid);
  const { type } = site.storages.config(guest.node, storage);
  if (!["dir", "btrfs", "zfspool", "lvmthin", "lvm"].includes(type)) {
    throw scanFailed(`can't migrate '${volid}' - storage type '${type}' not supported`);
  }
  const base = /^\d+\/(base-[^/]+)\//.exec(name)?.[1] ?? findVolume(site, guest.node, volid)?.base;
  if (base !== undefined) throw scanFailed(`can't migrate '${volid}' as it's a clone of '${base}'`);
}
