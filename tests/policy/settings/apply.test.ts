import { configured, type Rule } from "../../../policy/rules/rule";
import { levelOf, withSettings } from "../../../policy/settings/apply";

interface Config {
  reserve: number;
  tags: string[];
}

const rule: Rule<Config> = {
  name: "require-room",
  description: "There is room.",
  enforcementLevel: "mandatory",
  severity: "high",
  remedy: "Make room.",
  settings: {
    reserve: { type: "number", default: 1024, description: "MiB." },
    tags: { type: "array", default: ["a"], description: "Tags." },
  },
  judge: () => [],
};
const milder: Rule<Config> = { ...rule, development: "advisory" };

describe("the level of a rule", () => {
  it.each([
    ["production", milder, {}, "mandatory"],
    ["development", milder, {}, "advisory"],
    ["development", rule, {}, "mandatory"],
    ["development", milder, { "require-room": { level: "remediate" } }, "remediate"],
    ["production", milder, { "require-room": { level: "disabled" } }, "disabled"],
    ["development", milder, { "require-room": { reserve: 1 } }, "advisory"],
    ["production", milder, { "require-other": { level: "disabled" } }, "mandatory"],
  ] as const)(
    "in %s, case %#, is as the stack or else its profile says",
    (profile, one, rules, level) => {
      expect(levelOf(one as Rule, { profile, rules })).toBe(level);
    },
  );
});

describe("the settings of a rule", () => {
  const given = (rules: Parameters<typeof withSettings>[1]["rules"]): Rule =>
    withSettings(rule as Rule, { rules });

  it("are the stack's where it says them, and else the rule's", () => {
    const one = given({ "require-room": { level: "advisory", reserve: 0 } });
    expect(configured(one, {})).toEqual({ reserve: 0, tags: ["a"] });
    expect(configured(given({}), {})).toEqual({ reserve: 1024, tags: ["a"] });
  });

  it("keep their types and descriptions, and give way to CrossGuard's own file", () => {
    const one = given({ "require-room": { reserve: 2048, tags: [] } });
    expect(one.settings).toEqual({
      reserve: { type: "number", default: 2048, description: "MiB." },
      tags: { type: "array", default: [], description: "Tags." },
    });
    expect(configured(one, { reserve: 512 })).toEqual({ reserve: 512, tags: [] });
  });

  it("are none for a rule without", () => {
    const { settings: _, ...bare } = rule;
    expect(withSettings(bare as unknown as Rule, { rules: {} }).settings).toEqual({});
  });
});
