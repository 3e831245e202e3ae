import { UNKNOWN } from "../../../policy/facts/known";
import type { SiteFacts } from "../../../policy/facts/site";
import { forbidStartOrderForHa } from "../../../policy/rules/forbidStartOrderForHa";
import { guest, haResource, judge, site, web } from "../support/facts";
import { cannotJudge, UNKNOWN_HA_GUEST, type UnknownCase } from "../support/unknown";

const verdict = (changes: Partial<SiteFacts> = {}, config: object = {}) =>
  judge(forbidStartOrderForHa, site(changes), config);

describe("the start order is no matter", () => {
  it("to guests without a place in it", () => {
    expect(verdict()).toEqual([]);
  });

  it("to guests that are not in HA, which the node starts", () => {
    expect(verdict({ guests: [guest({ ordered: true })], haResources: [] })).toEqual([]);
    expect(verdict({ guests: [guest({ shutdown: 61 })], haResources: [] })).toEqual([]);
  });

  it("to guests that are to shut down in the time that HA gives them", () => {
    expect(verdict({ guests: [guest({ shutdown: 60 })] })).toEqual([]);
  });
});

describe("the start order gives advice", () => {
  it("at an HA guest", () => {
    expect(verdict({ guests: [guest({ ordered: true })] })).toEqual([
      [
        "urn:win2016",
        "HA guest win2016 has a place in the start order, which the HA manager does not follow. " +
          "Let its services wait for what they need, and take the order away.",
      ],
    ]);
  });

  it("at an HA guest with a longer time to shut down", () => {
    expect(verdict({ guests: [guest({ shutdown: 61 })] })).toEqual([
      [
        "urn:win2016",
        "HA guest win2016 is given 61 s to shut down, but the HA manager waits 60 s and then kills it. " +
          "Let it be done by then, or stop it with ha-manager crm-command stop vm:ID 61 first.",
      ],
    ]);
    const haResources = [haResource({ sid: "ct:102" })];
    expect(verdict({ guests: [web({ shutdown: 180 })], haResources })).toEqual([
      ["urn:web", expect.stringContaining("waits 60 s and then leaves it running. ")],
    ]);
  });
});

describe("the start order cannot be judged", () => {
  it.each<UnknownCase>([
    ...UNKNOWN_HA_GUEST,
    ["it is unknown", { guests: [guest({ ordered: UNKNOWN })] }, "urn:win2016", "it is"],
    [
      "its time to shut down is unknown",
      { guests: [guest({ shutdown: UNKNOWN })] },
      "urn:win2016",
      "its time to shut down is",
    ],
  ])("while %s", (_what, changes, urn, what) => {
    expect(verdict(changes)).toEqual([[urn, cannotJudge("the start order of win2016", what)]]);
  });
});
