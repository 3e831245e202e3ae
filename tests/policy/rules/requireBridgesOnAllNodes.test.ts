import { UNKNOWN } from "../../../policy/facts/known";
import type { SiteFacts } from "../../../policy/facts/site";
import { requireBridgesOnAllNodes } from "../../../policy/rules/requireBridgesOnAllNodes";
import { bridge, cluster, guest, judge, site } from "../support/facts";
import { cannotJudge, UNKNOWN_HA_GUEST, type UnknownCase } from "../support/unknown";

const verdict = (changes: Partial<SiteFacts> = {}, config: object = {}) =>
  judge(requireBridgesOnAllNodes, site(changes), config);

const onBridge = (...bridges: string[]) => ({ guests: [guest({ bridges })] });

describe("bridges are taken", () => {
  it("that every node has as installed", () => {
    expect(verdict()).toEqual([]);
  });

  it("that are described on each node", () => {
    const bridges = [bridge("vmbr1", "pve01"), bridge("vmbr1", "pve02")];
    expect(verdict({ ...onBridge("vmbr0", "vmbr1"), bridges })).toEqual([]);
  });

  it("that are networks of the whole cluster", () => {
    expect(verdict({ ...onBridge("dmz"), bridges: [bridge("dmz")] })).toEqual([]);
  });

  it("that the configuration says are everywhere", () => {
    expect(verdict(onBridge("vmbr1"), { everywhere: ["vmbr1"] })).toEqual([]);
  });

  it("of guests that are not in HA", () => {
    expect(verdict({ ...onBridge("vmbr1"), haResources: [] })).toEqual([]);
  });
});

describe("bridges are refused", () => {
  it("that one of the nodes lacks", () => {
    expect(verdict({ ...onBridge("vmbr1"), bridges: [bridge("vmbr1", "pve01")] })).toEqual([
      [
        "urn:win2016",
        "HA guest win2016 is on bridge vmbr1, which nothing describes on pve02, " +
          "so it would not start there. Make the bridge there, choose another, guests.win2016.bridge, " +
          "or name it in the rule's setting everywhere.",
      ],
    ]);
  });

  it("as installed, where the configuration says that they are not everywhere", () => {
    expect(verdict({}, { everywhere: [] })).toEqual([
      [
        "urn:win2016",
        expect.stringContaining("bridge vmbr0, which nothing describes on pve01, pve02,"),
      ],
    ]);
  });
});

describe("the bridges cannot be judged", () => {
  it.each<UnknownCase>([
    ...UNKNOWN_HA_GUEST,
    ["they are unknown", { guests: [guest({ bridges: UNKNOWN })] }, "urn:win2016", "they are"],
    [
      "its nodes are unknown",
      { clusters: [cluster({ nodes: UNKNOWN })] },
      "urn:win2016",
      "the cluster's nodes and HA rules are",
    ],
    [
      "the node of some bridge is unknown",
      {
        guests: [guest({ bridges: ["vmbr1"] })],
        bridges: [bridge("vmbr1", "pve01", { node: UNKNOWN })],
      },
      "urn:win2016",
      "all bridges are",
    ],
  ])("while %s", (_what, changes, urn, what) => {
    expect(verdict(changes)).toEqual([[urn, cannotJudge("the bridges of win2016", what)]]);
  });
});
