import { UNKNOWN } from "../../../policy/facts/known";
import type { InterfaceFacts, NodeFacts, SiteFacts } from "../../../policy/facts/site";
import { requireSecondLink } from "../../../policy/rules/requireSecondLink";
import { cluster, judge, PVE01, PVE02, site } from "../support/facts";
import { bond, bridgeOf } from "../support/network";

const verdict = (changes: Partial<SiteFacts> = {}, config: object = {}) =>
  judge(requireSecondLink, site(changes), config);

const advice = (nodes: string): [string, string] => [
  "urn:mizar",
  `cluster mizar: one link each for corosync, storage and guests on ${nodes}: a broken switch ` +
    "resets every node with HA guests, and a busy link delays corosync. " +
    "Add a second link, site.nodes.*.link1, or a bond.",
];

it("has nothing to say of one node, and of clusters that are said to have a second link", () => {
  expect(verdict({ clusters: [cluster({ nodes: [PVE01] })] })).toEqual([]);
  expect(verdict({}, { redundant: ["mizar"] })).toEqual([]);
});

it("has nothing to say where every node has two", () => {
  const nodes = [PVE01, PVE02].map((node) => ({ ...node, links: 2 }));
  expect(verdict({ clusters: [cluster({ nodes })] })).toEqual([]);
});

it.each([{}, { redundant: ["alcor"] }])("advises a second link, configured as %j", (config) => {
  expect(verdict({}, config)).toEqual([advice("pve01, pve02")]);
});

it("names the nodes that have one", () => {
  const nodes = [PVE01, { ...PVE02, links: 2 }];
  expect(verdict({ clusters: [cluster({ nodes })] })).toEqual([advice("pve01")]);
});

describe("a bond is a second link", () => {
  const nodes = [PVE01, { ...PVE02, links: 2 }];
  const having = (...interfaces: InterfaceFacts[]) =>
    verdict({ clusters: [cluster({ nodes })], interfaces });

  it.each<[string, InterfaceFacts[]]>([
    ["with the node's address", [bond({ addresses: ["192.168.18.251/24"] })]],
    ["in mode 802.3ad", [bond({ addresses: ["192.168.18.251/24"], mode: "802.3ad" })]],
    ["below the bridge with it", [bond(), bridgeOf({ on: ["bond0"] })]],
    [
      "below a VLAN below the bridge",
      [bridgeOf({ on: ["v5"] }), bridgeOf({ kind: "vlan", id: "v5", on: ["bond0"] }), bond()],
    ],
  ])("%s", (_what, interfaces) => {
    expect(having(...interfaces)).toEqual([]);
  });

  it.each<[string, InterfaceFacts[]]>([
    ["of one card", [bond({ addresses: ["192.168.18.251/24"], on: ["eno1"] })]],
    [
      "in a mode that corosync does not take",
      [bond({ mode: "balance-rr" }), bridgeOf({ on: ["bond0"] })],
    ],
    ["of another network", [bond({ addresses: ["10.0.0.1/24"] }), bridgeOf()]],
    ["of another node", [bond({ node: "pve02" }), bridgeOf({ on: ["bond0"] })]],
    ["that nothing describes", [bridgeOf({ on: ["bond0"] })]],
    [
      "of bridges that lie on each other",
      [bridgeOf({ on: ["vmbr1"] }), bridgeOf({ id: "vmbr1", on: ["vmbr0"], addresses: [] })],
    ],
  ])("but not %s", (_what, interfaces) => {
    expect(having(...interfaces)).toEqual([advice("pve01")]);
  });

  it.each<[string, InterfaceFacts]>([
    ["the node of bridge vmbr0-pve01 is", bridgeOf({ node: UNKNOWN })],
    ["the addresses of bridge vmbr0-pve01 are", bridgeOf({ addresses: UNKNOWN })],
    ["what bridge vmbr0-pve01 lies on is", bridgeOf({ on: UNKNOWN })],
    ["the name of bond bond0-pve01 is", bond({ id: UNKNOWN })],
    ["the mode of bond bond0-pve01 is", bond({ mode: UNKNOWN })],
  ])("or cannot be judged until %s known", (until, one) => {
    expect(having(bridgeOf({ on: ["bond0"] }), one)).toEqual([
      ["urn:mizar", `cannot judge the links of cluster mizar until ${until} known.`],
    ]);
  });
});

it("cannot judge unknown nodes and links", () => {
  const nodes: NodeFacts[] = [PVE01, { ...PVE02, links: UNKNOWN }];
  expect(verdict({ clusters: [cluster({ nodes })] })).toEqual([
    ["urn:mizar", "cannot judge the links of cluster mizar until the links of pve02 are known."],
  ]);
  expect(verdict({ clusters: [cluster({ nodes: UNKNOWN })] })).toEqual([
    ["urn:mizar", "cannot judge the links of cluster mizar until its nodes are known."],
  ]);
});
