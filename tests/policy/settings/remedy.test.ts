import { forbidSoftNfs } from "../../../policy/rules/forbidSoftNfs";
import { forbidUnsafeCache } from "../../../policy/rules/forbidUnsafeCache";
import { requireBackupCompression } from "../../../policy/rules/requireBackupCompression";
import type { Remediation, Rule } from "../../../policy/rules/rule";
import { remedied } from "../../../policy/settings/remedy";
import { NFS, resource, UNKNOWN_TEXT, VM } from "../support/inputs";

const JOB = "proxmoxve:backup/job:Job";

/** Of this realm: CrossGuard's proxies let objects of another one pass as they are. */
const copy = (inputs: object): Record<string, unknown> =>
  JSON.parse(JSON.stringify(inputs)) as Record<string, unknown>;

const remedyOf = ({ remediation }: Rule): Remediation => {
  if (!remediation) throw new Error("the rule has no remedy");
  return remediation;
};

describe.each<[Rule, string, [string, object, object | undefined][]]>([
  [
    requireBackupCompression,
    JOB,
    [
      ["no compression", { compress: "0" }, { compress: "zstd" }],
      ["no word about it", {}, { compress: "zstd" }],
      ["nothing for it", { compress: null }, { compress: "zstd" }],
      ["another one", { compress: "lzo" }, undefined],
      ["a job that rests", { compress: "0", enabled: false }, undefined],
      ["one that is unknown", { compress: UNKNOWN_TEXT }, undefined],
    ],
  ],
  [
    forbidSoftNfs,
    NFS,
    [
      ["soft alone", { options: "soft" }, { options: undefined }],
      [
        "softerr among others",
        { options: "vers=4.2,softerr,nconnect=4" },
        { options: "vers=4.2,nconnect=4" },
      ],
      ["soft for containers", { contents: ["rootdir"], options: "soft" }, { options: undefined }],
      ["soft for backups", { contents: ["backup"], options: "soft" }, undefined],
      ["another option", { options: "softreval" }, undefined],
      ["no options", {}, undefined],
      ["content that is unknown", { contents: UNKNOWN_TEXT, options: "soft" }, undefined],
    ],
  ],
  [
    forbidUnsafeCache,
    VM,
    [
      [
        "one disk of two",
        { disks: [{ cache: "writeback" }, { interface: "scsi1", cache: "unsafe" }] },
        { disks: [{ cache: "writeback" }, { interface: "scsi1", cache: "none" }] },
      ],
      ["no mode", { disks: [{ interface: "scsi0" }] }, undefined],
      ["no disks", {}, undefined],
      [
        "a disk beside one that is unknown",
        { disks: [{ cache: "unsafe" }, { cache: UNKNOWN_TEXT }] },
        undefined,
      ],
      ["disks that are unknown", { disks: UNKNOWN_TEXT }, undefined],
    ],
  ],
])("a remedy %#", (rule, type, cases) => {
  it.each(cases)("of %s", (_what, inputs, changed) => {
    const { props } = resource(type, "it", copy(inputs));
    const result = remedied(remedyOf(rule), type, props);
    if (changed) expect(result).toMatchObject(changed);
    else expect(result).toBeUndefined();
  });

  it("is for resources of its type alone", () => {
    const bad = cases[0]?.[1] ?? {};
    expect(remedied(remedyOf(rule), "proxmoxve:index/other:Other", copy(bad))).toBeUndefined();
    expect(remedied(remedyOf(rule), type, copy(bad))).toBeDefined();
  });
});

describe.each(["proxmoxve:cloned/vm:Vm", "proxmoxve:cloned/vmLegacy:VmLegacy"])(
  "a VM that is made from a template (%s)",
  (type) => {
    const remedy = (inputs: object) =>
      remedied(remedyOf(forbidUnsafeCache), type, resource(type, "it", copy(inputs)).props);

    it("is remedied at the slots of its disks", () => {
      const disk = { scsi0: { cache: "unsafe" }, scsi1: { cache: "writeback" }, scsi2: {} };
      expect(remedy({ disk })).toMatchObject({
        disk: { scsi0: { cache: "none" }, scsi1: { cache: "writeback" }, scsi2: {} },
      });
    });

    it("is left alone where nothing is unsafe or unknown", () => {
      expect(remedy({ disk: { scsi0: { cache: "writeback" } } })).toBeUndefined();
      expect(remedy({ disk: null })).toBeUndefined();
      expect(remedy({ disk: UNKNOWN_TEXT })).toBeUndefined();
      const hidden = { scsi0: { cache: "unsafe" }, scsi1: { cache: UNKNOWN_TEXT } };
      expect(remedy({ disk: hidden })).toBeUndefined();
    });
  },
);

describe("a VM by its name up to version 7 of the provider", () => {
  const OLDER = "proxmoxve:VM/virtualMachine:VirtualMachine";

  it("is remedied like one of today", () => {
    const inputs = { disks: [{ cache: "unsafe" }, { cache: "writeback" }] };
    expect(remedied(remedyOf(forbidUnsafeCache), OLDER, copy(inputs))).toEqual({
      disks: [{ cache: "none" }, { cache: "writeback" }],
    });
  });

  it("is no matter of a remedy for something else", () => {
    const inputs = { compress: "0", options: "soft", disks: [{ cache: "unsafe" }] };
    expect(remedied(remedyOf(requireBackupCompression), OLDER, copy(inputs))).toBeUndefined();
    expect(remedied(remedyOf(forbidSoftNfs), OLDER, copy(inputs))).toBeUndefined();
    const container = "proxmoxve:CT/container:Container";
    expect(remedied(remedyOf(forbidUnsafeCache), container, copy(inputs))).toBeUndefined();
  });
});

it("a remedy that fails for another reason is not silent", () => {
  const broken: Remediation = {
    types: [JOB],
    effect: "fails",
    edits: () => {
      throw new TypeError("broken");
    },
  };
  expect(() => remedied(broken, JOB, {})).toThrow("broken");
});

it("an excuse is asked for only where there is something to remedy", () => {
  const remedy = remedyOf(requireBackupCompression);
  const isExcused = jest.fn(() => true);
  expect(remedied(remedy, JOB, { compress: "zstd" }, isExcused)).toBeUndefined();
  expect(isExcused).not.toHaveBeenCalled();
  const bad = { compress: "0" };
  expect(remedied(remedy, JOB, bad, isExcused)).toBeUndefined();
  expect(bad).toEqual({ compress: "0" });
  expect(isExcused).toHaveBeenCalledTimes(1);
});
