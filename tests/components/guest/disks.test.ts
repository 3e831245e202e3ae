import { compareDisks, disksOf, rootDiskReason } from "../../../components/guest/disks";
import type { ExistingGuest, Findings } from "../../../components/inventory";
import { type GuestPlan, planGuests } from "../../../components/guest/plan";
import { type Changes, site } from "../support/site";

const SCSI0 = "scsi0 Data:101/vm-101-disk-0.qcow2 (16G)";
const SCSI1 = "scsi1 Data:101/vm-101-disk-1.qcow2 (512M)";
const UNUSED = "it stays with VMID 101 as an unused disk, and is deleted with it.";
const SECOND = "Data:101/vm-101-disk-1.qcow2,size=512M";
const NOTHING: Findings = { refusals: [], notices: [] };

const planOf = (key: string, changes: Changes): GuestPlan => {
  const plans = planGuests(site(changes), { protect: false, today: "2026-11-23" });
  const plan = plans.find((guest) => guest.key === key);
  if (!plan) throw new Error(`no guest ${key} is planned`);
  return plan;
};
const guest = (type: "qemu" | "lxc", disks: Record<string, string>): ExistingGuest => ({
  ...{ vmid: type === "qemu" ? 101 : 102, type, node: "pve01", notes: "" },
  disks,
});

/** What is found for ubuntu, whose scsi0 has 16 GiB on Data; other disks that it has; the file's changes. */
const found = (changes: Changes, more: Record<string, string> = {}): Findings => {
  const plan = planOf("ubuntu", changes);
  if (plan.type !== "vm") throw new Error("ubuntu is a VM");
  const scsi0 = "Data:101/vm-101-disk-0.qcow2,discard=on,size=16G";
  const disks = { scsi0, ide2: "none,media=cdrom", ...more };
  return compareDisks(
    plan,
    guest("qemu", Object.fromEntries(Object.entries(disks).filter(([, text]) => text !== ""))),
  );
};

describe("nothing is said about a VM's disk", () => {
  it.each<[string, Changes, Record<string, string>]>([
    ["that is as the file says", {}, {}],
    ["that grows", { "guests.ubuntu.disks.scsi0.size": "17 GiB" }, {}],
    ["that is added", { "guests.ubuntu.disks.scsi1": { storage: "Data", size: "1 GiB" } }, {}],
    ["that somebody has taken off", {}, { scsi0: "" }],
    ["whose size is not known", {}, { scsi0: "Data:101/vm-101-disk-0.qcow2" }],
    ["that the file cannot name", {}, { efidisk0: SECOND, tpmstate0: SECOND, unused0: SECOND }],
  ])("%s", (_what, changes, more) => {
    expect(found(changes, more)).toEqual(NOTHING);
  });
});

describe("a VM's disk that would shrink", () => {
  // As Proxmox VE writes it, and as it is shown.
  it.each([
    ["16G", "16 GiB", "16 GiB"],
    ["16384M", "16 GiB", "16 GiB"],
    ["16777216K", "16 GiB", "16 GiB"],
    ["17179869184", "16 GiB", "16 GiB"],
    ["1T", "1 TiB", "1024 GiB"],
    ["15872M", "15.50 GiB", "16 GiB"],
  ])("is refused with its size, the wanted one and what fits: %s", (written, size, least) => {
    const scsi0 = `Data:101/vm-101-disk-0.qcow2,size=${written}`;
    const changes = { "guests.ubuntu.disks.scsi0.size": "8 GiB" };
    const text =
      `guests.ubuntu.disks.scsi0.size: scsi0 Data:101/vm-101-disk-0.qcow2 (${written}) would shrink ` +
      `from ${size} to 8 GiB, and disks only grow. Write ${least} or more.`;
    expect(found(changes, { scsi0 })).toEqual({ refusals: [text], notices: [] });
  });

  it("is refused even where a replacement is allowed, which this is not", () => {
    const changes = {
      "guests.ubuntu.disks.scsi0.size": "8 GiB",
      "guests.ubuntu.replaceUntil": "2026-11-23",
    };
    expect(found(changes).refusals).toHaveLength(1);
  });
});

describe("a VM's disk that would move to another storage", () => {
  const local: Changes = {
    "guests.ubuntu.ha": undefined,
    "guests.ubuntu.disks.scsi0.storage": "local-lvm",
  };
  const path = `guests.ubuntu.disks.scsi0.storage: ${SCSI0}`;

  it("is refused, with the way to move it", () => {
    expect(found(local)).toEqual({
      refusals: [
        `${path} would move from Data to local-lvm, with the guest stopped. ` +
          "Undo that change, or move it yourself, then write it here: qm disk move 101 scsi0 local-lvm --delete 1",
      ],
      notices: [],
    });
  });

  it("is told of an HA guest on a node's own storage, which a policy refuses", () => {
    expect(found({ ...local, "guests.ubuntu.ha": {} })).toEqual({
      refusals: [],
      notices: [`${path} will move from Data to local-lvm, with the guest stopped.`],
    });
  });

  it("is told where a replacement is allowed", () => {
    expect(found({ ...local, "guests.ubuntu.replaceUntil": "2026-11-23" })).toEqual({
      refusals: [],
      notices: [`${path} will move from Data to local-lvm, with the guest stopped.`],
    });
  });
});

describe("a VM's disk in another slot", () => {
  const moved: Changes = {
    "guests.ubuntu.disks": { virtio0: { storage: "Data", size: "16 GiB" } },
  };
  const detached = (will: string): string =>
    `guests.ubuntu.disks: ${SCSI0} ${will} be detached and virtio0 be added, an empty disk. ` +
    `What is detached is not lost: ${UNUSED}`;

  it("is refused, because it would be another, empty disk", () => {
    expect(found(moved)).toEqual({
      refusals: [
        `${detached("would")} Undo that change. ` +
          "If it is one disk in another slot, move it yourself, then write it here: " +
          "qm set 101 --delete scsi0 && qm set 101 --virtio0 Data:101/vm-101-disk-0.qcow2. " +
          "If one disk is to go and another to come, make it two updates.",
      ],
      notices: [],
    });
  });

  it("is told where a replacement is allowed", () => {
    expect(found({ ...moved, "guests.ubuntu.replaceUntil": "2026-11-23" })).toEqual({
      refusals: [],
      notices: [detached("will")],
    });
  });
});

describe("a VM's disk that the file does not name", () => {
  it("is announced, with what becomes of its volume", () => {
    expect(found({}, { scsi1: SECOND })).toEqual({
      refusals: [],
      notices: [
        `guests.ubuntu.disks: ${SCSI1} is not in the site file and will be detached: ${UNUSED}`,
      ],
    });
  });
});

describe("a container's root disk", () => {
  const web = guest("lxc", { rootfs: "Data:102/vm-102-disk-0.raw,size=8G" });

  it.each<[string, Changes, string | undefined]>([
    ["stays as it is", {}, undefined],
    ["grows", { "guests.web.disk.size": "9 GiB" }, undefined],
    [
      "moves",
      { "guests.web.disk.storage": "local-lvm" },
      "its root disk would move from Data to local-lvm",
    ],
    [
      "shrinks",
      { "guests.web.disk.size": "6 GiB" },
      "its root disk (guests.web.disk.size) would shrink from 8 GiB to 6 GiB, and disks only grow",
    ],
  ])("%s", (_what, changes, reason) => {
    expect(rootDiskReason(planOf("web", changes), web)).toBe(reason);
  });
});

describe("what is lost with a guest", () => {
  it("is every disk, but not what is in its drive", () => {
    const disks = { scsi0: "Data:1/a.qcow2,size=8G", ide2: "Data:iso/b.iso,media=cdrom" };
    expect(disksOf(guest("qemu", disks))).toBe("scsi0 Data:1/a.qcow2 (8G)");
  });
});
