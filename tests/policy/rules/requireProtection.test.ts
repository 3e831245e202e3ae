import { UNKNOWN } from "../../../policy/facts/known";
import type { SiteFacts } from "../../../policy/facts/site";
import { requireProtection } from "../../../policy/rules/requireProtection";
import { backupStorage, disk, guest, judge, site, storage, web } from "../support/facts";

const verdict = (changes: Partial<SiteFacts> = {}, config: object = {}) =>
  judge(requireProtection, site(changes), config);

const told = (urn: string, what: string): [string, string] => [
  urn,
  `${what} may be deleted: a line that is lost in the site file takes its data along. ` +
    "Set proxmox-ha:protect: true, or protect: true of the resource.",
];

it("takes guests and storages that are protected", () => {
  expect(verdict()).toEqual([]);
});

it("takes guests that hold no data as they are", () => {
  const open = { protected: false };
  expect(verdict({ guests: [guest({ ...open, template: true })] })).toEqual([]);
  expect(verdict({ guests: [guest({ ...open, tags: ["stateless"] })] })).toEqual([]);
  expect(verdict({ guests: [guest({ ...open, disks: [] })] })).toEqual([]);
  expect(verdict({ guests: [guest({ ...open, disks: [disk({ data: false })] })] })).toEqual([]);
});

it("tells each guest that is not, so that an exception is for one alone", () => {
  const open = { protected: false };
  expect(verdict({ guests: [guest(), web(open)] })).toEqual([told("urn:web", "guest web")]);
  expect(verdict({ guests: [guest(open), web(open)] })).toEqual([
    told("urn:win2016", "guest win2016"),
    told("urn:web", "guest web"),
  ]);
});

it("tells each storage that is not", () => {
  expect(verdict({ storages: [storage(), backupStorage({ protected: false })] })).toEqual([
    told("urn:Backup", "storage Backup"),
  ]);
});

it("knows guests without data by the tag that it is told", () => {
  const guests = [guest({ protected: false, tags: ["cattle"] })];
  expect(verdict({ guests })).toHaveLength(1);
  expect(verdict({ guests }, { exceptTag: "cattle" })).toEqual([]);
});

it("counts what may hold data for all that is known", () => {
  const open = { protected: false };
  expect(verdict({ guests: [guest({ ...open, template: UNKNOWN })] })).toHaveLength(1);
  expect(verdict({ guests: [guest({ ...open, tags: UNKNOWN })] })).toHaveLength(1);
  expect(verdict({ guests: [guest({ ...open, disks: UNKNOWN })] })).toHaveLength(1);
});

it("cannot judge what it is not told, and judges the rest", () => {
  expect(verdict({ guests: [guest({ protected: UNKNOWN }), web({ protected: false })] })).toEqual([
    [
      "urn:win2016",
      "cannot judge whether guest win2016 may be deleted until its protection is known.",
    ],
    told("urn:web", "guest web"),
  ]);
  expect(verdict({ storages: [storage({ protected: UNKNOWN })] })).toEqual([
    ["urn:Data", "cannot judge whether storage Data may be deleted until its protection is known."],
  ]);
});
