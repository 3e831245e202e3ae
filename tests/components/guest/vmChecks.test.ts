import { refuses } from "../support/broken";

const AT = "guests.ubuntu";
const change = (key: string, value: unknown): Record<string, unknown> => ({
  [`${AT}.${key}`]: value,
});

describe("a VM", () => {
  refuses([
    [
      "says whether it has disks",
      change("disks", undefined),
      `${AT}.disks: missing; write its disks, or {} for a VM that has none`,
    ],
    [
      "shows no kind of disk in a virtio slot",
      change("disks.virtio0", { storage: "Data", size: "1 GiB", ssd: true }),
      `${AT}.disks.virtio0.ssd: a virtio slot shows no kind of disk; take this out, or use scsi`,
    ],
    [
      "has no threads in a sata slot",
      change("disks.sata0", { storage: "Data", size: "1 GiB", iothread: true }),
      `${AT}.disks.sata0.iothread: a sata slot has none; take this out, or use scsi or virtio`,
    ],
    [
      "needs UEFI for an EFI disk",
      change("efi", {}),
      `${AT}.efi: only UEFI has this disk; write bios: ovmf, or take this out`,
    ],
    [
      "without disks names the storages of its other volumes",
      {
        ...change("disks", {}),
        ...change("bios", "ovmf"),
        ...change("tpm", true),
        ...change("cloudInit", {}),
      },
      `${AT}.efi.storage: the VM has no disk whose storage it would be on; name one, as in { storage: Data }`,
      `${AT}.tpm: the VM has no disk whose storage it would be on; name one, as in { storage: Data }`,
      `${AT}.cloudInit.storage: the VM has no disk whose storage it would be on; name one, as in { storage: Data }`,
    ],
    [
      "keeps no more memory than it has",
      change("balloon", "1 GiB"),
      `${AT}.balloon: 1 GiB is more than its memory, 512 MiB; write that or less`,
    ],
    [
      "has its cards in one place",
      { ...change("bridge", "vmbr0"), ...change("networks", [{}]) },
      `${AT}.bridge: networks says it for each card; take this out`,
    ],
    [
      "has packets and queues as they are for a card without VirtIO",
      change("networks", [{ model: "e1000", mtu: 9000, queues: 4 }]),
      `${AT}.networks.0.mtu: a e1000 card has none; take this out, or use model: virtio`,
      `${AT}.networks.0.queues: a e1000 card has none; take this out, or use model: virtio`,
    ],
    [
      "has no addresses without cloud-init",
      change("networks", [
        { address: "192.168.18.40/24", gateway: "192.168.18.1", address6: "auto" },
      ]),
      `${AT}.networks.0.address: only cloud-init sets it; write cloudInit: {}, or set it within the guest`,
      `${AT}.networks.0.gateway: only cloud-init sets it; write cloudInit: {}, or set it within the guest`,
      `${AT}.networks.0.address6: only cloud-init sets it; write cloudInit: {}, or set it within the guest`,
    ],
    [
      "has the address of a card with the card",
      {
        ...change("networks", [{}]),
        ...change("cloudInit", { address: "192.168.18.40/24", gateway6: "fd00::1" }),
      },
      `${AT}.cloudInit.address: each card has its own; write it at networks.0.address`,
      `${AT}.cloudInit.gateway6: each card has its own; write it at networks.0.gateway6`,
    ],
    [
      "has no disk where the cloud-init drive is",
      { ...change("disks.scsi30", { storage: "Data", size: "1 GiB" }), ...change("cloudInit", {}) },
      `${AT}.disks.scsi30: the cloud-init drive is in this slot; use another for the disk`,
    ],
    [
      "boots from what it has",
      change("boot", ["scsi1", "ide2", "net1", "scsi0", "net0"]),
      `${AT}.boot.0: the VM has no scsi1; name what it has`,
      `${AT}.boot.1: the VM has no ide2; name what it has`,
      `${AT}.boot.2: the VM has no net1; name what it has`,
    ],
    [
      "that is a template never runs",
      { ...change("template", true), ...change("start", { order: 1 }) },
      `${AT}.ha: a template never runs; take this out`,
      `${AT}.start: a template never runs; take this out`,
      `${AT}.start: the HA manager starts this guest, and follows no order; take start away`,
    ],
    [
      "takes images from a storage for them, of the right kind",
      change("disks.scsi0.image", "Data:import/debian.qcow2"),
      `${AT}.disks.scsi0.image: storage Data does not hold import; add it to storages.Data.content`,
    ],
    [
      "takes media that are there",
      { ...change("disks.scsi0.image", "debian.qcow2"), ...change("drivers", "virtio.iso") },
      `${AT}.drivers: there is no "virtio.iso" in media; add it there`,
      `${AT}.disks.scsi0.image: there is no "debian.qcow2" in media; add it there`,
    ],
    [
      "has volumes on storages for disks",
      {
        ...change("bios", "ovmf"),
        ...change("efi", { storage: "Backup" }),
        ...change("tpm", { storage: "Backup" }),
        ...change("cloudInit", { storage: "nowhere" }),
      },
      `${AT}.efi.storage: storage Backup does not hold images; add it to storages.Backup.content`,
      `${AT}.tpm.storage: storage Backup does not hold images; add it to storages.Backup.content`,
      `${AT}.cloudInit.storage: there is no storage "nowhere"; storages has Data, Backup, local, local-lvm`,
    ],
    [
      "has an address of its own, in the site's network",
      change("cloudInit", { address: "192.168.18.200/24", gateway: "10.0.0.1" }),
      `${AT}.cloudInit.address: 192.168.18.200 is also the address of hosts.nas; give each its own`,
      `${AT}.cloudInit.gateway: 10.0.0.1 is not in the site's network 192.168.18.0/24 (network.cidr); correct one of them`,
    ],
    [
      "has MAC addresses of its own",
      change("networks", [{ mac: "BC:24:11:00:00:01" }, { mac: "bc:24:11:00:00:01" }]),
      `${AT}.networks.1.mac: bc:24:11:00:00:01 is also the MAC address of ${AT}.networks.0; give each its own`,
    ],
    [
      "has the address of one card, not of many",
      change("networks", [{ mac: "01:00:5E:00:00:01" }]),
      `${AT}.networks.0.mac: "01:00:5E:00:00:01"; write the address of one card, as in BC:24:11:00:00:01`,
    ],
    [
      "has whole limits",
      change("disks.scsi0.readLimit", "100 KiB/s"),
      `${AT}.disks.scsi0.readLimit: "100 KiB/s"; write whole MiB/s, as in 60 MiB/s`,
    ],
  ]);
});

describe("what only root@pam may set", () => {
  const END = "The stack has an account of its own, so take this out";
  refuses([
    [
      "is refused with the reason",
      change("args", "-cpu host"),
      `${AT}.args: Proxmox VE lets root@pam alone set args: it is put on QEMU's command line as it stands, and that reaches all that root does. ${END}`,
    ],
    [
      "is known with a number as well",
      change("hostpci0", "01:00"),
      `${AT}.hostpci0: Proxmox VE lets root@pam alone set hostpci without a mapping: it takes a device away from the node, and the guest can then run on that node alone. ${END}`,
    ],
    [
      "is another thing for containers",
      { "guests.web.dev": [], "guests.web.args": "-cpu host" },
      `guests.web.dev: Proxmox VE lets root@pam alone set dev (devices of the node): the container could use a device of the node. ${END}`,
      "guests.web.args: unknown key; see docs/configuration.md for what may stand here",
    ],
  ]);
});

describe("cards in networks of their own", () => {
  refuses([
    [
      "have addresses of those",
      {
        ...change("cloudInit", {}),
        ...change("networks", [{ address: "10.0.0.1/24" }, { address: "10.0.0.2/24", vlan: 5 }]),
      },
      `${AT}.networks.0.address: 10.0.0.1 is not in the site's network 192.168.18.0/24 (network.cidr); correct one of them`,
    ],
  ]);
});
