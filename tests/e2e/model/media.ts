import type { LabClient } from "../support/labClient";
import type { Fragment, Step } from "./fragment";

const ALPINE = "alpine-3.22-default_20250617_amd64.tar.xz";
const DEBIAN = "debian-12-standard_12.12-1_amd64.tar.zst";
const VMID = 320;
const checksum = `sha256:${"0123456789abcdef".repeat(4)}`;

/** The lab knows these addresses. Another address fetches a file anew, so it is other files that change. */
export const media: Fragment = {
  created: {
    media: {
      "debian-13.iso": {
        type: "iso",
        storage: "Data",
        url: "https://cdimage.debian.org/debian-cd/current/amd64/iso-cd/debian-13.1.0-amd64-netinst.iso",
        checksum,
      },
      "debian-13.qcow2": {
        type: "cloud-image",
        storage: "local",
        url: "https://cloud.debian.org/images/cloud/trixie/latest/debian-13-genericcloud-amd64.qcow2",
        checksum: `sha512:${"0123456789abcdef".repeat(8)}`,
      },
      [DEBIAN]: {
        type: "template",
        storage: "Data",
        url: `http://download.proxmox.com/images/system/${DEBIAN}`,
        checksum,
      },
      [ALPINE]: { type: "template", storage: "Data" },
    },
    guests: {
      installer: {
        type: "vm",
        vmid: VMID,
        node: "pve02",
        os: "l26",
        cores: 1,
        memory: "64 MiB",
        iso: "debian-13.iso",
        disks: {
          scsi0: { storage: "local-lvm", size: "4 GiB", image: "debian-13.qcow2" },
        },
      },
    },
  },
  changed: {
    media: {
      [DEBIAN]: undefined,
      [ALPINE]: undefined,
      "ubuntu-24.04.img": {
        type: "iso",
        storage: "Data",
        url: "https://cloud-images.ubuntu.com/noble/current/noble-server-cloudimg-amd64.img",
        checksum,
      },
    },
    guests: { installer: { iso: "ubuntu-24.04.img" } },
  },
  async check(step, lab) {
    expect(await filesOf(lab, "pve01", "Data")).toEqual(ON_DATA[step]);
    const images = step === "removed" ? [] : ["local:import/debian-13.qcow2"];
    for (const node of ["pve01", "pve02"]) {
      expect(await filesOf(lab, node, "local")).toEqual(images);
    }
    if (step === "removed") return;
    const { data } = await lab.api("pve02", "GET", `/nodes/pve02/qemu/${VMID}/config`);
    const { scsi0, ...drives } = data as Record<string, string>;
    const iso = step === "created" ? "debian-13.iso" : "ubuntu-24.04.img";
    expect(Object.values(drives).filter((drive) => /iso\//.test(drive))).toEqual([
      expect.stringContaining(`Data:iso/${iso}`),
    ]);
    expect(scsi0).toMatch(/^local-lvm:vm-320-disk-\d,.*size=4G/);
  },
};

/** What guests are installed or made from; the reference site's container and the VMs have files of their own. */
async function filesOf(lab: LabClient, node: string, storage: string): Promise<string[]> {
  const { data } = await lab.api(node, "GET", `/nodes/${node}/storage/${storage}/content`);
  return (data as { volid: string; content: string }[])
    .filter(({ content }) => ["iso", "vztmpl", "import"].includes(content))
    .map(({ volid }) => volid)
    .filter((volid) => !/debian-13-standard|\/vms-/.test(volid))
    .sort();
}

/** A template that came from Proxmox's index stays. */
const ON_DATA: Record<Step, string[]> = {
  created: ["Data:iso/debian-13.iso", `Data:vztmpl/${ALPINE}`, `Data:vztmpl/${DEBIAN}`],
  changed: ["Data:iso/debian-13.iso", "Data:iso/ubuntu-24.04.img", `Data:vztmpl/${ALPINE}`],
  removed: [`Data:vztmpl/${ALPINE}`],
};
