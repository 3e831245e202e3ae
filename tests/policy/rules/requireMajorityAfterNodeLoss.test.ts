import { type Known, UNKNOWN } from "../../../policy/facts/known";
import type { ClusterFacts, SiteFacts } from "../../../policy/facts/site";
import { requireMajorityAfterNodeLoss } from "../../../policy/rules/requireMajorityAfterNodeLoss";
import {
  cluster,
  guest,
  haResource,
  judge,
  NAS,
  PVE01,
  PVE02,
  PVE03,
  site,
} from "../support/facts";

const verdict = (changes: Partial<SiteFacts> = {}) =>
  judge(requireMajorityAfterNodeLoss, site(changes));
const verdictOn = (changes: Partial<ClusterFacts>, others: Partial<SiteFacts> = {}) =>
  verdict({ clusters: [cluster(changes)], ...others });

describe("the votes are taken", () => {
  it("of two nodes with a witness outside", () => {
    expect(verdict()).toEqual([]);
  });

  it("of three nodes without a witness", () => {
    expect(verdictOn({ nodes: [PVE01, PVE02, PVE03], witness: undefined, qdevice: false })).toEqual(
      [],
    );
  });

  it("of any nodes while nothing is in HA", () => {
    const clusters = [cluster({ witness: undefined, qdevice: false })];
    expect(verdict({ clusters, haResources: [] })).toEqual([]);
    expect(verdict({ clusters: [], haResources: [] })).toEqual([]);
    expect(verdict({ clusters, haResources: [haResource({ state: "ignored" })] })).toEqual([]);
  });

  it("of three nodes whatever the witness is, because it does not vote", () => {
    expect(
      verdictOn({
        nodes: [PVE01, PVE02, PVE03],
        witness: { ...NAS, address: PVE01.address },
        qdevice: false,
      }),
    ).toEqual([]);
  });

  it("of nodes and a device that is described elsewhere", () => {
    expect(verdictOn({ witness: undefined, qdevice: true })).toEqual([]);
  });
});

describe("the votes are refused", () => {
  it("of two nodes without a third vote, naming each loss and the guests", () => {
    const ubuntu = haResource({ name: "ubuntu", sid: "vm:101" });
    const without = (node: string): [string, string] => [
      "urn:mizar",
      `cluster mizar: without ${node}, 1 of 2 votes are left and 2 are needed, ` +
        "so the rest would reset itself with the HA guests (win2016, ubuntu). " +
        "Give the cluster a witness outside of it: site.cluster.witness.",
    ];
    expect(
      verdictOn({ witness: undefined, qdevice: false }, { haResources: [haResource(), ubuntu] }),
    ).toEqual([without("pve01"), without("pve02")]);
  });

  it.each<Known<string>>(["stopped", "disabled", UNKNOWN])(
    "of two nodes with a guest that HA keeps %p",
    (state) => {
      const haResources = [haResource({ state })];
      expect(verdictOn({ witness: undefined, qdevice: false }, { haResources })).toHaveLength(2);
    },
  );

  it("and names no more than five guests", () => {
    const haResources = [1, 2, 3, 4, 5, 6, 7].map((one) =>
      haResource({ name: `g${one}`, sid: `vm:${one}` }),
    );
    expect(verdictOn({ qdevice: false }, { haResources })[0]?.[1]).toContain(
      "with the HA guests (g1, g2, g3, g4, g5 and 2 more). Let its witness nas vote, by a QDevice.",
    );
  });

  it("of a node that has as many votes as the rest", () => {
    expect(verdictOn({ nodes: [{ ...PVE01, votes: 2 }, PVE02, PVE03], qdevice: false })).toEqual([
      [
        "urn:mizar",
        "cluster mizar: without pve01, 2 of 4 votes are left and 3 are needed, " +
          "so the rest would reset itself with the HA guests (win2016). " +
          "Let its witness nas vote, by a QDevice.",
      ],
    ]);
  });

  it.each([false, true])("of one node, which no witness helps (with its vote: %s)", (qdevice) => {
    expect(verdictOn({ nodes: [PVE01], qdevice })).toEqual([
      [
        "urn:mizar",
        "cluster mizar: one node alone leaves none to recover the HA guests on (win2016). " +
          "Add a node to site.nodes, or take the guests out of HA.",
      ],
    ]);
  });

  it.each([
    ["one of the nodes", { name: "pve02", address: PVE02.address }, "the node pve02"],
    [
      "at an address of a guest",
      { ...NAS, address: "192.168.18.30" },
      "the guest web of this cluster",
    ],
  ])("of a witness that is %s", (_what, witness, part) => {
    expect(verdictOn({ witness })).toEqual([
      [
        "urn:mizar",
        `cluster mizar: the witness ${witness.name} (${witness.address}) is ${part}, so its vote is lost with it. ` +
          "Choose a host outside of the cluster: site.cluster.witness.",
      ],
    ]);
  });

  it("of a witness inside, beside a loss that is fatal anyhow", () => {
    const messages = verdictOn({
      nodes: [{ ...PVE01, votes: 3 }, PVE02],
      witness: PVE02,
    }).map(([, message]) => message);
    expect(messages).toEqual([
      expect.stringContaining("without pve01, 2 of 5 votes are left and 3 are needed"),
      expect.stringContaining("the witness pve02 (192.168.18.100) is the node pve02"),
    ]);
  });

  it("of each cluster by itself", () => {
    const other = cluster({ urn: "urn:alcor", name: "alcor", nodes: [PVE03] });
    expect(verdict({ clusters: [cluster(), other] }).map(([urn]) => urn)).toEqual(["urn:alcor"]);
  });
});

describe("the votes cannot be judged", () => {
  it("without a cluster", () => {
    expect(verdict({ clusters: [] })).toEqual([
      ["urn:ha-win2016", "cannot judge the votes until a cluster's nodes and witness are known."],
    ]);
  });

  it.each<[string, Partial<ClusterFacts>]>([
    ["its nodes are unknown", { nodes: UNKNOWN }],
    ["it has no nodes", { nodes: [] }],
    ["its witness is unknown", { witness: UNKNOWN }],
    ["it is unknown whether the witness votes", { qdevice: UNKNOWN }],
  ])("while %s", (_what, changes) => {
    expect(verdictOn(changes)).toEqual([
      [
        "urn:mizar",
        "cannot judge the votes of cluster mizar until its nodes and witness are known.",
      ],
    ]);
  });

  const hidden = [guest({ name: "hidden", addresses: UNKNOWN })];
  const addresses = [
    "urn:mizar",
    "cannot judge the votes of cluster mizar until the addresses of all guests are known.",
  ];

  it("while a guest may be at the witness's address", () => {
    expect(verdictOn({}, { guests: hidden })).toEqual([addresses]);
  });

  it("and a fatal loss is told as well", () => {
    const nodes = [{ ...PVE01, votes: 3 }, PVE02];
    expect(verdictOn({ nodes }, { guests: hidden })).toEqual([
      ["urn:mizar", expect.stringContaining("without pve01, 2 of 5 votes are left")],
      addresses,
    ]);
  });
});
