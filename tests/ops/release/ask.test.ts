import type { HaRulePlan } from "../../../components/ha/plan";
import { difference, type FoundRule } from "../../../ops/release/ask";

const planned: HaRulePlan = {
  ...{ name: "prefer-web", id: "ha-group-prefer-web", guest: "web", sid: "ct:102" },
  ...{ nodes: { pve02: 2, pve01: 0 }, strict: false },
};
const found: FoundRule = {
  ...{ rule: "ha-group-prefer-web", type: "node-affinity", resources: "ct:102" },
  nodes: "pve01,pve02:2",
};

describe("a rule that Proxmox VE has made of a group", () => {
  it("is what the site file says, in whatever order it names the nodes", () => {
    expect(difference(planned, [{ ...found, rule: "another" }, found])).toBeUndefined();
  });

  it.each<[string, FoundRule[], string]>([
    ["is missing", [], "there is no rule ha-group-prefer-web"],
    [
      "is about another guest",
      [{ ...found, resources: "vm:100" }],
      "rule ha-group-prefer-web is about vm:100, and not about ct:102",
    ],
    [
      "prefers other nodes",
      [{ ...found, nodes: "pve01:3" }],
      "rule ha-group-prefer-web prefers pve01:3, and not pve01, pve02:2",
    ],
    [
      "is strict",
      [{ ...found, strict: 1 }],
      "rule ha-group-prefer-web is strict, and should not be",
    ],
  ])("%s: that is told", (_what, rules, words) => {
    expect(difference(planned, rules)).toBe(words);
  });
});
