import { UNKNOWN } from "../../../policy/facts/known";
import type { GuestFacts } from "../../../policy/facts/site";
import { requireWindowsDrivers } from "../../../policy/rules/requireWindowsDrivers";
import { disk, guest, judge, nic, site, web } from "../support/facts";

const verdict = (changes: Partial<GuestFacts> = {}, config: object = {}) =>
  judge(
    requireWindowsDrivers,
    site({ guests: [guest(changes), web({ osType: "win10" })] }),
    config,
  );

const untagged = { tags: [] };
const WITHOUT: [string, string][] = [
  [
    "urn:win2016",
    "guest win2016 has VirtIO devices (scsi0 on virtio-scsi-single, net0 (virtio)), for which Windows brings no drivers: " +
      "its setup finds no disk. Put virtio-win.iso into its drive (guests.win2016.drivers), and tag it virtio when they are installed.",
  ],
];
const emulated = (names: string): [string, string][] => [
  [
    "urn:win2016",
    `guest win2016 has emulated devices: ${names}. They take several times the CPU of VirtIO. ` +
      "Install the drivers from virtio-win.iso, then use virtio-scsi-single and virtio cards.",
  ],
];

it("takes Windows with drivers that are installed, or in its drive", () => {
  expect(verdict()).toEqual([]);
  expect(verdict({ ...untagged, image: "Data:iso/virtio-win-0.1.285.iso" })).toEqual([]);
  expect(verdict({ ...untagged, image: "Data:iso/VIRTIO.ISO" })).toEqual([]);
  const image = "Data:iso/windows-2016.iso";
  // What `drivers` names is drivers, whatever the file is called.
  expect(verdict({ ...untagged, image, drivers: "Data:iso/office-2.iso" })).toEqual([]);
});

it("takes what is no Windows, and what is a template", () => {
  expect(verdict({ ...untagged, osType: "l26" })).toEqual([]);
  expect(verdict({ ...untagged, template: true })).toEqual([]);
});

it("takes Windows without disks and cards", () => {
  expect(verdict({ ...untagged, disks: [], nics: [] })).toEqual([]);
});

it.each([undefined, "none", "Data:iso/windows-2016.iso"])(
  "tells one without them, with %s in its drive",
  (image) => {
    expect(verdict({ ...untagged, image })).toEqual(WITHOUT);
  },
);

it.each<[string, Partial<GuestFacts>, string]>([
  ["a SATA disk", { disks: [disk({ slot: "sata0" })] }, "sata0"],
  ["an IDE disk", { disks: [disk({ slot: "ide0" })] }, "ide0"],
  ["an old controller", { scsiHardware: "lsi" }, "scsi0 on lsi"],
  ["an old card", { nics: [nic(), nic({ slot: "net1", model: "e1000" })] }, "net1 (e1000)"],
])("tells one with %s", (_what, changes, names) => {
  expect(verdict(changes)).toEqual(emulated(names));
});

it("takes a VirtIO disk whatever the controller", () => {
  expect(verdict({ scsiHardware: "lsi", disks: [disk({ slot: "virtio0" })] })).toEqual([]);
});

it("looks at disks with data alone", () => {
  const disks = [disk(), disk({ slot: "CD drive", data: false })];
  expect(verdict({ disks })).toEqual([]);
});

it("knows installed drivers by the tag that it is told", () => {
  expect(verdict({ tags: ["drivers"] }, { installedTag: "drivers" })).toEqual([]);
  expect(verdict({}, { installedTag: "drivers" })).toHaveLength(1);
});

it.each<[string, Partial<GuestFacts>]>([
  ["its OS type is", { osType: UNKNOWN }],
  ["its SCSI controller is", { scsiHardware: UNKNOWN }],
  ["its disks are", { disks: UNKNOWN }],
  ["the slots of its disks are", { disks: [disk(), disk({ slot: "disk 1" })] }],
  ["its network cards are", { nics: UNKNOWN }],
  ["its CD drive is", { ...untagged, image: UNKNOWN }],
  ["its second CD drive is", { ...untagged, drivers: UNKNOWN }],
  ["its tags are", { tags: UNKNOWN }],
])("cannot judge until %s known", (what, changes) => {
  expect(verdict(changes)).toEqual([
    ["urn:win2016", `cannot judge the drivers of win2016 until ${what} known.`],
  ]);
});
