import { die } from "../api/errors";
import { seconds } from "../seams/clock";
import type { Site } from "../site";
import type { StorageConfig, Volume } from "../state/types";
import { parseVolumeId, volumePath } from "./names";
import { hasGroup, isFull } from "./places";
import { STORAGE_TYPES } from "./types";

export { parseName, parseVolumeId, type VolumeId, volumePath } from "./names";

const KIB = 1024;

export function findVolume(site: Site, node: string, volid: string): Volume | undefined {
  const { storage, name } = parseVolumeId(volid);
  return site.storages.volumes(node, storage).find((volume) => volume.name === name);
}

export function requireVolume(site: Site, node: string, volid: string): Volume {
  const { storage } = parseVolumeId(volid);
  site.storages.requireUsable(node, storage);
  const volume = findVolume(site, node, volid);
  if (!volume) throw die(`volume '${volid}' does not exist`);
  return volume;
}

export interface WantedVolume {
  vmid: number;
  /** Bytes. */
  size: number;
  /** Only counts where the storage has a choice. */
  format?: string;
  content: "images" | "rootdir";
  suffix?: string;
  /** Its name as the storage would give it, without the guest's folder. */
  name?: string;
}

/** Allocates a guest's disk and returns its volid. */
export function allocate(site: Site, node: string, storage: string, wanted: WantedVolume): string {
  const config = site.storages.requireUsable(node, storage, wanted.content);
  const { files } = site.storages.type(config);
  const format = formatFor(config, wanted);
  requireRoom(site, node, storage, config, wanted.size);
  const volumes = site.storages.volumes(node, storage);
  const prefix = format === "subvol" ? "subvol" : "vm";
  const suffix = wanted.suffix ?? `disk-${freeDiskNumber(volumes, wanted.vmid)}`;
  const given = wanted.name ?? `${prefix}-${wanted.vmid}-${suffix}${files ? `.${format}` : ""}`;
  if (!given.startsWith(`${prefix}-${wanted.vmid}-`)) {
    throw die(`illegal name '${given}' - should be '${prefix}-${wanted.vmid}-*'`);
  }
  const name = files ? `${wanted.vmid}/${given}` : given;
  if (volumes.some((volume) => volume.name === name)) {
    const path = volumePath(storage, config, { name, content: wanted.content });
    throw die(`disk image '${path}' already exists`);
  }
  if (isFull(site, node, config)) {
    const path = volumePath(storage, config, { name, content: wanted.content });
    throw die(
      `unable to create image: qemu-img: ${path}: Could not create '${path}': No space left on device`,
    );
  }
  volumes.push({
    name,
    content: wanted.content,
    format,
    size: wanted.size,
    ctime: seconds(site.clock),
    vmid: wanted.vmid,
  });
  return `${storage}:${name}`;
}

/** The format of a new disk: a container's on ZFS is a file system of its own. */
function formatFor(config: StorageConfig, { content, format }: WantedVolume): string {
  const files = STORAGE_TYPES[config.type]?.files;
  if (config.type === "zfspool" && content === "rootdir") return "subvol";
  if (format !== undefined && !supportsFormat(config, format)) {
    throw die(`unsupported format '${format}'`);
  }
  if (format !== undefined) return format;
  return files && content === "images" ? (config.format ?? "raw") : "raw";
}

/** Whether a storage can keep disks of a format; a volume group has qcow2 only for chains of snapshots. */
export function supportsFormat(config: StorageConfig, format: string): boolean {
  const chained = config.type !== "lvm" || config["snapshot-as-volume-chain"] === "1";
  const known = STORAGE_TYPES[config.type]?.formats.includes(format) ?? false;
  return known && (format === "raw" || chained);
}

/** A volume group gives out what it has; thin pools and sparse files promise more. */
function requireRoom(
  site: Site,
  node: string,
  id: string,
  config: StorageConfig,
  size: number,
): void {
  if (config.type === "lvm" && !hasGroup(config)) {
    throw die(`no such volume group '${config.vgname}'`);
  }
  const thick = config.type === "lvm" || (config.type === "zfspool" && config.sparse !== "1");
  if (!thick) return;
  const { total, used } = site.storages.status(node, id);
  if (size <= total - used) return;
  throw config.type === "lvm"
    ? die(`not enough free space (${Math.floor((total - used) / KIB)} < ${Math.ceil(size / KIB)})`)
    : die(`zfs error: cannot create '${config.pool}': out of space`);
}

/** The lowest number that no disk of the guest has there, whatever its format. */
function freeDiskNumber(volumes: Volume[], vmid: number): number {
  const taken = volumes.map(
    ({ name }) =>
      new RegExp(`(?:^|/)(?:vm|subvol|base|basevol)-${vmid}-disk-(\\d+)`).exec(name)?.[1],
  );
  let number = 0;
  while (taken.includes(String(number))) number++;
  return number;
}

export function free(site: Site, node: string, volid: string): void {
  const { storage, name } = parseVolumeId(volid);
  const volumes = site.storages.volumes(node, storage);
  const index = volumes.findIndex((volume) => volume.name === name);
  if (index >= 0) volumes.splice(index, 1);
}

/** Every volume that belongs to a guest, on the storages that `node` can use. */
export function volumesOfGuest(site: Site, node: string, vmid: number): string[] {
  return site.storages.usableOn(node).flatMap((storage) =>
    site.storages
      .volumes(node, storage)
      .filter((volume) => volume.vmid === vmid && volume.content !== "backup")
      .map((volume) => `${storage}:${volume.name}`),
  );
}

/** What storage plugins call the kind of a file, by its name. */
export function formatOfFile(content: Volume["content"], file: string): string {
  switch (content) {
    case "iso":
      return "iso";
    case "vztmpl": {
      const kind = /\.(tar|tar\.(\w+))$/i.exec(file);
      return kind?.[2] === undefined ? "tar" : `t${kind[2]}`;
    }
    case "backup":
      return /\.(tgz|(tar|vma)(\.\w+)?)$/.exec(file)?.[1] ?? "";
    case "snippets":
      return "snippet";
    case "import":
    case "images":
    case "rootdir":
      return /\.(\w+)$/.exec(file)?.[1] ?? "raw";
    default: {
      const never: never = content;
      return never;
    }
  }
}

/** One entry of GET …/content. */
export function describeVolume(storage: string, volume: Volume): Record<string, unknown> {
  const subtype = /^backup\/vzdump-(\w+)-/.exec(volume.name)?.[1] ?? "unknown";
  return {
    volid: `${storage}:${volume.name}`,
    content: volume.content,
    format: volume.format,
    size: volume.size,
    ctime: volume.ctime,
    ...(volume.vmid === undefined ? {} : { vmid: volume.vmid }),
    ...(volume.content === "backup" ? { subtype } : {}),
    ...(volume.notes === undefined ? {} : { notes: volume.notes.split("\n")[0] }),
    ...(volume.protected === true ? { protected: 1 } : {}),
  };
}
