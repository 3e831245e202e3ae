import { compare } from "../../../components/guest/inventory";
import { markedNotes } from "../../../components/guest/mark";
import { guestUrn } from "../../../components/guest/names";
import { type GuestPlan, planGuests } from "../../../components/guest/plan";
import type { ExistingGuest } from "../../../components/inventory";
import { type Changes, site, siteWith } from "../support/site";

const TEMPLATE = "Data:vztmpl/debian-13-standard_13.1-2_amd64.tar.zst";
const OTHER = "alpine-3.22-default_amd64.tar.xz";

const plans = (changes: Changes = {}): GuestPlan[] =>
  planGuests(site(changes), { protect: false, today: "2026-11-23" });
const urnOf = (plan: Pick<GuestPlan, "key" | "type">): string =>
  guestUrn(plan, "dev", "proxmox-ha");
const urnOfKey = (key: string): string => {
  const plan = plans().find((guest) => guest.key === key);
  if (!plan) throw new Error(`no guest ${key} is planned`);
  return urnOf(plan);
};

/** The guests of the reference site as they are on its nodes, ours all of them. */
const WIN2016: ExistingGuest = {
  vmid: 100,
  type: "qemu",
  node: "pve02",
  notes: markedNotes("", { stack: "dev", urn: urnOfKey("win2016") }),
  disks: { scsi0: "Data:100/vm-100-disk-0.qcow2,discard=on,size=40G", ide2: "none,media=cdrom" },
};
const UBUNTU: ExistingGuest = {
  vmid: 101,
  type: "qemu",
  node: "pve01",
  notes: markedNotes("Keep.", { stack: "dev", urn: urnOfKey("ubuntu") }),
  disks: { scsi0: "Data:101/vm-101-disk-0.qcow2,discard=on,size=16G" },
};
const WEB: ExistingGuest = {
  vmid: 102,
  type: "lxc",
  node: "pve02",
  notes: `${markedNotes("", { stack: "dev", urn: urnOfKey("web"), from: TEMPLATE })}\n`,
  disks: { rootfs: "Data:102/vm-102-disk-0.raw,size=8G" },
};
const BUILT = [WIN2016, UBUNTU, WEB];

const findings = (existing: ExistingGuest[], changes: Changes = {}) =>
  compare(plans(changes), existing, "dev", urnOf);
const refusals = (existing: ExistingGuest[], changes: Changes = {}) => {
  const { refusals, notices } = findings(existing, changes);
  expect(notices).toEqual([]);
  return refusals;
};
const notices = (existing: ExistingGuest[], changes: Changes = {}) => {
  const { refusals, notices } = findings(existing, changes);
  expect(refusals).toEqual([]);
  return notices;
};

describe("nothing is said", () => {
  it.each([
    ["before anything exists", []],
    ["when everything exists", BUILT],
    ["when a guest is missing", [WIN2016, WEB]],
    ["when guests run elsewhere", BUILT.map((guest) => ({ ...guest, node: "pve09" }))],
    ["about guests of others", [...BUILT, { ...UBUNTU, vmid: 900, notes: "A test." }]],
  ])("%s", (_when, existing) => {
    expect(findings(existing)).toEqual({ refusals: [], notices: [] });
  });

  it("about a guest of another stack", () => {
    const mark = { stack: "prod", urn: urnOfKey("ubuntu").replace(":dev:", ":prod:") };
    const theirs = { ...UBUNTU, vmid: 900, notes: markedNotes("", mark) };
    expect(findings([...BUILT, theirs])).toEqual({ refusals: [], notices: [] });
  });

  it("about a change that a guest can take as it is", () => {
    const changes = {
      "guests.web.disk.size": "9 GiB",
      "guests.web.memory": "1 GiB",
      "guests.web.node": "pve01",
      "guests.ubuntu.disks.scsi0.size": "17 GiB",
      "guests.ubuntu.disks.scsi1": { storage: "Data", size: "4 GiB" },
      "guests.ubuntu.os": "other",
    };
    expect(findings(BUILT, changes)).toEqual({ refusals: [], notices: [] });
  });

  it("about a clone or a restored backup, which carries its original's mark", () => {
    const clone = { ...WEB, vmid: 902 };
    expect(findings([clone, ...BUILT])).toEqual({ refusals: [], notices: [] });
  });

  it("about a container that was made before marks named their template", () => {
    const old = { ...WEB, notes: markedNotes("", { stack: "dev", urn: urnOfKey("web") }) };
    expect(findings([old], { "guests.web.template": OTHER }).refusals).toEqual([]);
  });
});

describe("a VMID that is taken", () => {
  it.each([
    ["a VM", { ...UBUNTU, notes: "The old server." }],
    ["a container", { ...WEB, vmid: 101, notes: "" }],
    ["a VM", { ...UBUNTU, notes: markedNotes("", { stack: "prod", urn: "urn:pulumi:prod::x" }) }],
  ])("by %s of somebody else stops the run", (what, existing) => {
    expect(refusals([existing])).toEqual([
      `guests.ubuntu: VMID 101 is taken by ${what} on ${existing.node} that this stack has not made. ` +
        "Choose another VMID, or remove that guest yourself.",
    ]);
  });

  it("by a guest of the stack that has now another key stops the run and names the way", () => {
    const server = {
      type: "vm",
      vmid: 101,
      node: "pve01",
      os: "l26",
      cores: 1,
      memory: "512 MiB",
      disks: { scsi0: { storage: "Data", size: "16 GiB" } },
    };
    expect(findings(BUILT, { "guests.ubuntu": undefined, "guests.server": server })).toEqual({
      refusals: [
        "guests.server: VMID 101 is still that of guests.ubuntu, a VM on pve01. " +
          "Choose another VMID, or take guests.ubuntu out and run an update before this one. " +
          "If it is the same guest under another name: guests.server.renamedFrom: ubuntu",
      ],
      notices: [
        "guests.ubuntu is no longer in the site file: VMID 101 will be deleted, and with it " +
          "scsi0 Data:101/vm-101-disk-0.qcow2 (16G).",
      ],
    });
  });

  it("is told for every guest at once", () => {
    const foreign = BUILT.map((guest) => ({ ...guest, notes: "" }));
    expect(refusals(foreign).map((text) => text.split(":")[0])).toEqual([
      "guests.win2016",
      "guests.ubuntu",
      "guests.web",
    ]);
  });
});

describe("a change that would make another guest of it", () => {
  const LOST = "Lost with it: rootfs Data:102/vm-102-disk-0.raw (8G).";
  // What changes, and the reason that is given.
  const changes: [string, Changes, string][] = [
    [
      "another template",
      { "guests.web.template": OTHER },
      `its template would change from ${TEMPLATE} to Data:vztmpl/${OTHER}`,
    ],
    [
      "another storage for the root disk",
      { "guests.web.disk.storage": "local-lvm" },
      "its root disk would move from Data to local-lvm",
    ],
    [
      "a smaller root disk",
      { "guests.web.disk.size": "6 GiB" },
      "its root disk (guests.web.disk.size) would shrink from 8 GiB to 6 GiB, and disks only grow",
    ],
    ["another VMID", { "guests.web.vmid": 902 }, "its VMID would change from 102 to 902"],
  ];

  it.each(changes)("is refused, with what would be lost: %s", (_what, change, reason) => {
    expect(refusals(BUILT, change)).toEqual([
      `guests.web: ${reason}, so it would be deleted and made anew. ${LOST} ` +
        'Undo that change, or allow the replacement up to and including a day: guests.web.replaceUntil: "<date>"',
    ]);
  });

  it.each(changes)("is told when it is allowed: %s", (_what, change, reason) => {
    expect(notices(BUILT, { ...change, "guests.web.replaceUntil": "2026-11-23" })).toEqual([
      `guests.web: ${reason}, so it will be deleted and made anew. ${LOST}`,
    ]);
  });

  it("is refused once the day is over", () => {
    const change = { "guests.web.vmid": 902, "guests.web.replaceUntil": "2026-11-22" };
    expect(refusals(BUILT, change)).toHaveLength(1);
  });

  it("is refused for a VM with another VMID, with its disks but without its empty drive", () => {
    expect(refusals(BUILT, { "guests.win2016.vmid": 900 })).toEqual([
      "guests.win2016: its VMID would change from 100 to 900, so it would be deleted and made anew. " +
        "Lost with it: scsi0 Data:100/vm-100-disk-0.qcow2 (40G). " +
        'Undo that change, or allow the replacement up to and including a day: guests.win2016.replaceUntil: "<date>"',
    ]);
  });

  it("is refused twice over when the new VMID is taken as well", () => {
    const stranger = { ...UBUNTU, vmid: 900, notes: "" };
    const texts = refusals([...BUILT, stranger], { "guests.win2016.vmid": 900 });
    expect(texts[0]).toMatch(/^guests.win2016: VMID 900 is taken by a VM on pve01/);
    expect(texts[1]).toMatch(/^guests.win2016: its VMID would change from 100 to 900/);
    expect(texts).toHaveLength(2);
  });
});

describe("a disk that cannot become what the file says", () => {
  it("is refused beside everything else", () => {
    const changes = { "guests.ubuntu.disks.scsi0.size": "8 GiB", "guests.web.vmid": 902 };
    const texts = refusals(BUILT, changes);
    expect(texts[0]).toMatch(/^guests.ubuntu.disks.scsi0.size: .* disks only grow/);
    expect(texts[1]).toMatch(/^guests.web: its VMID/);
    expect(texts).toHaveLength(2);
  });

  it("is not spoken of where the guest would be made anew", () => {
    const changes = { "guests.ubuntu.disks.scsi0.size": "8 GiB", "guests.ubuntu.vmid": 901 };
    expect(refusals(BUILT, changes)).toHaveLength(1);
  });

  it("is announced when it goes", () => {
    const disks = { ...UBUNTU.disks, scsi1: "Data:101/vm-101-disk-1.qcow2,size=4G" };
    expect(notices([WIN2016, { ...UBUNTU, disks }, WEB])[0]).toMatch(
      /^guests.ubuntu.disks: scsi1 .* will be detached/,
    );
  });
});

describe("a guest that the file no longer names", () => {
  it("is announced with its disks and their sizes", () => {
    const more = {
      ...WIN2016,
      disks: { ...WIN2016.disks, efidisk0: "Data:100/vm-100-disk-1.qcow2,size=528K" },
    };
    expect(notices([more, UBUNTU, WEB], { "guests.win2016": undefined })).toEqual([
      "guests.win2016 is no longer in the site file: VMID 100 will be deleted, and with it " +
        "scsi0 Data:100/vm-100-disk-0.qcow2 (40G), efidisk0 Data:100/vm-100-disk-1.qcow2 (528K).",
    ]);
  });

  it.each([
    [
      "that has no size",
      { scsi0: "Data:101/vm-101-disk-0.raw" },
      "scsi0 Data:101/vm-101-disk-0.raw",
    ],
    ["that there is not", {}, "its configuration"],
  ])("is announced with a disk %s", (_what, disks, lost) => {
    const [notice] = notices([{ ...UBUNTU, disks }], { "guests.ubuntu": undefined });
    expect(notice).toBe(
      `guests.ubuntu is no longer in the site file: VMID 101 will be deleted, and with it ${lost}.`,
    );
  });
});

describe("a guest under another key", () => {
  const renamed = (more: object = {}): Changes => {
    const { ubuntu } = (siteWith({}) as { guests: { ubuntu: object } }).guests;
    return { "guests.ubuntu": undefined, "guests.debian": { ...ubuntu, ...more } };
  };

  it("is the same guest when it says which it was", () => {
    expect(findings(BUILT, renamed({ renamedFrom: "ubuntu" }))).toEqual({
      refusals: [],
      notices: [],
    });
  });

  it("is the same guest when it has the mark of its new key already", () => {
    const urn = urnOf({ type: "vm", key: "debian" });
    const marked = { ...UBUNTU, notes: markedNotes("", { stack: "dev", urn }) };
    expect(findings([WIN2016, marked, WEB], renamed({ renamedFrom: "ubuntu" })).refusals).toEqual(
      [],
    );
  });
});
