import { UNKNOWN } from "../../../policy/facts/known";
import type { SiteFacts } from "../../../policy/facts/site";
import { forbidUnsafeCache } from "../../../policy/rules/forbidUnsafeCache";
import { disk, guest, judge, site } from "../support/facts";
import { cannotJudge, UNKNOWN_HA_GUEST, type UnknownCase } from "../support/unknown";

const verdict = (changes: Partial<SiteFacts> = {}, config: object = {}) =>
  judge(forbidUnsafeCache, site(changes), config);

describe("cache modes are taken", () => {
  it.each(["none", "writeback", "writethrough", "directsync"])("of %s", (cache) => {
    expect(verdict({ guests: [guest({ disks: [disk({ cache })] })] })).toEqual([]);
  });

  it("of whatever kind, at guests that are not in HA", () => {
    const guests = [guest({ disks: [disk({ cache: "unsafe" })] })];
    expect(verdict({ guests, haResources: [] })).toEqual([]);
  });
});

describe("cache modes are refused", () => {
  it("that drop the guest's flushes", () => {
    const disks = [disk(), disk({ slot: "scsi1", cache: "unsafe" })];
    expect(verdict({ guests: [guest({ disks })] })).toEqual([
      [
        "urn:win2016",
        "HA guest win2016: scsi1 has cache=unsafe, so what the guest has written and flushed is lost " +
          "when its node is reset, as fencing does. Leave the cache mode out.",
      ],
    ]);
  });
});

describe("the cache modes cannot be judged", () => {
  it.each<UnknownCase>([
    ...UNKNOWN_HA_GUEST,
    [
      "its disks are unknown",
      { guests: [guest({ disks: UNKNOWN })] },
      "urn:win2016",
      "its disks are",
    ],
    [
      "that of one disk is unknown",
      { guests: [guest({ disks: [disk({ cache: UNKNOWN })] })] },
      "urn:win2016",
      "the cache mode of win2016, scsi0|it is",
    ],
  ])("while %s", (_what, changes, urn, what) => {
    expect(verdict(changes)).toEqual([[urn, cannotJudge("the cache modes of win2016", what)]]);
  });
});
