import { UNKNOWN } from "../../../policy/facts/known";
import type { SiteFacts } from "../../../policy/facts/site";
import { forbidPassthroughForHa } from "../../../policy/rules/forbidPassthroughForHa";
import { guest, judge, site } from "../support/facts";
import { cannotJudge, UNKNOWN_HA_GUEST, type UnknownCase } from "../support/unknown";

const verdict = (changes: Partial<SiteFacts> = {}, config: object = {}) =>
  judge(forbidPassthroughForHa, site(changes), config);

describe("devices are taken", () => {
  it("when there are none", () => {
    expect(verdict()).toEqual([]);
  });

  it("of guests that are not in HA", () => {
    expect(verdict({ guests: [guest({ devices: ["hostpci0"] })], haResources: [] })).toEqual([]);
  });
});

describe("devices are refused", () => {
  it("of one node, at an HA guest", () => {
    expect(verdict({ guests: [guest({ devices: ["hostpci0", "the node's CD drive"] })] })).toEqual([
      [
        "urn:win2016",
        "HA guest win2016 uses hostpci0, the node's CD drive, which the other nodes do not have: it can neither migrate " +
          "nor be sure to start there. Take the device away (a CD drive by cdrom.fileId: none), " +
          "map it for the cluster, or take the guest out of HA.",
      ],
    ]);
  });
});

describe("the devices cannot be judged", () => {
  it.each<UnknownCase>([
    ...UNKNOWN_HA_GUEST,
    ["they are unknown", { guests: [guest({ devices: UNKNOWN })] }, "urn:win2016", "they are"],
  ])("while %s", (_what, changes, urn, what) => {
    expect(verdict(changes)).toEqual([[urn, cannotJudge("the devices of win2016", what)]]);
  });
});
