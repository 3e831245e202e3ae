import { UNKNOWN } from "../../../policy/facts/known";
import type { HaResourceFacts, SiteFacts } from "../../../policy/facts/site";
import { requireHaLimits } from "../../../policy/rules/requireHaLimits";
import { cluster, haResource, haRule, judge, site } from "../support/facts";
import { cannotJudge, UNKNOWN_HA_GUEST, type UnknownCase } from "../support/unknown";

const verdict = (changes: Partial<SiteFacts> = {}, config: object = {}) =>
  judge(requireHaLimits, site(changes), config);
const limits = (changes: Partial<HaResourceFacts>) => ({ haResources: [haResource(changes)] });

describe("limits are taken", () => {
  it.each([
    { maxRestart: 1, maxRelocate: 1 },
    { maxRestart: 0, maxRelocate: 1 },
    { maxRestart: 10, maxRelocate: 10 },
  ])("of %j", (changes) => {
    expect(verdict(limits(changes))).toEqual([]);
  });

  it("without relocations, where a strict rule leaves one node", () => {
    expect(verdict({ ...limits({ maxRelocate: 0 }), haRules: [haRule()] })).toEqual([]);
  });

  it("of a guest that HA is to ignore", () => {
    expect(verdict(limits({ maxRelocate: 0, state: "ignored" }))).toEqual([]);
  });

  it("as the configuration allows", () => {
    expect(verdict(limits({ maxRelocate: 0 }), { relocations: 0 })).toEqual([]);
    expect(verdict(limits({ maxRestart: 20 }), { most: 20 })).toEqual([]);
  });
});

describe("limits are refused", () => {
  it("without relocations", () => {
    expect(verdict(limits({ maxRelocate: 0 }))).toEqual([
      [
        "urn:win2016",
        "HA guest win2016 has maxRelocate 0: where a start fails it ends in error, though other nodes are there. " +
          "Set 1 or more: guests.win2016.ha.maxRelocate.",
      ],
    ]);
  });

  it("with fewer relocations than the configuration asks for", () => {
    expect(verdict(limits({ maxRelocate: 1 }), { relocations: 2 })).toEqual([
      ["urn:win2016", expect.stringContaining("Set 2 or more: ")],
    ]);
  });

  it("with too many of both", () => {
    expect(verdict(limits({ maxRestart: 11, maxRelocate: 100 }))).toEqual([
      [
        "urn:win2016",
        "HA guest win2016 has maxRestart 11: it is tried 11 times on a node where it fails before anybody is told " +
          "that it is in error. Set 10 or less: guests.win2016.ha.maxRestart.",
      ],
      [
        "urn:win2016",
        "HA guest win2016 has maxRelocate 100: it is tried 100 times on other nodes before anybody is told " +
          "that it is in error. Set 10 or less: guests.win2016.ha.maxRelocate.",
      ],
    ]);
  });
});

describe("the limits cannot be judged", () => {
  it.each<UnknownCase>([
    ...UNKNOWN_HA_GUEST,
    ["maxRestart is unknown", limits({ maxRestart: UNKNOWN }), "urn:win2016", "maxRestart is"],
    ["maxRelocate is unknown", limits({ maxRelocate: UNKNOWN }), "urn:win2016", "maxRelocate is"],
    [
      "its nodes are unknown",
      { clusters: [cluster({ nodes: UNKNOWN })] },
      "urn:win2016",
      "the cluster's nodes and HA rules are",
    ],
  ])("while %s", (_what, changes, urn, what) => {
    expect(verdict(changes)).toEqual([[urn, cannotJudge("the HA limits of win2016", what)]]);
  });
});
