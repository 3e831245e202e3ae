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
  size: opt(text()),
  snapshot: opt(flag()),
  ssd: opt(flag()),
  version: opt(choice("v1.2", "v2.0")),
  wwn: opt(text()),
};

export const DRIVE_KEY = /^(scsi|virtio|sata|ide)\d+$|^(efidisk|tpmstate)0$/;

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
  keyboard: opt(text()),
  kvm: opt(flag()),
  localtime: opt(flag()),
  lock: opt(text()),
  machine: opt(text({ maxLength: 40 })),
  memory: opt(text()),
  migrate_downtime: opt({ type: "number", minimum: 0 }),
  migrate_speed: opt(whole(0)),
  name: opt(text({ format: "dns-name" })),
  nameserver: opt(text()),
  "net[n]": opt(text()),
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
  sshkeys: opt(text()),
  startup: opt(text()),
  tablet: opt(flag()),
  tags: opt(text()),
  template: opt(flag()),
  tpmstate0: drive,
  "usb[n]": opt(text()),
  vcpus: opt(whole(1)),
  vga: opt(text()),
  "virtio[n]": drive,
  vmgenid: opt(text()),
  watchdog: opt(text()),
};

/** Which privilege a key needs (PVE::API2::Qemu, check_vm_modify_config_perm). */
export function vmPrivilege(key: string): string {
  if (/^(cores|sockets|cpu|cpulimit|cpuunits|vcpus|numa|affinity)$/.test(key))
    return "VM.Config.CPU";
  if (/^(memory|balloon|shares|hugepages)$/.test(key)) return "VM.Config.Memory";
  if (/^(net\d+|nameserver|searchdomain|ipconfig\d+)$/.test(key)) return "VM.Config.Network";
  if (/^(ci|sshkeys)/.test(key)) return "VM.Config.Cloudinit";
  if (/^(scsi|virtio|sata|ide|efidisk|tpmstate|unused)\d+$/.test(key)) return "VM.Config.Disk";
  if (
    /^(bios|machine|vga|scsihw|serial\d+|usb\d+|hostpci\d+|watchdog|rng0|tablet|kvm|acpi)$/.test(
      key,
    )
  ) {
    return "VM.Config.HWType";
  }
  return "VM.Config.Options";
}

/** Only root@pam with a ticket may set these. */
export const VM_ROOT_ONLY = ["args", "hookscript", "lock", "skiplock"];
