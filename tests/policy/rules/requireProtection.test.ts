import { UNKNOWN } from "../../../policy/facts/known";
import type { SiteFacts } from "../../../policy/facts/site";
import { requireProtection } from "../../../policy/rules/requireProtection";
import { backupStorage, disk, guest, judge, site, storage, web } from "../support/facts";

const verdict = (changes: Partial<SiteFacts> = {}, config: object = {}) =>
  judge(requireProtection, site(changes), config);

const REMEDY =
  "A line that is lost in the site file takes their data along. " +
  "Set proxmox-ha:protect: true, or protect: true of the resource.";

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

it("tells guests that are not, together", () => {
  expect(verdict({ guests: [guest(), web({ protected: false })] })).toEqual([
    ["urn:web", `1 of 2 guests may be deleted: web. ${REMEDY}`],
  ]);
  expect(verdict({ guests: [guest({ protected: false }), web({ protected: false })] })).toEqual([
    ["urn:win2016", `2 of 2 guests may be deleted: win2016, web. ${REMEDY}`],
  ]);
});

it("tells storages that are not, together", () => {
  const storages = [storage(), backupStorage({ protected: false })];
  expect(verdict({ storages })).toEqual([
    ["urn:Backup", `1 of 2 storages may be deleted: Backup. ${REMEDY}`],
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

it("cannot judge what it is not told", () => {
  expect(verdict({ guests: [guest({ protected: UNKNOWN })] })).toEqual([
    ["urn:win2016", "cannot judge the protection of guests until that of win2016 is known."],
  ]);
  expect(verdict({ storages: [storage({ protected: UNKNOWN })] })).toEqual([
    ["urn:Data", "cannot judge the protection of storages until that of Data is known."],
  ]);
});
