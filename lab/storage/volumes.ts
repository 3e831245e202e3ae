import { die } from "../api/errors";
import { seconds } from "../seams/clock";
import type { Site } from "../site";
import type { StorageConfig, Volume } from "../state/types";
import { contentOf } from "./types";

export interface VolumeId {
  storage: string;
  name: string;
}

export function parseVolumeId(volid: string): VolumeId {
  const match = /^([a-z][a-z0-9\-_.]*[a-z0-9]):(.+)$/i.exec(volid);
  if (!match) throw die(`unable to parse volume ID '${volid}'`);
  return { storage: match[1] ?? "", name: match[2] ?? "" };
}

/** What the name of a volume says of it (the parse_volname of PVE's storage plugins). */
export function parseVolumeName(
  files: boolean,
  name: string,
): { content: Volume["content"]; vmid?: number } {
  const vmidIn = (pattern: RegExp): { vmid?: number } => {
    const found = pattern.exec(name)?.[1];
    return found === undefined ? {} : { vmid: Number(found) };
  };
  if (!files) {
    if (!/^vm-\d+-\S+$/.test(name)) throw die(`unable to parse lvm volume name '${name}'`);
    return { content: "images", ...vmidIn(/^vm-(\d+)-/) };
  }
  if (/^\d+\/\S+$/.test(name)) return { content: "images", ...vmidIn(/^(\d+)\//) };
  const kind = /^(iso|vztmpl|backup|snippets|import)\/[^/]+$/.exec(name)?.[1];
  if (kind === undefined) throw die(`unable to parse directory volume name '${name}'`);
  const owner = kind === "backup" ? vmidIn(/^backup\/vzdump-(?:lxc|qemu)-(\d+)-/) : {};
  return { content: kind as Volume["content"], ...owner };
}

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

/** Allocates a guest's disk and returns its volid. `size` is in bytes; `format` only counts on file storages. */
export function allocate(
  site: Site,
  node: string,
  storage: string,
  wanted: {
    vmid: number;
    size: number;
    format?: string;
    content: "images" | "rootdir";
    suffix?: string;
  },
): string {
  const config = site.storages.requireUsable(node, storage, wanted.content);
  const { files } = site.storages.type(config);
  if (!files && wanted.format !== undefined && wanted.format !== "raw") {
    throw die(`unsupported format '${wanted.format}'`);
  }
  const format = files ? (wanted.format ?? defaultFormat(config, wanted.content)) : "raw";
  const volumes = site.storages.volumes(node, storage);
  const folder = files ? `${wanted.vmid}/` : "";
  const suffix = wanted.suffix ?? `disk-${freeDiskNumber(volumes, wanted.vmid)}`;
  const name = `${folder}vm-${wanted.vmid}-${suffix}${files ? `.${format}` : ""}`;
  if (volumes.some((volume) => volume.name === name)) {
    const path = volumePath(storage, config, { name, content: wanted.content });
    throw die(`disk image '${path}' already exists`);
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

/** The lowest number that no disk of the guest has there, whatever its format. */
function freeDiskNumber(volumes: Volume[], vmid: number): number {
  const taken = volumes.map(
    ({ name }) => new RegExp(`(?:^|/)vm-${vmid}-disk-(\\d+)`).exec(name)?.[1],
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

/** One entry of GET …/content. */
export function describeVolume(storage: string, volume: Volume): Record<string, unknown> {
  return {
    volid: `${storage}:${volume.name}`,
    content: volume.content,
    format: volume.format,
    size: volume.size,
    ctime: volume.ctime,
    ...(volume.vmid === undefined ? {} : { vmid: volume.vmid }),
  };
}

/** Where a volume's file lies on a node. */
export function volumePath(
  id: string,
  config: StorageConfig,
  volume: Pick<Volume, "name" | "content">,
): string {
  if (config.type === "lvmthin") return `/dev/${config.vgname}/${volume.name}`;
  const root = config.path ?? `/mnt/pve/${id}`;
  const folders: Record<string, string> = {
    images: "images/",
    rootdir: "images/",
    backup: "dump/",
  };
  const templates: Record<string, string> = { iso: "template/", vztmpl: "template/" };
  const name = volume.name.replace(/^vztmpl\//, "cache/").replace(/^backup\//, "");
  return `${root}/${folders[volume.content] ?? templates[volume.content] ?? ""}${name}`;
}

function defaultFormat(config: StorageConfig, content: string): string {
  if (content === "rootdir") return "raw";
  return contentOf(config).includes("images") ? (config.format ?? "raw") : "raw";
}
