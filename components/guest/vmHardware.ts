import { volumeOf } from "../media/plan";
import type { Site, VirtualMachineGuest } from "../schema";
import { diskFormat } from "../storage/places";
import { gibibytes } from "../values";
import type { DiskPlan } from "./commonPlan";
import { PRESETS } from "./presets";

export interface ImagePlan extends DiskPlan {
  /** Block storage takes raw images only. */
  format: ImageFormat;
  /** The image that it is made from. */
  image?: string | undefined;
  cache?: string | undefined;
  discard: boolean;
  ssd?: boolean | undefined;
  iothread?: boolean | undefined;
  backup?: boolean | undefined;
  replicate?: boolean | undefined;
  /** MiB a second. */
  readLimit?: number;
  writeLimit?: number;
}

export type ImageFormat = "qcow2" | "raw";

export interface HardwarePlan {
  /** `pc` is i440fx; absent where Proxmox VE's default is meant. */
  machine?: "q35" | "pc";
  bios: "seabios" | "ovmf";
  efi?: { storage: string; format: ImageFormat; preEnrolledKeys: boolean };
  tpm?: { storage: string };
  scsiHardware: string;
  /** By slot; the guest boots from the first. */
  disks: ImagePlan[];
}

type Hardware = Pick<VirtualMachineGuest, "machine" | "bios" | "efi" | "tpm" | "scsiHardware"> & {
  disks: NonNullable<VirtualMachineGuest["disks"]>;
};

/** Firmware and disks: those of the entry, then those of the guest that it is cloned from, then those of its `os`. */
export function planHardware(site: Site, guest: VirtualMachineGuest): HardwarePlan {
  const said = hardwareOf(site, guest);
  const preset = PRESETS[guest.os];
  const bios = said.bios ?? preset.bios;
  const disks = planDisks(site, said.disks);
  const first = disks[0]?.storage;
  const efi = said.efi?.storage ?? first;
  const state = typeof said.tpm === "object" ? said.tpm.storage : undefined;
  const tpm = (said.tpm ?? preset.tpm) === false ? undefined : (state ?? first);
  return {
    ...planMachine(said.machine, preset.machine),
    bios,
    ...(bios === "ovmf" && efi
      ? {
          efi: {
            storage: efi,
            format: diskFormat(site, efi),
            preEnrolledKeys: said.efi?.preEnrolledKeys ?? true,
          },
        }
      : {}),
    ...(tpm ? { tpm: { storage: tpm } } : {}),
    scsiHardware: said.scsiHardware ?? preset.scsiHardware,
    disks,
  };
}

/** A clone has the hardware of its original; disks that it names itself are larger, or more. */
function hardwareOf(site: Site, guest: VirtualMachineGuest): Hardware {
  const original = guest.clone?.guest === undefined ? undefined : site.guests[guest.clone.guest];
  const { machine, bios, efi, tpm, scsiHardware, disks = {} } = guest;
  const own = { machine, bios, efi, tpm, scsiHardware };
  const isSaid = Object.entries(own).filter(([, value]) => value !== undefined);
  if (original?.type !== "vm") return { ...own, disks };
  const inherited = hardwareOf(site, original);
  const copies = Object.entries(inherited.disks).map(([slot, disk]) => {
    const { image: _, ...copy } = disk;
    return [slot, copy] as const;
  });
  return {
    ...withPresets(inherited, original),
    ...Object.fromEntries(isSaid),
    disks: { ...Object.fromEntries(copies), ...disks },
  };
}

/** What the original has by its own `os`, whatever that of the clone is. */
function withPresets(said: Hardware, { os }: VirtualMachineGuest): Hardware {
  const { machine, bios, tpm, scsiHardware } = PRESETS[os];
  return {
    ...said,
    machine: said.machine ?? (machine === "q35" ? machine : undefined),
    bios: said.bios ?? bios,
    tpm: said.tpm ?? tpm,
    scsiHardware: said.scsiHardware ?? scsiHardware,
  };
}

/** Proxmox VE's own default is left to it, which then also keeps Windows on the version that it was made with. */
function planMachine(said: Hardware["machine"], preset: string): Pick<HardwarePlan, "machine"> {
  if (said === "i440fx") return { machine: "pc" };
  return said === "q35" || preset === "q35" ? { machine: "q35" } : {};
}

function planDisks(site: Site, disks: Hardware["disks"]): ImagePlan[] {
  return Object.entries(disks)
    .map(([slot, { size, image, readLimit, writeLimit, ...disk }]): ImagePlan => ({
      slot,
      ...disk,
      size: gibibytes(size),
      format: diskFormat(site, disk.storage),
      ...(image === undefined ? {} : { image: volumeOf(site, image) }),
      ...(readLimit === undefined ? {} : { readLimit: readLimit / 1024 }),
      ...(writeLimit === undefined ? {} : { writeLimit: writeLimit / 1024 }),
    }))
    .sort((a, b) => a.slot.localeCompare(b.slot, "en", { numeric: true }));
}
