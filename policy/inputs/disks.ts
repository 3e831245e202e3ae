import { type Known, UNKNOWN } from "../facts/known";
import type { DiskFacts } from "../facts/site";
import { known } from "./known";
import { flag, list, optionalNumber, optionalText, type Props } from "./resource";

const DATA = { data: true, cache: "none", backedUp: true } as const;
export const NO_DATA = { data: false, cache: "none", backedUp: true, replicated: false } as const;

export function disksOfVm(props: Props): DiskFacts[] {
  const single = (slot: string, key: string): DiskFacts[] => {
    const part = props[key] as Props | undefined;
    // Replication leaves the cloud-init drive out, and Proxmox VE makes it anew where it is missing.
    const facts = { ...NO_DATA, replicated: true };
    return part ? [{ slot, storage: storageIn(part, "local-lvm"), ...facts }] : [];
  };
  return [
    ...list(props.disks).map((disk, index): DiskFacts => {
      const slot = known(() => disk.interface);
      return {
        slot: typeof slot === "string" ? slot : `disk ${index}`,
        storage: storageIn(disk, "local-lvm"),
        data: true,
        cache: known(() => optionalText(disk.cache) ?? "none"),
        size: known(() => optionalNumber(disk.size)),
        backedUp: flag(disk, "backup", true),
        replicated: flag(disk, "replicate", true),
      };
    }),
    ...single("efidisk0", "efiDisk"),
    ...single("tpmstate0", "tpmState"),
    ...single("cloud-init drive", "initialization"),
    ...cdDrive(props.cdrom as Props | undefined),
    ...hookScript(props),
    ...cloudInitFiles(props.initialization as Props | undefined),
    ...(isLinkedWithDisks(props) ? [] : clonedDisks(props.clone as Props | undefined)),
  ];
}

/** A linked clone cannot name a storage for its disks. Those that are listed are all that it keeps. */
function isLinkedWithDisks(props: Props): boolean {
  const clone = props.clone as Props | undefined;
  if (!clone || list(props.disks).length === 0) return false;
  return flag(clone, "full", true) === false;
}

export function disksOfContainer(props: Props): DiskFacts[] {
  const clone = clonedDisks(props.clone as Props | undefined);
  const root = props.disk as Props | undefined;
  const rootfs: DiskFacts = {
    slot: "rootfs",
    storage: storageIn(root ?? {}, "local"),
    ...DATA,
    size: known(() => optionalNumber(root?.size)),
    replicated: flag(root ?? {}, "replicate", true),
  };
  return [
    ...(clone.length > 0 && !root ? [] : [rootfs]),
    ...list(props.mountPoints).flatMap((mount, index): DiskFacts[] => {
      const storage = known(() => mountedFrom(mount));
      if (storage === undefined) return [];
      // vzdump leaves mount points out unless they say otherwise, and paths of the node always.
      const backedUp = flag(mount, "backup", false);
      const data = storage === UNKNOWN || !storage.startsWith("/");
      const kept = flag(mount, "replicate", true);
      const size = known(() => gibibytesIn(optionalText(mount.size) ?? ""));
      return [
        { slot: `mp${index}`, storage, data, cache: "none", size, backedUp, replicated: kept },
      ];
    }),
    ...hookScript(props),
    ...clone,
  ];
}

/** `10G`, as a mount point has its size; undefined for what is none. */
function gibibytesIn(text: string): number | undefined {
  const [, count, unit = ""] = /^(\d+)([KMGT])$/.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * 1024 ** ("KMGT".indexOf(unit) - 2);
}

/** An image in the drive lies on a storage; `none` and `cdrom`, the node's own drive, do not. */
function cdDrive(cdrom: Props | undefined): DiskFacts[] {
  const file = cdrom && known(() => optionalText(cdrom.fileId));
  if (file === undefined || (file !== UNKNOWN && !file.includes(":"))) return [];
  const storage = file === UNKNOWN ? UNKNOWN : storageOf(file);
  return [{ slot: "CD drive", storage, ...NO_DATA }];
}

function hookScript(props: Props): DiskFacts[] {
  return fileOf(props, "hookScriptFileId", "hook script");
}

/** Proxmox VE puts them on the drive at each start. */
function cloudInitFiles(initialization: Props | undefined): DiskFacts[] {
  return ["meta", "network", "user", "vendor"].flatMap((what) =>
    fileOf(initialization ?? {}, `${what}DataFileId`, `cloud-init ${what} data`),
  );
}

/** A guest whose file is not there does not start. */
function fileOf(props: Props, key: string, slot: string): DiskFacts[] {
  const file = known(() => optionalText(props[key]));
  if (file === undefined) return [];
  return [{ slot, storage: file === UNKNOWN ? file : storageOf(file), ...NO_DATA }];
}

/** A clone has disks that nothing lists. Where no storage is named they lie where the original's lie. */
function clonedDisks(clone: Props | undefined): DiskFacts[] {
  if (!clone) return [];
  const storage = known(() => optionalText(clone.datastoreId) ?? UNKNOWN);
  return [{ slot: "disks of its original", storage, ...DATA, replicated: true }];
}

/** A path on the node is bound into the container: each node has its own, unless the mount point is marked as shared. */
function mountedFrom(mount: Props): string | undefined {
  const volume = String(mount.volume);
  if (!volume.startsWith("/")) return storageOf(volume);
  return mount.shared === true ? undefined : volume;
}

/** An empty datastore id lets the provider take a path on the node. */
function storageIn(volume: Props, fallback: string): Known<string> {
  return known(() => {
    const id = optionalText(volume.datastoreId);
    return (id === "" ? optionalText(volume.pathInDatastore) : id) ?? fallback;
  });
}

function storageOf(volume: string): string {
  return volume.split(":")[0] ?? volume;
}
