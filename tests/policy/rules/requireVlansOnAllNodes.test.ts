import { UNKNOWN } from "../../../policy/facts/known";
import type { BridgeFacts, NicFacts, SiteFacts } from "../../../policy/facts/site";
import { requireVlansOnAllNodes } from "../../../policy/rules/requireVlansOnAllNodes";
import { bridge, cluster, guest, haRule, judge, nic, site } from "../support/facts";
import { cannotJudge, UNKNOWN_HA_GUEST, type UnknownCase } from "../support/unknown";

const verdict = (changes: Partial<SiteFacts> = {}) => judge(requireVlansOnAllNodes, site(changes));
const onVmbr1 = (changes: Partial<NicFacts>) => ({
  guests: [guest({ nics: [nic({ bridge: "vmbr1", ...changes })] })],
});
const vmbr1 = (first: Partial<BridgeFacts>, second: Partial<BridgeFacts> = {}) => ({
  bridges: [bridge("vmbr1", "pve01", first), bridge("vmbr1", "pve02", second)],
});
const aware = { vlanAware: true };

describe("VLANs are taken", () => {
  it("where a guest has none", () => {
    expect(verdict({ ...onVmbr1({}), ...vmbr1({}) })).toEqual([]);
  });

  it.each([{}, aware])("on bridges that nothing describes, and on those with %j", (changes) => {
    expect(verdict(onVmbr1({ vlan: 20 }))).toEqual([]);
    expect(verdict({ ...onVmbr1({ vlan: 20 }), ...vmbr1(aware, changes) })).toEqual([]);
  });

  it.each(["20", "1 20 130", "2 10-20", "20-30", "2-4094", "1,20;30"])("among %s", (vids) => {
    const changes = { ...aware, vids };
    expect(verdict({ ...onVmbr1({ vlan: 20 }), ...vmbr1(changes, changes) })).toEqual([]);
  });

  it("of a trunk on bridges that are aware of VLANs", () => {
    expect(verdict({ ...onVmbr1({ trunk: true }), ...vmbr1(aware, aware) })).toEqual([]);
  });

  it("on a virtual network that is aware of VLANs", () => {
    const bridges = [bridge("vmbr1", undefined, aware)];
    expect(verdict({ ...onVmbr1({ vlan: 20 }), bridges })).toEqual([]);
    expect(verdict({ ...onVmbr1({ trunk: true }), bridges })).toEqual([]);
  });

  it("under bridges of one name that lie in the same VLAN, or in none that is told", () => {
    const changes = (...ports: string[]) => ({ ports });
    expect(verdict({ ...onVmbr1({}), ...vmbr1(changes("eno1.50"), changes("enp3s0.50")) })).toEqual(
      [],
    );
    expect(verdict({ ...onVmbr1({}), ...vmbr1(changes("eno1.50"), changes("eno1")) })).toEqual([]);
  });

  it("whatever a node has on which a strict rule does not let the guest run", () => {
    const bridges = vmbr1({ ports: [] }, {}).bridges;
    expect(verdict({ ...onVmbr1({ vlan: 20 }), bridges, haRules: [haRule()] })).toEqual([]);
  });

  it("of guests that are not in HA", () => {
    expect(verdict({ ...onVmbr1({ trunk: true }), ...vmbr1({}), haResources: [] })).toEqual([]);
  });
});

describe("VLANs are refused", () => {
  it.each<[string, Partial<NicFacts>, Partial<BridgeFacts>, string]>([
    [
      "that a bridge does not let through",
      { vlan: 20 },
      { ...aware, vids: "2-19 21-30" },
      "net0 is in VLAN 20 on bridge vmbr1, which on pve01 lets VLANs 2-19 21-30 through alone: " +
        "the guest would be cut off there. Set vids.",
    ],
    [
      "on a bridge without a port",
      { vlan: 20 },
      { ports: [] },
      "net0 is in VLAN 20 on bridge vmbr1, which on pve01 is not VLAN-aware and has no port: " +
        "the guest would not start there. Set vlanAware or ports.",
    ],
    [
      "of a trunk on a bridge that is aware of none",
      { trunk: true },
      {},
      "net0 is a trunk on bridge vmbr1, which on pve01 is not VLAN-aware: " +
        "the guest would not start there. Set vlanAware.",
    ],
  ])("%s", (_what, card, changes, reason) => {
    expect(verdict({ ...onVmbr1(card), ...vmbr1(changes, aware) })).toEqual([
      ["urn:win2016", `HA guest win2016: ${reason}`],
    ]);
  });

  it("on a virtual network that is aware of none", () => {
    expect(verdict({ ...onVmbr1({ vlan: 20 }), bridges: [bridge("vmbr1")] })).toEqual([
      [
        "urn:win2016",
        "HA guest win2016: net0 is in VLAN 20 on bridge vmbr1, which on pve01, pve02 is not VLAN-aware: " +
          "the guest would not start there. Set vlanAware.",
      ],
    ]);
  });

  it("under bridges of one name that lie in two", () => {
    const bridges = vmbr1({ ports: ["eno1.50"] }, { ports: ["eno1.60"] });
    expect(verdict({ ...onVmbr1({}), ...bridges })).toEqual([
      [
        "urn:win2016",
        "HA guest win2016: net0 is on bridge vmbr1, which lies in VLAN 50 on pve01 and in VLAN 60 on pve02: " +
          "it would be in another network there. Set ports.",
      ],
    ]);
  });
});

describe("the VLANs cannot be judged", () => {
  it.each<UnknownCase>([
    ...UNKNOWN_HA_GUEST,
    [
      "its cards are unknown",
      { guests: [guest({ nics: UNKNOWN })] },
      "urn:win2016",
      "its network cards are",
    ],
    [
      "its nodes are unknown",
      { clusters: [cluster({ nodes: UNKNOWN })] },
      "urn:win2016",
      "the cluster's nodes and HA rules are",
    ],
    [
      "the name of a bridge is unknown",
      { bridges: [bridge("vmbr1", "pve01", { bridge: UNKNOWN })] },
      "urn:win2016",
      "the name of bridge vmbr1 is",
    ],
    [
      "the node of its bridge is unknown",
      { bridges: [bridge("vmbr0", "pve01", { node: UNKNOWN })] },
      "urn:win2016",
      "the node of bridge vmbr0 is",
    ],
    [
      "it is unknown whether its bridge is aware",
      { ...onVmbr1({ vlan: 20 }), ...vmbr1({ vlanAware: UNKNOWN }) },
      "urn:win2016",
      "whether bridge vmbr1 is VLAN-aware is",
    ],
    [
      "the VLANs of its bridge are unknown",
      { ...onVmbr1({ vlan: 20 }), ...vmbr1({ ...aware, vids: UNKNOWN }) },
      "urn:win2016",
      "the VLANs of bridge vmbr1 are",
    ],
    [
      "the ports of its bridge are unknown",
      { ...onVmbr1({ vlan: 20 }), ...vmbr1({ ports: UNKNOWN }) },
      "urn:win2016",
      "the ports of bridge vmbr1 are",
    ],
    [
      "it is unknown in which VLAN its bridge lies",
      { ...onVmbr1({}), ...vmbr1({ ports: UNKNOWN }) },
      "urn:win2016",
      "the ports of bridge vmbr1 are",
    ],
    [
      "nothing describes the bridge of a trunk on one of its nodes",
      { ...onVmbr1({ trunk: true }), bridges: [bridge("vmbr1", "pve01", aware)] },
      "urn:win2016",
      "whether bridge vmbr1 of pve02 is VLAN-aware is",
    ],
  ])("while %s", (_what, changes, urn, what) => {
    expect(verdict(changes)).toEqual([[urn, cannotJudge("the VLANs of win2016", what)]]);
  });
});
