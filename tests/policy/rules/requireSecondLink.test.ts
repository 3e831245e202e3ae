import { UNKNOWN } from "../../../policy/facts/known";
import type { NodeFacts, SiteFacts } from "../../../policy/facts/site";
import { requireSecondLink } from "../../../policy/rules/requireSecondLink";
import { cluster, judge, PVE01, PVE02, site } from "../support/facts";

const verdict = (changes: Partial<SiteFacts> = {}, config: object = {}) =>
  judge(requireSecondLink, site(changes), config);

it("has nothing to say of one node, and of clusters that are said to have a second link", () => {
  expect(verdict({ clusters: [cluster({ nodes: [PVE01] })] })).toEqual([]);
  expect(verdict({}, { redundant: ["mizar"] })).toEqual([]);
});

it("has nothing to say where every node has two", () => {
  const nodes = [PVE01, PVE02].map((node) => ({ ...node, links: 2 }));
  expect(verdict({ clusters: [cluster({ nodes })] })).toEqual([]);
});

it("cannot judge unknown links", () => {
  const nodes: NodeFacts[] = [PVE01, { ...PVE02, links: UNKNOWN }];
  expect(verdict({ clusters: [cluster({ nodes })] })).toEqual([
    [
      "urn:mizar",
      "cannot judge the links of cluster mizar until the links of its nodes are known.",
    ],
  ]);
});

it.each([{}, { redundant: ["alcor"] }])("advises a second link, configured as %j", (config) => {
  expect(verdict({}, config)).toEqual([
    [
      "urn:mizar",
      "cluster mizar: its nodes have one link for corosync, storage and guests: a broken switch " +
        "resets every node with HA guests, and a busy link delays corosync. Add a second link or a bond.",
    ],
  ]);
});

it("cannot judge unknown nodes", () => {
  expect(verdict({ clusters: [cluster({ nodes: UNKNOWN })] })).toEqual([
    ["urn:mizar", "cannot judge the links of cluster mizar until its nodes are known."],
  ]);
});
