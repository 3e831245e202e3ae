import { readdirSync } from "node:fs";
import { join } from "node:path";
import { RULES } from "../../../policy/rules";

const files = readdirSync(join(__dirname, "../../../policy/rules"))
  .map((file) => file.replace(".ts", ""))
  .filter((file) => !["index", "rule"].includes(file));

const kebab = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

describe("the rules", () => {
  it("are all in force, each under the name of its file", () => {
    expect(RULES.map(({ name }) => name).sort()).toEqual(files.map(kebab).sort());
  });

  it("stop a preview or an update", () => {
    expect(RULES.map(({ enforcementLevel }) => enforcementLevel)).toEqual(
      RULES.map(() => "mandatory"),
    );
  });

  it.each(RULES.map((rule) => [rule.name, rule] as const))(
    "say in one sentence what %s asks for",
    (_name, { description }) => {
      expect(description).toMatch(/^[A-Z][^.]+\.$/);
    },
  );

  it.each(RULES.map((rule) => [rule.name, rule] as const))(
    "find nothing in a run without a site: %s",
    (_name, rule) => {
      const nothing = { clusters: [], haResources: [], haRules: [], guests: [], storages: [] };
      expect(rule.judge(nothing)).toEqual([]);
    },
  );
});
