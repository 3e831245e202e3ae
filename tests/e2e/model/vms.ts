import type { LabClient } from "../support/labClient";
import type { Fragment, Step } from "./fragment";

const DISK = { storage: "Data", size: "1 GiB" };
const SHA256 = `sha256:${"0123456789abcdef".repeat(4)}`;
const DEBIAN = "https://cloud.debian.org/images/cloud/trixie/latest";

/** Of each VM, what its file says after each step; what is removed, nobody finds. */
const SAID: Record<number, Record<Exclude<Step, "removed">, object>> = {
  330: {
    created: {
      ostype: "other",
      bios: "seabios",
      net0: expect.stringContaining("e1000=BC:24:11:00:03:30"),
      boot: "order=net0",
      tags: "vms",
      ide2: "none,media=cdrom",
    },
    changed: {
      cores: 2,
      memory: "128",
      balloon: 64,
      scsi0: expect.stringMatching(/^Data:330\/vm-330-disk-0.qcow2,.*size=1G/),
      net1: expect.stringMatching(/^virtio=.*bridge=vmbr0/),
      boot: "order=scsi0;ide2;net0",
      tags: "office;vms",
      ide2: expect.stringMatching(/^local:iso\/vms-drivers.iso,media=cdrom/),
      startup: "order=3,up=10",
    },
  },
  331: {
    created: {
      bios: "ovmf",
      machine: "q35",
      efidisk0: expect.stringMatching(/^Data:331\/.*efitype=4m.*pre-enrolled-keys=1/),
      tpmstate0: expect.stringMatching(/^Data:331\/.*version=v2.0/),
      scsi0: expect.stringMatching(/cache=writeback.*iothread=1.*mbps_rd=50.*size=4G.*ssd=1/),
      scsi30: expect.stringMatching(/^Data:331\/vm-331-cloudinit.qcow2,media=cdrom/),
      ciuser: "vms",
      cipassword: "**********",
      sshkeys: encodeURIComponent("ssh-ed25519 AAAA vms@example.org"),
      ipconfig0: "gw=192.168.18.1,ip=192.168.18.231/24",
      nameserver: "192.168.18.1",
      ciupgrade: 0,
      serial0: "socket",
      vga: "memory=16,type=serial0",
    },
    changed: {
      scsi0: expect.stringMatching(/cache=none.*discard=ignore.*size=5G/),
      ipconfig0: "gw=192.168.18.1,ip=192.168.18.232/24,ip6=fd00::31/64",
      nameserver: "192.168.18.1 192.168.18.200",
      sshkeys: encodeURIComponent("ssh-ed25519 BBBB vms@example.org"),
      vga: "memory=16,type=std",
      description: expect.stringMatching(/^Grown\.\n/),
    },
  },
  332: {
    created: { template: 1, scsi0: expect.stringMatching(/^Data:332\/base-332-disk-0.qcow2/) },
    changed: { template: 1, tags: "template" },
  },
  333: {
    created: { scsi0: expect.stringMatching(/^Data:333\/vm-333-disk-0.qcow2,.*size=2G/) },
    changed: { cores: 2, scsi1: expect.stringMatching(/size=1G/) },
  },
  334: {
    created: { scsi0: expect.stringMatching(/^Data:332\/base-332-disk-0.qcow2\/334\//) },
    changed: { name: "vms-linked" },
  },
  335: {
    created: {
      bios: "ovmf",
      machine: expect.stringMatching(/^pc-q35-/),
      tpmstate0: expect.stringMatching(/version=v2.0/),
      ide0: expect.stringMatching(/^local:iso\/vms-drivers.iso,media=cdrom/),
    },
    changed: { ide0: expect.stringMatching(/^local:iso\/vms-drivers.iso,media=cdrom/) },
  },
};

/** VMs of every kind: empty, from a cloud image, a template, its clones, and Windows with its drivers. */
export const vms: Fragment = {
  created: {
    media: {
      "vms-debian-13.qcow2": {
        type: "cloud-image",
        storage: "local",
        url: `${DEBIAN}/debian-13-genericcloud-amd64.qcow2`,
        checksum: SHA256,
      },
      "vms-drivers.iso": {
        type: "iso",
        storage: "local",
        url: "https://cdimage.debian.org/debian-cd/current/amd64/iso-cd/debian-13.1.0-amd64-netinst.iso",
        checksum: SHA256,
      },
    },
    guests: {
      "vms-empty": {
        type: "vm",
        vmid: 330,
        node: "pve02",
        os: "other",
        cores: 1,
        memory: "64 MiB",
        disks: {},
        networks: [{ mac: "bc:24:11:00:03:30" }],
        tags: ["vms"],
      },
      "vms-cloud": {
        type: "vm",
        vmid: 331,
        node: "pve02",
        os: "l26",
        cores: 1,
        memory: "128 MiB",
        machine: "q35",
        bios: "ovmf",
        tpm: true,
        disks: {
          scsi0: {
            storage: "Data",
            size: "4 GiB",
            image: "vms-debian-13.qcow2",
            cache: "writeback",
            ssd: true,
            iothread: true,
            readLimit: "50 MiB/s",
          },
        },
        cloudInit: {
          user: "vms",
          sshKeys: ["ssh-ed25519 AAAA vms@example.org"],
          passwordFrom: "vmsPassword",
          address: "192.168.18.231/24",
          gateway: "192.168.18.1",
          dns: { servers: ["192.168.18.1"], domain: "example.org" },
          upgrade: false,
        },
        display: "serial0",
      },
      "vms-template": {
        type: "vm",
        vmid: 332,
        node: "pve02",
        os: "l26",
        cores: 1,
        memory: "64 MiB",
        template: true,
        disks: { scsi0: DISK },
      },
      "vms-clone": {
        type: "vm",
        vmid: 333,
        node: "pve02",
        os: "l26",
        cores: 1,
        memory: "64 MiB",
        clone: { guest: "vms-template" },
        disks: { scsi0: { ...DISK, size: "2 GiB" } },
      },
      "vms-linked": {
        type: "vm",
        vmid: 334,
        node: "pve02",
        os: "l26",
        cores: 1,
        memory: "64 MiB",
        clone: { guest: "vms-template", full: false },
      },
      "vms-windows": {
        type: "vm",
        vmid: 335,
        node: "pve02",
        os: "win11",
        cores: 1,
        memory: "64 MiB",
        disks: { scsi0: DISK },
        drivers: "vms-drivers.iso",
      },
    },
  },
  changed: {
    guests: {
      "vms-empty": {
        cores: 2,
        memory: "128 MiB",
        balloon: "64 MiB",
        disks: { scsi0: DISK },
        networks: [{ mac: "bc:24:11:00:03:30" }, { model: "virtio" }],
        tags: ["vms", "office"],
        iso: "vms-drivers.iso",
        boot: ["scsi0", "ide2", "net0"],
        start: { order: 3, delay: 10 },
      },
      "vms-cloud": {
        notes: "Grown.",
        disks: {
          scsi0: { size: "5 GiB", cache: "none", discard: false, readLimit: "60 MiB/s" },
        },
        cloudInit: {
          address: "192.168.18.232/24",
          address6: "fd00::31/64",
          sshKeys: ["ssh-ed25519 BBBB vms@example.org"],
          dns: { servers: ["192.168.18.1", "192.168.18.200"] },
        },
        display: "std",
      },
      "vms-template": { tags: ["template"] },
      "vms-clone": { cores: 2, disks: { scsi1: DISK } },
      "vms-windows": { restart: "manual" },
    },
  },
  secrets: { vmsPassword: "correct horse" },
  async check(step, lab) {
    for (const [vmid, said] of Object.entries(SAID)) {
      const found = await fileOf(lab, Number(vmid));
      if (step === "removed") expect({ vmid, found }).toEqual({ vmid, found: undefined });
      else expect({ vmid, ...found }).toMatchObject({ vmid, ...said[step] });
    }
  },
};

async function fileOf(lab: LabClient, vmid: number): Promise<object | undefined> {
  const { data } = await lab.api("pve01", "GET", "/cluster/resources?type=vm");
  const node = (data as { vmid: number; node: string }[]).find(
    (guest) => guest.vmid === vmid,
  )?.node;
  if (node === undefined) return undefined;
  return (await lab.api("pve01", "GET", `/nodes/${node}/qemu/${vmid}/config`)).data as object;
}
