import type { Site } from "../site";
import type { StorageConfig, Volume } from "../state/types";
import { exportKey } from "./exports";
import { isDiskFull, ROOT_DISK } from "./fullDisks";

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;

/**
 * What the disks of a node hold: as Proxmox's installer lays the first one out, and a ZFS pool on a second one, so
 * that replication and ZFS storages can be tried.
 */
const GROUP = "pve";
const THIN_POOL = "data";
const ZFS_POOL = "rpool";
const ZFS_SIZE = 100 * GIB;
/** Space that the installer leaves free in the volume group. */
const GROUP_FREE = 16 * GIB;
/** Boot partitions outside of the volume group. */
const BOOT = GIB + MIB;
/** What the system takes of the root file system. */
const SYSTEM = 4 * GIB;
/** What the NAS has for each of its exports. */
const EXPORT_SIZE = 2048 * GIB;

export interface Space {
  /** Bytes. */
  total: number;
  used: number;
}

/**
 * The key of what a storage holds: volumes belong to the place, not to the definition, so two definitions of one
 * directory show the same files, and a definition that is made again finds its volumes.
 */
export function placeOf(config: StorageConfig): string {
  switch (config.type) {
    case "nfs":
    case "cifs":
      return exportKey(config);
    case "lvm":
      return `vg:${config.vgname}`;
    case "lvmthin":
      return `vg:${config.vgname}/${config.thinpool}`;
    case "zfspool":
      return `zfs:${config.pool}`;
    default:
      return `dir:${config.path ?? config.datastore}`;
  }
}

/** The volumes in a place as `node` sees them: an export's are everybody's, those on a disk its own. */
export function volumesAt(site: Site, node: string, id: string, config: StorageConfig): Volume[] {
  const place = placeOf(config);
  const shared = config.type === "nfs" || config.type === "cifs";
  const all = shared ? site.state.exports : site.nodeState(node).volumes;
  const known = all[place];
  if (known) return known;
  // Only the NAS makes exports.
  if (config.type === "nfs") return [];
  // States of before kept a node's own volumes by the storage's id.
  const before = shared ? undefined : all[id];
  if (before) delete all[id];
  const volumes = before ?? [];
  all[place] = volumes;
  return volumes;
}

/** Why a storage on the node's own disks cannot be used, in PVE's words. */
export function localProblem(id: string, config: StorageConfig): string | undefined {
  switch (config.type) {
    case "lvmthin": {
      const { vgname, thinpool } = config;
      if (vgname === GROUP && thinpool === THIN_POOL) return undefined;
      return `no such logical volume ${vgname}/${thinpool}`;
    }
    case "zfspool":
      return config.pool?.split("/")[0] === ZFS_POOL
        ? undefined
        : `could not activate storage '${id}', zfs error: cannot import '${config.pool?.split("/")[0]}': no such pool available`;
    case "dir": {
      const { is_mountpoint: wanted = "no", path } = config;
      if (/^(no|0|off|false)$/i.test(wanted)) return undefined;
      const mount = /^(yes|1|on|true)$/i.test(wanted) ? path : wanted;
      return `unable to activate storage '${id}' - directory is expected to be a mount point but is not mounted: '${mount}'`;
    }
    default:
      return undefined;
  }
}

/** Whether a volume group is there; PVE notices that only when it looks into it. */
export const hasGroup = (config: StorageConfig): boolean => config.vgname === GROUP;

/** Size and use of a place. Storages on one file system, group or pool share its space. */
export function spaceOf(site: Site, node: string, id: string, config: StorageConfig): Space {
  const space = measured(site, node, id, config);
  return isFull(site, node, config) ? { ...space, used: space.total } : space;
}

/** Whether the disk below a storage of files is full; thin pools and groups have their own arithmetic. */
export function isFull(site: Site, node: string, config: StorageConfig): boolean {
  switch (config.type) {
    case "nfs": {
      const server = site.hostAt(config.server ?? "");
      return server !== undefined && isDiskFull(site, server.name, config.export ?? "");
    }
    case "dir":
      return isDiskFull(site, node, ROOT_DISK);
    default:
      return false;
  }
}

function measured(site: Site, node: string, id: string, config: StorageConfig): Space {
  const taken = (volumes: Volume[]): number =>
    volumes.reduce((sum, volume) => sum + usedBy(volume), 0);
  if (config.type === "nfs" || config.type === "cifs") {
    return { total: EXPORT_SIZE, used: taken(volumesAt(site, node, id, config)) };
  }
  volumesAt(site, node, id, config);
  const { rootDisk, volumes } = site.nodeState(node);
  const within = (prefix: string): number =>
    taken(
      Object.entries(volumes)
        .filter(([place]) => place.startsWith(prefix))
        .flatMap(([, list]) => list),
    );
  const root = Math.floor(Math.min(96 * GIB, rootDisk / 4));
  switch (config.type) {
    case "zfspool":
      return { total: ZFS_SIZE, used: within(`zfs:${ZFS_POOL}`) };
    case "lvm":
      return {
        total: Math.floor(rootDisk - BOOT),
        used: Math.floor(rootDisk - BOOT - GROUP_FREE) + taken(volumes[`vg:${GROUP}`] ?? []),
      };
    case "lvmthin":
      return {
        total: Math.floor(rootDisk - root - GROUP_FREE),
        used: taken(volumes[`vg:${GROUP}/${THIN_POOL}`] ?? []),
      };
    default:
      return { total: root, used: SYSTEM + within("dir:") };
  }
}

/** A sparse qcow2 takes little at first; the lab counts a tenth, and all of anything else. */
export function usedBy({ used, format, size }: Volume): number {
  return used ?? (format === "qcow2" ? Math.max(MIB, size / 10) : size);
}
