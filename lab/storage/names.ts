import { die } from "../api/errors";
import type { StorageConfig, Volume } from "../state/types";
import { pathOf, STORAGE_TYPES } from "./types";

export interface VolumeId {
  storage: string;
  name: string;
}

export function parseVolumeId(volid: string): VolumeId {
  const match = /^([a-z][a-z0-9\-_.]*[a-z0-9]):(.+)$/i.exec(volid);
  if (!match) throw die(`unable to parse volume ID '${volid}'`);
  return { storage: match[1] ?? "", name: match[2] ?? "" };
}

export interface VolumeName {
  content: Volume["content"];
  vmid?: number;
}

/** What each kind of file may be called (PVE::Storage::Plugin::parse_volname). */
const FILE_NAMES: [Volume["content"], RegExp][] = [
  ["iso", /^iso\/[^/]+\.(iso|img)$/i],
  ["vztmpl", /^vztmpl\/[^/]+\.(tar|tar\.(gz|xz|zst|bz2))$/i],
  ["backup", /^backup\/[^/]+\.(tgz|(tar|vma)(\.(gz|lzo|zst|bz2))?)$/],
  ["snippets", /^snippets\/[^/]+$/],
  ["import", /^import\/[ a-zA-Z0-9\-.+=_]+\.(ova|ovf|qcow2|raw|vmdk)$/],
];

/** What the name of a volume says of it (the parse_volname of PVE's storage plugins). */
export function parseName(type: string, name: string): VolumeName {
  const owner = (pattern: RegExp): VolumeName | undefined => {
    const found = pattern.exec(name)?.[1];
    return found === undefined ? undefined : { content: "images", vmid: Number(found) };
  };
  if (type === "zfspool") {
    const volume = owner(/^(?:(?:base|basevol)-\d+-\S+\/)?(?:base|basevol|vm|subvol)-(\d+)-\S+$/);
    if (!volume) throw die(`unable to parse zfs volume name '${name}'`);
    return volume;
  }
  if (STORAGE_TYPES[type]?.files !== true) {
    const volume = owner(/^(?:vm|base)-(\d+)-\S+$/);
    if (!volume) throw die(`unable to parse lvm volume name '${name}'`);
    return volume;
  }
  const disk = owner(/^(?:\d+\/\S+\/)?(\d+)\/\S+$/);
  if (disk) return disk;
  const [content] = FILE_NAMES.find(([, pattern]) => pattern.test(name)) ?? [];
  if (content === undefined) throw die(`unable to parse directory volume name '${name}'`);
  const vmid = /^backup\/vzdump-(?:openvz|lxc|qemu)-(\d+)-/.exec(name)?.[1];
  return { content, ...(vmid === undefined ? {} : { vmid: Number(vmid) }) };
}

/** Folders below a storage's path. `content-dirs` may name others. */
const FOLDERS: Record<Volume["content"], string> = {
  images: "images",
  rootdir: "images",
  iso: "template/iso",
  vztmpl: "template/cache",
  backup: "dump",
  snippets: "snippets",
  import: "import",
};

export function folderOf(id: string, config: StorageConfig, content: Volume["content"]): string {
  const kind = content === "rootdir" ? "images" : content;
  const named = (config["content-dirs"] ?? "")
    .split(",")
    .find((entry) => entry.startsWith(`${kind}=`));
  const folder = named?.slice(kind.length + 1) ?? FOLDERS[content];
  return `${pathOf(id, config)}/${folder.replace(/^\/+/, "")}`;
}

/** Where a volume's file or device lies on a node. */
export function volumePath(
  id: string,
  config: StorageConfig,
  volume: Pick<Volume, "name" | "content">,
): string {
  switch (config.type) {
    case "lvm":
    case "lvmthin":
      return `/dev/${config.vgname}/${volume.name}`;
    case "zfspool":
      return /(^|\/)(subvol|basevol)-/.test(volume.name)
        ? `${config.mountpoint ?? `/${config.pool}`}/${volume.name}`
        : `/dev/zvol/${config.pool}/${volume.name}`;
    default: {
      const isDisk = volume.content === "images" || volume.content === "rootdir";
      const file = isDisk ? volume.name : volume.name.replace(/^\w+\//, "");
      return `${folderOf(id, config, volume.content)}/${file}`;
    }
  }
}
