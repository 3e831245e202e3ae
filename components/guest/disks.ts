import { formatBytes } from "../values";
import type { ExistingGuest, Findings } from "../inventory";
import type { GuestPlan, VirtualMachinePlan } from "./plan";

/** Slots that the site file may name: not those of firmware, TPM and unused disks. */
const SLOT = /^(scsi|virtio|sata)\d+$/;

export const GIB = 1024 ** 3;
const SIZE_UNITS: Record<string, number> = { "": 1, K: 1024, M: 1024 ** 2, G: GIB, T: 1024 ** 4 };

/** A disk as the guest's file has it: `Data:102/vm-102-disk-0.raw,size=8G`. */
export interface ExistingDisk {
  slot: string;
  volume: string;
  storage: string;
  /** Bytes; absent where the file does not say. */
  size?: number;
  /** `rootfs Data:102/vm-102-disk-0.raw (8G)`. */
  label: string;
}

/** What is lost with a guest: `rootfs Data:102/vm-102-disk-0.raw (8G)`. */
export function disksOf(guest: ExistingGuest): string {
  const disks = existingDisks(guest);
  return disks.length === 0 ? "its configuration" : disks.map(({ label }) => label).join(", ");
}

/** Why a container would be made anew for what the file says of its disk; the provider replaces it to shrink it. */
export function rootDiskReason(plan: GuestPlan, own: ExistingGuest): string | undefined {
  const root = existingDisks(own).find(({ slot }) => slot === "rootfs");
  if (plan.type !== "container" || !root) return undefined;
  if (root.storage !== plan.disk.storage) {
    return `its root disk would move from ${root.storage} to ${plan.disk.storage}`;
  }
  const { size } = plan.disk;
  return shrinks(root, size)
    ? `its root disk (guests.${plan.key}.disk.size) would shrink from ${sizes(root, size)} and disks only grow`
    : undefined;
}

/** What a VM's disks cannot become while it stays, and those that it loses. */
export function compareDisks(plan: VirtualMachinePlan, own: ExistingGuest): Findings {
  const found: Findings = { refusals: [], notices: [] };
  const there = existingDisks(own).filter(({ slot }) => SLOT.test(slot));
  const path = `guests.${plan.key}.disks`;
  const [will, stop] = plan.replaceable
    ? (["will", (what: string) => found.notices.push(what)] as const)
    : (["would", (what: string, way: string) => found.refusals.push(`${what} ${way}`)] as const);

  for (const { slot, storage, size } of plan.disks) {
    const disk = there.find((candidate) => candidate.slot === slot);
    if (!disk) continue;
    if (disk.storage !== storage) {
      const move = `move from ${disk.storage} to ${storage}, with the guest stopped.`;
      const what = `${path}.${slot}.storage: ${disk.label}`;
      if (isForPolicy(plan, storage)) found.notices.push(`${what} will ${move}`);
      else
        stop(
          `${what} ${will} ${move}`,
          `Undo that change, or move it yourself, then write it here: qm disk move ${own.vmid} ${slot} ${storage} --delete 1`,
        );
    }
    if (shrinks(disk, size)) {
      found.refusals.push(
        `${path}.${slot}.size: ${disk.label} would shrink from ${sizes(disk, size)} and disks only grow. ` +
          `Write ${Math.ceil((disk.size ?? 0) / GIB)} GiB or more.`,
      );
    }
  }

  const keys = own.disks.efidisk0?.includes("pre-enrolled-keys=1");
  if (plan.efi && keys !== undefined && keys !== plan.efi.preEnrolledKeys) {
    stop(
      `guests.${plan.key}.efi.preEnrolledKeys: a new disk ${will} take the place of efidisk0, with the settings of its firmware.`,
      "Undo that change.",
    );
  }

  const gone = there.filter(({ slot }) => !plan.disks.some((disk) => disk.slot === slot));
  const come = plan.disks.filter(({ slot }) => !there.some((disk) => disk.slot === slot));
  const unused = `it stays with VMID ${own.vmid} as an unused disk, and is deleted with it.`;
  for (const { slot, label, volume } of gone) {
    const other = come[0]?.slot;
    if (other === undefined) {
      found.notices.push(
        `${path}: ${label} is not in the site file and will be detached: ${unused}`,
      );
      continue;
    }
    stop(
      `${path}: ${label} ${will} be detached and ${other} be added, an empty disk. What is detached is not lost: ${unused}`,
      `Undo that change. If it is one disk in another slot, move it yourself, then write it here: ` +
        `qm set ${own.vmid} --delete ${slot} && qm set ${own.vmid} --${other} ${volume}. ` +
        `If one disk is to go and another to come, make it two updates.`,
    );
  }
  return found;
}

/** An HA guest's disk on a node's own storage: require-shared-disks-for-ha, a policy, refuses it and says why. */
function isForPolicy(plan: VirtualMachinePlan, storage: string): boolean {
  return plan.managed && !plan.storages.includes(storage);
}

export function existingDisks(guest: ExistingGuest): ExistingDisk[] {
  return Object.entries(guest.disks)
    .filter(([, text]) => !text.includes("media=cdrom"))
    .map(([slot, text]) => {
      const volume = text.split(",")[0] ?? "";
      const written = /(?:^|,)size=([^,]+)/.exec(text)?.[1];
      const size = written === undefined ? undefined : bytes(written);
      return {
        slot,
        volume,
        storage: volume.split(":")[0] ?? "",
        ...(size === undefined ? {} : { size }),
        label: `${slot} ${volume}${written ? ` (${written})` : ""}`,
      };
    });
}

/** Sizes as Proxmox VE writes them: `8G`, `512M`, or bytes without a unit. */
function bytes(text: string): number | undefined {
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)([KMGT]?)$/.exec(text) ?? [];
  return amount === undefined ? undefined : Number(amount) * (SIZE_UNITS[unit] ?? 1);
}

/** `gibibytes` is less than what is there. */
export function shrinks(disk: ExistingDisk, gibibytes: number): boolean {
  return disk.size !== undefined && gibibytes * GIB < disk.size;
}

/** `16 GiB to 8 GiB`. */
export function sizes(disk: ExistingDisk, gibibytes: number): string {
  return `${formatBytes(disk.size ?? 0)} to ${formatBytes(gibibytes * GIB)},`;
}
