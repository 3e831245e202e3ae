import { parsePropertyString } from "../api/propertyString";
import { splitList } from "../api/formats";
import { MOUNT, MOUNT_KEY } from "../guests/ctOptions";
import { DRIVE, DRIVE_KEY } from "../guests/vmOptions";
import type { Guest, Pmxcfs } from "../state/types";

/** How a job says which guests it is for. */
export interface Selection {
  vmid?: string | number | undefined;
  all?: string | number | undefined;
  exclude?: string | number | undefined;
  pool?: string | number | undefined;
  node?: string | number | undefined;
}

/** VMIDs by the node where they are, "" for those that no guest has (PVE::VZDump::get_included_guests). */
export function includedGuests(config: Pmxcfs, job: Selection): Map<string, number[]> {
  const found = new Map<string, number[]>();
  const { node } = job;
  for (const vmid of selectedVmids(config, job)) {
    const place = config.guests[String(vmid)]?.node ?? "";
    if (node !== undefined && place !== "" && place !== node) continue;
    found.set(place, [...(found.get(place) ?? []), vmid]);
  }
  return found;
}

function selectedVmids({ guests, pools = {} }: Pmxcfs, job: Selection): number[] {
  const all = Object.values(guests).map(({ vmid }) => vmid);
  const excluded = splitList(String(job.exclude ?? "")).map(Number);
  const chosen = job.pool
    ? (pools[String(job.pool)]?.vms ?? []).filter((vmid) => guests[String(vmid)])
    : job.vmid
      ? splitList(String(job.vmid)).map(Number)
      : String(job.all ?? "") === "1" || job.exclude !== undefined
        ? all.filter((vmid) => !excluded.includes(vmid))
        : [];
  return [...new Set(chosen)].sort((a, b) => a - b);
}

export interface BackupVolume {
  key: string;
  volid: string;
  included: boolean;
  reason: string;
  /** As in the guest's file: `8G`. */
  size?: string;
  /** Where a container mounts it. */
  mount?: string;
}

/** The volumes of a guest, and whether a backup has them (get_backup_volumes of the guests' classes). */
export function backupVolumes({ type, config }: Pick<Guest, "type" | "config">): BackupVolume[] {
  const isVolume = type === "qemu" ? DRIVE_KEY : MOUNT_KEY;
  const entries = Object.entries(config).filter(([key]) => isVolume.test(key));
  return entries.flatMap(([key, text]) => {
    const parsed = parsePropertyString(text, type === "qemu" ? DRIVE : MOUNT);
    if (parsed.media === "cdrom") return [];
    const { file, volume, size } = parsed;
    const mount = key === "rootfs" ? "/" : parsed.mp;
    const verdict = type === "qemu" ? ofDrive(key, parsed, config) : ofMount(key, parsed);
    return [
      {
        key,
        volid: file ?? volume ?? "",
        ...verdict,
        ...(size === undefined ? {} : { size }),
        ...(mount === undefined ? {} : { mount }),
      },
    ];
  });
}

type Verdict = Pick<BackupVolume, "included" | "reason">;

function ofDrive(
  key: string,
  { backup }: Record<string, string>,
  config: Record<string, string>,
): Verdict {
  if (key === "efidisk0" && config.bios !== "ovmf") {
    return { included: false, reason: "efidisk but no OVMF BIOS" };
  }
  // That a drive says anything is told as a no.
  return { included: backup !== "0", reason: backup === undefined ? "backup=yes" : "backup=no" };
}

function ofMount(key: string, { volume = "", backup }: Record<string, string>): Verdict {
  if (key === "rootfs") return { included: true, reason: "rootfs" };
  if (volume.startsWith("/")) return { included: false, reason: "not a volume" };
  return backup === "1"
    ? { included: true, reason: "enabled" }
    : { included: false, reason: "disabled" };
}
