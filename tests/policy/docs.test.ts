import { readFileSync } from "node:fs";
import { join } from "node:path";
import { RULES } from "../../policy/catalogue";

const text = readFileSync(join(__dirname, "../../docs/policies.md"), "utf8");

/** By name: what stands under the heading of that name. */
const sections = new Map(
  text
    .split(/^### /m)
    .slice(1)
    .map((section) => [section.split("\n")[0] ?? "", section.split(/^## /m)[0] ?? ""]),
);

describe("docs/policies.md", () => {
  it("has a section for each rule, and none for anything else", () => {
    expect([...sections.keys()]).toEqual(RULES.map(({ name }) => name));
  });

  it.each(RULES.map((rule) => [rule.name, rule] as const))(
    "tells the level, the remedy and every setting of %s",
    (name, { enforcementLevel, settings }) => {
      const section = sections.get(name) ?? "";
      expect(section.split("\n")[2]?.toLowerCase()).toMatch(new RegExp(`^${enforcementLevel}\\. `));
      expect(section).toMatch(/^Remedy: /m);
      const rows = [...section.matchAll(/^\| `(\w+)` +\| `(.+?)` /gm)];
      const values = Object.entries(settings ?? {}).map(([key, setting]) => {
        const { default: value } = setting as { default: unknown };
        return [key, typeof value === "string" ? value : JSON.stringify(value)];
      });
      expect(rows.map(([, key, value]) => [key, value])).toEqual(values);
    },
  );
});
