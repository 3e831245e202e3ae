import { UNKNOWN } from "../../../policy/facts/known";
import type { SiteFacts } from "../../../policy/facts/site";
import { requireNodeAfterLoss } from "../../../policy/rules/requireNodeAfterLoss";
import {
  cluster,
  guest,
  haResource,
  haRule,
  judge,
  PVE01,
  PVE02,
  PVE03,
  site,
} from "../support/facts";

const verdict = (changes: Partial<SiteFacts> = {}, config: object = {}) =>
  judge(requireNodeAfterLoss, site(changes), config);

const ubuntu = guest({ urn: "urn:ubuntu", name: "ubuntu", vmid: 101 });
const both = [haResource(), haResource({ urn: "urn:ha-ubuntu", name: "ubuntu", sid: "vm:101" })];
const apart = (changes: Parameters<typeof haRule>[0] = {}) =>
  haRule({
    urn: "urn:apart",
    name: "apart",
    type: "resource-affinity",
    sids: ["vm:100", "vm:101"],
    nodes: [],
    apart: true,
    ...changes,
  });
const three = [cluster({ nodes: [PVE01, PVE02, PVE03] })];
const twoGuests = { guests: [guest(), ubuntu], haResources: both };

describe("a node is left", () => {
  it("for a guest that may run everywhere, or on two of the nodes", () => {
    expect(verdict()).toEqual([]);
    expect(verdict({ haRules: [haRule({ nodes: ["pve01", "pve02"] })] })).toEqual([]);
  });

  it("for a guest that merely prefers a node", () => {
    expect(verdict({ haRules: [haRule({ strict: false })] })).toEqual([]);
  });

  it("for two guests that are kept apart on three nodes", () => {
    expect(verdict({ ...twoGuests, clusters: three, haRules: [apart()] })).toEqual([]);
  });

  it.each([{ disabled: true }, { apart: false }])("where the rule is %j", (changes) => {
    expect(verdict({ ...twoGuests, haRules: [apart(changes)] })).toEqual([]);
  });

  it("for two guests that are kept together and may run on the same two nodes", () => {
    const tied = haRule({ sids: ["vm:100"], nodes: ["pve01", "pve02"] });
    const haRules = [apart({ apart: false }), tied];
    expect(verdict({ ...twoGuests, clusters: three, haRules })).toEqual([]);
  });

  it("for one of two that are kept apart where HA is to ignore the other", () => {
    const haResources = [both[0] ?? haResource(), haResource({ sid: "vm:101", state: "ignored" })];
    expect(verdict({ ...twoGuests, haResources, haRules: [apart()] })).toEqual([]);
  });

  it("or not, in a cluster of one node, which another rule is about", () => {
    expect(verdict({ clusters: [cluster({ nodes: [PVE01] })] })).toEqual([]);
  });
});

describe("no node is left", () => {
  const REMEDY =
    "Name a second node, or let the rule be a preference: guests.win2016.ha.nodes, guests.win2016.ha.strict.";

  it("for a guest that a strict rule ties to one", () => {
    expect(verdict({ haRules: [haRule()] })).toEqual([
      [
        "urn:win2016",
        `HA guest win2016 may run on pve02 alone, so after a loss it runs nowhere. ${REMEDY}`,
      ],
    ]);
  });

  it.each([
    [["pve02", "pve09"], "pve02"],
    [["pve09"], "no node of the cluster"],
  ])("for a guest whose other nodes are not in the cluster: %j", (nodes, one) => {
    expect(verdict({ haRules: [haRule({ nodes })] })).toEqual([
      [
        "urn:win2016",
        `HA guest win2016 may run on ${one} alone, so after a loss it runs nowhere. ${REMEDY}`,
      ],
    ]);
  });

  it("for one of two guests that are kept apart on two nodes", () => {
    expect(verdict({ ...twoGuests, haRules: [apart()] })).toEqual([
      [
        "urn:apart",
        "HA rule apart keeps 2 guests apart (win2016, ubuntu), and without pve01 or pve02 one has no node. " +
          "Keeping 2 guests apart takes 3 nodes that they may run on: add a node, or take a guest out of the rule.",
      ],
    ]);
  });

  it("for two that are kept together and have one node in common", () => {
    const haRules = [
      apart({ apart: false }),
      haRule({ urn: "urn:a", name: "a", sids: ["vm:100"], nodes: ["pve01", "pve02"] }),
      haRule({ urn: "urn:b", name: "b", sids: ["vm:101"], nodes: ["pve02", "pve03"] }),
    ];
    expect(verdict({ ...twoGuests, clusters: three, haRules })).toEqual([
      [
        "urn:apart",
        "HA rule apart keeps 2 guests together (win2016, ubuntu), and without pve02 they have no node in common. " +
          "Let their rules about nodes name two nodes that all of them may run on.",
      ],
    ]);
  });

  it("for a rule about a guest that has no HA resource here, named by its number", () => {
    const haRules = [apart({ sids: ["vm:100", "vm:109"] })];
    expect(verdict({ haRules })).toEqual([
      ["urn:apart", expect.stringContaining("keeps 2 guests apart (win2016, vm:109), and ")],
    ]);
  });

  it("for one of two that are kept apart and may run on the same two of three nodes", () => {
    const haRules = [apart(), haRule({ sids: ["vm:100", "vm:101"], nodes: ["pve02", "pve03"] })];
    expect(verdict({ ...twoGuests, clusters: three, haRules })).toEqual([
      ["urn:apart", expect.stringContaining("without pve02 or pve03 one has no node")],
    ]);
  });
});

describe("the nodes cannot be judged", () => {
  it.each<[string, Partial<SiteFacts>, string, string]>([
    [
      "the HA resource",
      { haResources: [haResource({ sid: UNKNOWN })] },
      "urn:ha-win2016",
      "the nodes of win2016 until its HA resource id is",
    ],
    [
      "the cluster",
      { clusters: [cluster({ nodes: UNKNOWN })] },
      "urn:win2016",
      "the nodes of win2016 until the cluster's nodes and HA rules are",
    ],
    [
      "a rule's guests",
      { haRules: [apart({ sids: UNKNOWN })] },
      "urn:apart",
      "the HA rule apart until its guests are",
    ],
    [
      "a rule's affinity",
      { haRules: [apart({ apart: UNKNOWN })] },
      "urn:apart",
      "the HA rule apart until its affinity is",
    ],
    [
      "a rule's type",
      { haRules: [apart({ type: UNKNOWN, sids: [] })] },
      "urn:apart",
      "the HA rule apart until its type is",
    ],
    [
      "a rule's being in force",
      { haRules: [apart({ disabled: UNKNOWN })] },
      "urn:apart",
      "the HA rule apart until whether it is in force is",
    ],
  ])("while %s is unknown", (_what, changes, urn, what) => {
    expect(verdict(changes)).toEqual([[urn, `cannot judge ${what} known.`]]);
  });
});
