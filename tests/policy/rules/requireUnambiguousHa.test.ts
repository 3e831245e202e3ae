import { UNKNOWN } from "../../../policy/facts/known";
import type { SiteFacts } from "../../../policy/facts/site";
import { requireUnambiguousHa } from "../../../policy/rules/requireUnambiguousHa";
import { haResource, haRule, judge, site } from "../support/facts";

const verdict = (changes: Partial<SiteFacts> = {}) => judge(requireUnambiguousHa, site(changes));
const again = { urn: "urn:again", name: "again" };

describe("HA is clear", () => {
  it("about guests with an HA resource and a rule each", () => {
    const haResources = [haResource(), haResource({ ...again, sid: "vm:101" })];
    const haRules = [haRule(), haRule({ ...again, sids: ["vm:101", "vm:102"] })];
    expect(verdict({ haResources, haRules })).toEqual([]);
  });

  it.each([{ disabled: true }, { type: "resource-affinity" }])(
    "about a guest whose second rule is %j",
    (changes) => {
      expect(verdict({ haRules: [haRule(), haRule({ ...again, ...changes })] })).toEqual([]);
    },
  );
});

describe("HA is unclear", () => {
  it.each(["started", "ignored"])("about a guest with a second HA resource, %s", (state) => {
    expect(verdict({ haResources: [haResource(), haResource({ ...again, state })] })).toEqual([
      [
        "urn:again",
        "again is the second HA resource of vm:100, after win2016: Proxmox VE refuses it. Take one of the two out.",
      ],
    ]);
  });

  it("about a guest with a second rule", () => {
    const haRules = [haRule(), haRule({ ...again, sids: ["vm:101", "vm:100"], strict: false })];
    expect(verdict({ haRules })).toEqual([
      [
        "urn:again",
        "again is the second HA rule about nodes of vm:100, after prefer-win2016: Proxmox VE refuses it. " +
          "Take one of the two out.",
      ],
    ]);
  });
});

describe("HA cannot be judged", () => {
  it("while the guest of an HA resource is unknown", () => {
    expect(verdict({ haResources: [haResource({ sid: UNKNOWN })] })).toEqual([
      ["urn:ha-win2016", "cannot judge HA resource win2016 until its HA resource id is known."],
    ]);
  });

  it.each([
    ["whether it is in force is", { disabled: UNKNOWN }],
    ["its type is", { type: UNKNOWN }],
    ["its guests are", { sids: UNKNOWN }],
  ] as const)("until %s known", (until, changes) => {
    expect(verdict({ haRules: [haRule(changes)] })).toEqual([
      ["urn:prefer-win2016", `cannot judge HA rule prefer-win2016 until ${until} known.`],
    ]);
  });
});
