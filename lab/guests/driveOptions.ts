import {
  choice,
  flag,
  optional,
  type Properties,
  type PropertySchema,
  text,
  whole,
} from "../api/schema";

const opt = optional;
const alias = (name: string): PropertySchema => ({ ...text(), alias: name });

/** What every volume of a VM may say (qemu-server Drive.pm). */
const VOLUME: Properties = {
  file: { ...text({ format: "pve-volume-id-or-qm-path" }), default_key: 1 },
  format: opt(choice("raw", "qcow", "qed", "qcow2", "vmdk", "cloop")),
  "import-from": opt(text({ format: "pve-volume-id-or-absolute-path" })),
  size: opt(text({ format: "disk-size" })),
  volume: alias("file"),
};

/** `bps`, `bps_rd`, `bps_wr_max_length`, …: limits in bytes, MiB and operations a second. */
function throttle(): Properties {
  const limits: Properties = {};
  for (const direction of ["", "_rd", "_wr"]) {
    limits[`bps${direction}`] = opt(whole());
    limits[`iops${direction}`] = opt(whole());
    limits[`iops${direction}_max`] = opt(whole());
    limits[`mbps${direction}`] = opt({ type: "number" });
    limits[`mbps${direction}_max`] = opt({ type: "number" });
    for (const unit of ["bps", "iops"]) {
      const length = `${unit}${direction}_max_length`;
      limits[length] = opt(whole(1));
      // An older name, which writes have too.
      if (direction !== "") limits[`${unit}${direction}_length`] = alias(length);
    }
  }
  return limits;
}

const DISK: Properties = {
  ...VOLUME,
  ...throttle(),
  aio: opt(choice("native", "threads", "io_uring")),
  backup: opt(flag()),
  cache: opt(choice("none", "writethrough", "writeback", "unsafe", "directsync")),
  detect_zeroes: opt(flag()),
  discard: opt(choice("ignore", "on")),
  media: opt(choice("cdrom", "disk")),
  replicate: opt(flag()),
  rerror: opt(choice("ignore", "report", "stop")),
  serial: opt(text({ format: "urlencoded", maxLength: 60 })),
  shared: opt(flag()),
  snapshot: opt(flag()),
  werror: opt(choice("enospc", "ignore", "report", "stop")),
};

const SSD: Properties = {
  ssd: opt(flag()),
  wwn: opt(text({ pattern: "(?:^(0x)[0-9a-fA-F]{16})" })),
};
const FAST: Properties = { iothread: opt(flag()), ro: opt(flag()) };

export const IDE: Properties = {
  ...DISK,
  ...SSD,
  model: opt(text({ format: "urlencoded", maxLength: 120 })),
};
export const SATA: Properties = { ...DISK, ...SSD };
export const SCSI: Properties = {
  ...DISK,
  ...SSD,
  ...FAST,
  product: opt(text({ pattern: "[A-Za-z0-9\\-_\\s]{0,16}" })),
  queues: opt(whole(2)),
  scsiblock: opt(flag()),
  vendor: opt(text({ pattern: "[A-Za-z0-9\\-_\\s]{0,8}" })),
};
export const VIRTIO: Properties = { ...DISK, ...FAST };
export const EFI_DISK: Properties = {
  ...VOLUME,
  efitype: opt(choice("2m", "4m")),
  "ms-cert": opt(choice("2011", "2023", "2023w", "2023k")),
  "pre-enrolled-keys": opt(flag()),
};
export const TPM_STATE: Properties = {
  ...VOLUME,
  format: opt(choice("raw", "qcow2", "vmdk")),
  version: opt(choice("v1.2", "v2.0")),
};

/** All of them together, for reading what is in a VM's file. */
export const DRIVE: Properties = { ...IDE, ...SCSI, ...VIRTIO, ...EFI_DISK, ...TPM_STATE };

export const DRIVE_KEY = /^(scsi|virtio|sata|ide)\d+$|^(efidisk|tpmstate)0$/;

const numbers = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);

/** Drives that can grow. */
export const DRIVES = [
  ...numbers("ide", 4),
  ...numbers("scsi", 31),
  ...numbers("virtio", 16),
  ...numbers("sata", 6),
  "efidisk0",
  "tpmstate0",
];

/** Disks that nothing uses. */
export const UNUSED = numbers("unused", 256);
