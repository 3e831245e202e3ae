import { UNKNOWN } from "../../../policy/facts/known";
import type { SiteFacts } from "../../../policy/facts/site";
import { forbidStartOrderForHa } from "../../../policy/rules/forbidStartOrderForHa";
import { guest, judge, site } from "../support/facts";
import { cannotJudge, UNKNOWN_HA_GUEST, type UnknownCase } from "../support/unknown";

const verdict = (changes: Partial<SiteFacts> = {}, config: object = {}) =>
  judge(forbidStartOrderForHa, site(changes), config);

describe("the start order is no matter", () => {
  it("to guests without a place in it", () => {
    expect(verdict()).toEqual([]);
  });

  it("to guests that are not in HA, which the node starts", () => {
    expect(verdict({ guests: [guest({ ordered: true })], haResources: [] })).toEqual([]);
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
});

describe("the start order cannot be judged", () => {
  it.each<UnknownCase>([
    ...UNKNOWN_HA_GUEST,
    ["it is unknown", { guests: [guest({ ordered: UNKNOWN })] }, "urn:win2016", "it is"],
  ])("while %s", (_what, changes, urn, what) => {
    expect(verdict(changes)).toEqual([[urn, cannotJudge("the start order of win2016", what)]]);
  });
});
