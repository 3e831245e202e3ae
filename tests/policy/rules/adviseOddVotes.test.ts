import { UNKNOWN } from "../../../policy/facts/known";
import { adviseOddVotes } from "../../../policy/rules/adviseOddVotes";
import { cluster, judge, PVE01, PVE02, PVE03, site } from "../support/facts";

const PVE04 = { ...PVE03, name: "pve04" };
const verdictOn = (changes: Parameters<typeof cluster>[0]) =>
  judge(adviseOddVotes, site({ clusters: [cluster(changes)] }));

describe("the votes are odd", () => {
  it.each([
    ["two nodes and a witness", [PVE01, PVE02], true],
    ["three nodes", [PVE01, PVE02, PVE03], false],
    ["four nodes and a witness", [PVE01, PVE02, PVE03, PVE04], true],
    [
      "three nodes of which one has two votes beside a fourth",
      [{ ...PVE01, votes: 2 }, PVE02, PVE03, PVE04],
      false,
    ],
  ])("of %s", (_what, nodes, qdevice) => {
    expect(verdictOn({ nodes, qdevice })).toEqual([]);
  });

  it("or not, of two nodes without a witness, which another rule is about", () => {
    expect(verdictOn({ qdevice: false })).toEqual([]);
  });
});

describe("the votes give advice", () => {
  it("of four nodes, which can split in halves", () => {
    expect(verdictOn({ nodes: [PVE01, PVE02, PVE03, PVE04], qdevice: false })).toEqual([
      [
        "urn:mizar",
        "cluster mizar: 4 votes are even. Split in halves, as by a switch, neither has the " +
          "3 that are needed and all of it stands still. Give it a witness: site.cluster.witness.",
      ],
    ]);
  });

  it("of three nodes with a witness, which has as many votes as two of them", () => {
    expect(verdictOn({ nodes: [PVE01, PVE02, PVE03], qdevice: true })).toEqual([
      [
        "urn:mizar",
        "cluster mizar: beside 3 nodes the QDevice has 2 of 5 votes, " +
          "so without it the cluster bears no further loss. An odd number of nodes needs no witness: take it away.",
      ],
    ]);
  });

  it.each([
    ["its nodes are", { nodes: UNKNOWN }],
    ["its witness is", { qdevice: UNKNOWN }],
  ] as const)("that they cannot be judged until %s known", (until, changes) => {
    expect(verdictOn(changes)).toEqual([
      ["urn:mizar", `cannot judge the votes of cluster mizar until ${until} known.`],
    ]);
  });
});
