import type { Site, VirtualMachineGuest } from "../schema";
import { storageOf, volumeOf } from "../media/plan";
import { gibibytes, mebibytes } from "../values";
import { type CommonPlan, type DiskPlan, type GuestRules, planCommon } from "./commonPlan";

export interface ImagePlan extends DiskPlan {
  /** Block storage takes raw images only. */
  format: "qcow2" | "raw";
}

export interface VirtualMachinePlan extends CommonPlan {
  type: "vm";
  os: string;
  cores: number;
  cpu: string;
  /** MiB. */
  memory: number;
  /** By slot; the guest boots from the first. */
  disks: ImagePlan[];
  iso?: string;
  bridge: string;
  agent: boolean;
}

export function planVm(
  site: Site,
  key: string,
  guest: VirtualMachineGuest,
  rules: GuestRules,
): VirtualMachinePlan {
  const disks = Object.entries(guest.disks)
    .map(([slot, { storage, size }]): ImagePlan => {
      const format = site.storages[storage] ? "qcow2" : "raw";
      return { slot, storage, size: gibibytes(size), format };
    })
    .sort((a, b) => a.slot.localeCompare(b.slot, "en", { numeric: true }));
  const iso = guest.iso === undefined ? undefined : volumeOf(site, guest.iso);
  const files = iso === undefined ? [] : [iso];
  const storages = [
    ...disks.map((disk) => disk.storage),
    ...files.map((volume) => storageOf(volume)),
  ];
  return {
    ...planCommon(site, key, guest, rules, storages, files),
    type: "vm",
    os: guest.os,
    cores: guest.cores,
    cpu: guest.cpu,
    memory: mebibytes(guest.memory),
    disks,
    ...(iso ? { iso } : {}),
    bridge: guest.bridge,
    agent: guest.agent,
  };
}
