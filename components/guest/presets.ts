/** Operating systems as Proxmox VE distinguishes them (qemu-server), the newest of each family first. */
export const OS_TYPES = [
  "l26",
  "l24",
  "win11",
  "win10",
  "win8",
  "win7",
  "w2k8",
  "wvista",
  "w2k3",
  "wxp",
  "w2k",
  "solaris",
  "other",
] as const;

export const MACHINES = ["q35", "i440fx"] as const;
export const FIRMWARES = ["seabios", "ovmf"] as const;
export const SCSI_HARDWARE = [
  "virtio-scsi-single",
  "virtio-scsi-pci",
  "lsi",
  "lsi53c810",
  "megasas",
  "pvscsi",
] as const;
export const NIC_MODELS = ["virtio", "e1000", "e1000e", "rtl8139", "vmxnet3"] as const;

export type Os = (typeof OS_TYPES)[number];
export type NicModel = (typeof NIC_MODELS)[number];

/** What a VM gets where its entry says nothing. */
export interface Preset {
  machine: (typeof MACHINES)[number];
  bios: (typeof FIRMWARES)[number];
  tpm: boolean;
  cpu: string;
  scsiHardware: (typeof SCSI_HARDWARE)[number];
  nic: NicModel;
  /** Slot of the cloud-init drive: kernels of Linux cloud images often have no driver for IDE. */
  cloudInitDrive: "scsi30" | "ide3";
}

const LINUX: Preset = {
  machine: "i440fx",
  bios: "seabios",
  tpm: false,
  cpu: "x86-64-v2-AES",
  scsiHardware: "virtio-scsi-single",
  nic: "virtio",
  cloudInitDrive: "scsi30",
};

const WINDOWS: Preset = { ...LINUX, cloudInitDrive: "ide3" };
/** Their drivers for VirtIO are no longer made. */
const OLD_WINDOWS: Preset = { ...WINDOWS, nic: "e1000" };
const OLDEST_WINDOWS: Preset = { ...WINDOWS, scsiHardware: "lsi", nic: "rtl8139" };
const OTHER: Preset = { ...LINUX, nic: "e1000", cloudInitDrive: "ide3" };

/** As the wizard of the web interface has them (pve-manager OSDefaults.js), but for disks and cards of newer Windows: VirtIO. */
export const PRESETS: Record<Os, Preset> = {
  l26: LINUX,
  l24: OTHER,
  // Windows 11 does not install without them.
  win11: { ...WINDOWS, machine: "q35", bios: "ovmf", tpm: true },
  win10: WINDOWS,
  win8: WINDOWS,
  win7: OLD_WINDOWS,
  w2k8: OLD_WINDOWS,
  wvista: OLD_WINDOWS,
  w2k3: OLDEST_WINDOWS,
  wxp: OLDEST_WINDOWS,
  w2k: OLDEST_WINDOWS,
  solaris: OTHER,
  other: OTHER,
};

/** Microsoft's, which VirtIO drivers are for. */
export const isWindows = (os: Os): boolean => os.startsWith("w");
