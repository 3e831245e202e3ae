import {
  choice,
  flag,
  optional,
  type Parameters,
  type Properties,
  propertyString,
  text,
  whole,
} from "../api/schema";

const opt = optional;

/** Keys of a drive (qemu-server Drive.pm): the volume first and bare, the rest sorted. */
export const DRIVE: Properties = {
  file: { type: "string", default_key: 1 },
  aio: opt(choice("native", "threads", "io_uring")),
  backup: opt(flag()),
  bps: opt(whole()),
  bps_rd: opt(whole()),
  bps_wr: opt(whole()),
  cache: opt(choice("none", "writethrough", "writeback", "unsafe", "directsync")),
  detect_zeroes: opt(flag()),
  discard: opt(choice("ignore", "on")),
  efitype: opt(choice("2m", "4m")),
  format: opt(choice("raw", "qcow2", "vmdk", "subvol")),
  "import-from": opt(text()),
  iops: opt(whole()),
  iops_max: opt(whole()),
  iops_rd: opt(whole()),
  iops_rd_max: opt(whole()),
  iops_wr: opt(whole()),
  iops_wr_max: opt(whole()),
  iothread: opt(flag()),
  mbps: opt({ type: "number" }),
  mbps_max: opt({ type: "number" }),
  mbps_rd: opt({ type: "number" }),
  mbps_rd_max: opt({ type: "number" }),
  mbps_wr: opt({ type: "number" }),
  mbps_wr_max: opt({ type: "number" }),
  media: opt(choice("cdrom", "disk")),
  "ms-cert": opt(text()),
  "pre-enrolled-keys": opt(flag()),
  queues: opt(whole()),
  replicate: opt(flag()),
  ro: opt(flag()),
  serial: opt(text()),
  shared: opt(flag()),
  size: opt(text({ format: "disk-size" })),
  snapshot: opt(flag()),
  ssd: opt(flag()),
  version: opt(choice("v1.2", "v2.0")),
  wwn: opt(text()),
};

const MODELS = ["e1000", "e1000e", "rtl8139", "virtio", "vmxnet3"];

/** Keys of a network card (qemu-server Network.pm): `virtio=MAC` says model and address at once. */
export const NET: Properties = {
  model: { ...choice(...MODELS), default_key: 1 },
  macaddr: opt(text({ format: "mac-addr" })),
  ...Object.fromEntries(
    MODELS.map((model) => [model, { ...text(), alias: "macaddr", keyAlias: "model" }]),
  ),
  bridge: opt(text({ pattern: "[-_.\\w]+" })),
  firewall: opt(flag()),
  link_down: opt(flag()),
  mtu: opt(whole(1, 65_520)),
  queues: opt(whole(0, 64)),
  rate: opt({ type: "number", minimum: 0 }),
  tag: opt(whole(1, 4094)),
  trunks: opt(text({ pattern: "\\d+(?:-\\d+)?(?:;\\d+(?:-\\d+)?)*" })),
};

/** How the VM talks to its agent (qemu-server Agent.pm). */
export const AGENT: Properties = {
  enabled: { ...flag(), default_key: 1 },
  "freeze-fs": opt(flag()),
  "freeze-fs-on-backup": opt({ ...flag(), alias: "freeze-fs" } as Properties[string]),
  "guest-fsfreeze": opt({ ...flag(), alias: "freeze-fs" } as Properties[string]),
  fstrim_cloned_disks: opt(flag()),
  type: opt(choice("virtio", "isa")),
};

/** What a cloud-init drive is made from. */
export const CLOUD_INIT_KEY =
  /^(cicustom|cipassword|citype|ciuser|ciupgrade|nameserver|searchdomain|sshkeys|ipconfig\d+)$/;

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

const KEYBOARDS =
  "de de-ch da en-gb en-us es fi fr fr-be fr-ca fr-ch hu is it ja lt mk nl no pl pt pt-br sv sl tr".split(
    " ",
  );

const drive = opt(propertyString(DRIVE));

/** What a VM's configuration may hold (qemu-server QemuServer.pm), as far as this site's tools set it. */
export const VM_OPTIONS: Parameters = {
  acpi: opt(flag()),
  affinity: opt(text()),
  agent: opt(text()),
  arch: opt(choice("x86_64", "aarch64")),
  args: opt(text()),
  balloon: opt(whole(0)),
  bios: opt(choice("seabios", "ovmf")),
  boot: opt(text()),
  cicustom: opt(text()),
  cipassword: opt(text()),
  citype: opt(choice("configdrive2", "nocloud", "opennebula")),
  ciupgrade: opt(flag()),
  ciuser: opt(text()),
  cores: opt(whole(1)),
  cpu: opt(text()),
  cpulimit: opt({ type: "number", minimum: 0, maximum: 128 }),
  cpuunits: opt(whole(1, 262_144)),
  description: opt(text({ maxLength: 8192 })),
  efidisk0: drive,
  freeze: opt(flag()),
  hookscript: opt(text()),
  "hostpci[n]": opt(text()),
  hotplug: opt(text()),
  hugepages: opt(choice("any", "2", "1024")),
  "ide[n]": drive,
  "ipconfig[n]": opt(text()),
  keephugepages: opt(flag()),
  keyboard: opt(choice(...KEYBOARDS)),
  kvm: opt(flag()),
  localtime: opt(flag()),
  lock: opt(
    choice(
      "backup",
      "clone",
      "create",
      "migrate",
      "rollback",
      "snapshot",
      "snapshot-delete",
      "suspending",
      "suspended",
    ),
  ),
  machine: opt(text()),
  memory: opt(text()),
  migrate_downtime: opt({ type: "number", minimum: 0 }),
  migrate_speed: opt(whole(0)),
  name: opt(text({ format: "dns-name" })),
  nameserver: opt(text()),
  "net[n]": opt(propertyString(NET)),
  numa: opt(flag()),
  onboot: opt(flag()),
  ostype: opt(
    choice(
      "other",
      "wxp",
      "w2k",
      "w2k3",
      "w2k8",
      "wvista",
      "win7",
      "win8",
      "win10",
      "win11",
      "l24",
      "l26",
      "solaris",
    ),
  ),
  protection: opt(flag()),
  reboot: opt(flag()),
  rng0: opt(text()),
  "sata[n]": drive,
  "scsi[n]": drive,
  scsihw: opt(
    choice("lsi", "lsi53c810", "virtio-scsi-pci", "virtio-scsi-single", "megasas", "pvscsi"),
  ),
  searchdomain: opt(text()),
  "serial[n]": opt(text()),
  shares: opt(whole(0, 50_000)),
  smbios1: opt(text({ maxLength: 512 })),
  sockets: opt(whole(1)),
  sshkeys: opt(text({ format: "urlencoded" })),
  startup: opt(text({ format: "pve-startup-order" })),
  tablet: opt(flag()),
  tags: opt(text({ format: "pve-tag-list" })),
  template: opt(flag()),
  tpmstate0: drive,
  "usb[n]": opt(text()),
  vcpus: opt(whole(1)),
  vga: opt(text()),
  "virtio[n]": drive,
  vmgenid: opt(text()),
  watchdog: opt(text()),
};
