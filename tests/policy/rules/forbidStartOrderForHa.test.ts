import { UNKNOWN } from "../../../policy/facts/known";
import type { SiteFacts } from "../../../policy/facts/site";
import { forbidStartOrderForHa } from "../../../policy/rules/forbidStartOrderForHa";
import { guest, haResource, judge, site } from "../support/facts";

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
  it.each<[string, Partial<SiteFacts>, string, string]>([
    [
      "its HA resource is about an unknown guest",
      { haResources: [haResource({ sid: UNKNOWN })] },
      "urn:ha-win2016",
      "its HA resource id is",
    ],
    [
      "it may be one of unknown VMID",
      { guests: [guest({ vmid: UNKNOWN })] },
      "urn:ha-win2016",
      "the VMIDs of all guests are",
    ],
    ["nothing describes it", { guests: [] }, "urn:ha-win2016", "a guest for vm:100 is"],
    ["it is unknown", { guests: [guest({ ordered: UNKNOWN })] }, "urn:win2016", "it is"],
  ])("while %s", (_what, changes, urn, what) => {
    const [subject, reason] = what.includes("|")
      ? what.split("|")
      : ["the start order of win2016", what];
    expect(verdict(changes)).toEqual([[urn, `cannot judge ${subject} until ${reason} known.`]]);
  });
});
