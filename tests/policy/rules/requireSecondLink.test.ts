import { UNKNOWN } from "../../../policy/facts/known";
import type { SiteFacts } from "../../../policy/facts/site";
import { requireSecondLink } from "../../../policy/rules/requireSecondLink";
import { cluster, judge, PVE01, site } from "../support/facts";

const verdict = (changes: Partial<SiteFacts> = {}, config: object = {}) =>
  judge(requireSecondLink, site(changes), config);

it("has nothing to say of one node, and of clusters that are said to have a second link", () => {
  expect(verdict({ clusters: [cluster({ nodes: [PVE01] })] })).toEqual([]);
  expect(verdict({}, { redundant: ["mizar"] })).toEqual([]);
});

it.each([{}, { redundant: ["alcor"] }])("advises a second link, configured as %j", (config) => {
  expect(verdict({}, config)).toEqual([
    [
      "urn:mizar",
      "cluster mizar: each node has one address, so one link for corosync, storage and guests: a broken switch " +
        "resets every node with HA guests, and a busy link delays corosync. Add a second link or a bond.",
    ],
  ]);
});

it("cannot judge unknown nodes", () => {
  expect(verdict({ clusters: [cluster({ nodes: UNKNOWN })] })).toEqual([
    ["urn:mizar", "cannot judge the links of cluster mizar until its nodes are known."],
  ]);
});
