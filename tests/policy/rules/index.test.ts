import { readdirSync } from "node:fs";
import { join } from "node:path";
import { RULES } from "../../../policy/catalogue";
import { configured } from "../../../policy/rules/rule";
import { judge, NOTHING, site } from "../support/facts";

const files = readdirSync(join(__dirname, "../../../policy/rules"))
  .map((file) => file.replace(".ts", ""))
  .filter((file) => file !== "rule");

const kebab = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const ADVISORY = [
  "advise-node-memory",
  "advise-odd-votes",
  "advise-replication-loss",
  "advise-supported-release",
  "advise-token-age",
  "forbid-start-order-for-ha",
  "keep-backups-off-disk-host",
  "keep-witness-off-disk-host",
  "require-backup-room",
  "require-guest-agent",
  "require-second-link",
  "require-windows-drivers",
];

describe("the rules", () => {
  it("are all in force, each under the name of its file", () => {
    expect(RULES.map(({ name }) => name).sort()).toEqual(files.map(kebab).sort());
  });

  it("stop a preview or an update, but for those that advise", () => {
    const levels = RULES.map(({ name, enforcementLevel }) => [name, enforcementLevel]);
    expect(levels).toEqual(
      RULES.map(({ name }) => [name, ADVISORY.includes(name) ? "advisory" : "mandatory"]),
    );
  });

  it("find nothing in a sound site, but what its two nodes and one NAS are", () => {
    const found = RULES.filter((rule) => judge(rule, site()).length > 0).map(({ name }) => name);
    expect(found).toEqual([
      "require-backup-room",
      "require-second-copy",
      "require-second-link",
      "require-limits-on-shared-link",
      "require-notification",
      "advise-node-memory",
    ]);
  });
});

describe.each(RULES.map((rule) => [rule.name, rule] as const))("%s", (_name, rule) => {
  it("says in one sentence each what it asks for and what to do", () => {
    expect(rule.description).toMatch(/^[A-Z].+[^.]\.$/);
    expect(rule.remedy).toMatch(/^[A-Z].+[^.]\.$/);
    expect(["low", "medium", "high", "critical"]).toContain(rule.severity);
  });

  it("finds nothing in a run without a site", () => {
    expect(judge(rule, NOTHING)).toEqual([]);
  });

  it("has a description and a default for each of its settings", () => {
    for (const [key, setting] of Object.entries(rule.settings ?? {})) {
      const { description, default: value } = setting as { description: string; default: unknown };
      expect(`${key}: ${description}`).toMatch(/: [A-Z].+\.$/);
      expect(configured(rule, {})).toHaveProperty(key, value);
    }
  });
});
