import {
  originalsFirst,
  planGuests,
  type VirtualMachinePlan,
} from "../../../components/guest/plan";
import { OS_TYPES } from "../../../components/guest/presets";
import { originOf } from "../../../components/guest/vmPlan";
import { type Changes, site } from "../support/site";

const RULES = { protect: false, today: "2026-11-23" };

function vm(changes: Changes = {}, key = "ubuntu"): VirtualMachinePlan {
  const plan = planGuests(site(changes), RULES).find((guest) => guest.key === key);
  if (plan?.type !== "vm") throw new Error(`${key} is no VM`);
  return plan;
}

const ubuntu = (said: object): Changes =>
  Object.fromEntries(Object.entries(said).map(([key, value]) => [`guests.ubuntu.${key}`, value]));

describe("what a VM gets by its operating system", () => {
  const hardware = (os: string, said: object = {}): object => {
    const { machine, bios, tpm, efi, scsiHardware, networks } = vm(ubuntu({ os, ...said }));
    return { machine, bios, tpm, efi, scsiHardware, nic: networks[0]?.model };
  };
  const plain = { bios: "seabios", scsiHardware: "virtio-scsi-single" };
  const efi = { storage: "Data", format: "qcow2", preEnrolledKeys: true };

  it.each([
    ["l26", { ...plain, nic: "virtio" }],
    ["win10", { ...plain, nic: "virtio" }],
    [
      "win11",
      { ...plain, machine: "q35", bios: "ovmf", efi, tpm: { storage: "Data" }, nic: "virtio" },
    ],
    ["win7", { ...plain, nic: "e1000" }],
    ["w2k3", { ...plain, scsiHardware: "lsi", nic: "rtl8139" }],
    ["other", { ...plain, nic: "e1000" }],
  ])("%s", (os, expected) => {
    expect(hardware(os)).toEqual(expected);
  });

  it("gives way to what its entry says", () => {
    const said = { machine: "i440fx", bios: "seabios", tpm: false, scsiHardware: "lsi" };
    expect(hardware("win11", { ...said, networks: [{ model: "vmxnet3" }] })).toEqual({
      machine: "pc",
      bios: "seabios",
      scsiHardware: "lsi",
      nic: "vmxnet3",
    });
  });

  it("is known for every one", () => {
    for (const os of OS_TYPES) expect(vm(ubuntu({ os })).cpu).toBe("x86-64-v2-AES");
  });
});

describe("volumes beside the disks", () => {
  it("lie with the first disk", () => {
    const said = { bios: "ovmf", tpm: true, cloudInit: {}, "disks.scsi0.storage": "local-lvm" };
    expect(vm(ubuntu(said))).toMatchObject({
      efi: { storage: "local-lvm", format: "raw", preEnrolledKeys: true },
      tpm: { storage: "local-lvm" },
      cloudInit: { storage: "local-lvm", slot: "scsi30" },
    });
  });

  it("lie where their entries say, on storages that are there first", () => {
    const plan = vm(
      ubuntu({
        bios: "ovmf",
        efi: { storage: "Data", preEnrolledKeys: false },
        tpm: { storage: "Data" },
        cloudInit: { storage: "Data" },
        "disks.scsi0.storage": "local-lvm",
      }),
    );
    expect(plan.efi).toEqual({ storage: "Data", format: "qcow2", preEnrolledKeys: false });
    expect(plan.storages).toEqual(["Data"]);
  });
});

describe("cloud-init", () => {
  it("sets up the one card by DHCP unless it is told otherwise", () => {
    expect(vm(ubuntu({ cloudInit: {} })).cloudInit).toEqual({
      storage: "Data",
      slot: "scsi30",
      sshKeys: [],
      addresses: [{ address: "dhcp" }],
      upgrade: true,
    });
  });

  it("sets up each card", () => {
    const networks = [
      { address: "192.168.18.40/24", gateway: "192.168.18.1", address6: "auto" },
      {
        ...{ vlan: 5, mac: "bc:24:11:00:00:01", rateLimit: "10 MiB/s" },
        ...{ address6: "fd00::40/64", gateway6: "fd00::1" },
      },
    ];
    const plan = vm(ubuntu({ networks, cloudInit: { passwordFrom: "pass" } }));
    expect(plan.networks).toEqual([
      { bridge: "vmbr0", model: "virtio" },
      { bridge: "vmbr0", model: "virtio", vlan: 5, mac: "BC:24:11:00:00:01", rateLimit: 10 },
    ]);
    expect(plan.cloudInit).toMatchObject({
      passwordFrom: "pass",
      addresses: [
        { address: "192.168.18.40/24", gateway: "192.168.18.1", address6: "auto" },
        { address: "dhcp", address6: "fd00::40/64", gateway6: "fd00::1" },
      ],
    });
  });
});

describe("cards", () => {
  it("are behind the guest's firewall, where it has one, but for those that are left out", () => {
    const said = ubuntu({ firewall: {}, networks: [{}, { firewall: false }] });
    const plan = vm({ firewall: { enabled: true, management: ["192.168.18.0/24"] }, ...said });
    expect(plan.networks.map(({ firewall }) => firewall)).toEqual([true, undefined]);
  });
});

describe("a clone", () => {
  const TEMPLATE = {
    type: "vm",
    vmid: 200,
    node: "pve02",
    os: "win11",
    cores: 1,
    memory: "512 MiB",
    template: true,
    disks: {
      scsi0: { storage: "Data", size: "10 GiB", image: "local:import/win.qcow2", ssd: true },
      scsi1: { storage: "Data", size: "1 GiB" },
    },
  };
  const changes = {
    "guests.clone": {
      type: "vm",
      vmid: 201,
      node: "pve01",
      os: "l26",
      cores: 1,
      memory: "512 MiB",
      clone: { guest: "template" },
      disks: { scsi1: { storage: "Data", size: "2 GiB" } },
    },
    "guests.template": TEMPLATE,
  };

  it("has the hardware of its original, whose image it is not made from again", () => {
    const plan = vm(changes, "clone");
    expect(plan).toMatchObject({
      clone: { guest: "template", vmid: 200, node: "pve02", full: true, storage: "Data" },
      machine: "q35",
      bios: "ovmf",
      tpm: { storage: "Data" },
      files: [],
    });
    expect(plan.disks).toEqual([
      { slot: "scsi0", storage: "Data", size: 10, format: "qcow2", discard: true, ssd: true },
      { slot: "scsi1", storage: "Data", size: 2, format: "qcow2", discard: true },
    ]);
  });

  it("is made after its original", () => {
    const keys = originalsFirst(planGuests(site(changes), RULES)).map(({ key }) => key);
    expect(keys.indexOf("template")).toBeLessThan(keys.indexOf("clone"));
  });

  it("of a VM that the file does not describe is made from the node that it names", () => {
    const clone = { vmid: 900, node: "pve02", full: false };
    expect(vm(ubuntu({ clone })).clone).toEqual(clone);
    expect(vm(ubuntu({ clone: { vmid: 900 } })).clone).toEqual({
      vmid: 900,
      node: "pve01",
      full: true,
      storage: "Data",
    });
  });
});

describe("what a VM is made from", () => {
  it.each([
    ["nothing", {}, undefined],
    ["a VM", { clone: { vmid: 900 } }, "clone-of-900"],
    ["an image", { "disks.scsi0.image": "local:import/a.qcow2" }, "local:import/a.qcow2"],
  ])("is %s", (_what, said, origin) => {
    expect(originOf(vm(ubuntu(said)))).toBe(origin);
  });
});
