import { RULES } from "../../../policy/catalogue";
import type { Rule } from "../../../policy/rules/rule";
import { withTable } from "./pageTable";

const HEADINGS = ["rule", "production", "development", "remediate", "settings"];
/** `docs/policies.md` with its table of all rules as they are now. */
export function withLevels(page: string): string {
  return withTable(page, HEADINGS, RULES.map(cellsOf));
}

function cellsOf(rule: Rule): string[] {
  const { name, enforcementLevel, development, remediation, settings = {} } = rule;
  return [
    `[${name}](#${name})`,
    enforcementLevel,
    development ?? enforcementLevel,
    remediation?.effect ?? "",
    Object.keys(settings)
      .map((key) => `\`${key}\``)
      .join(", "),
  ];
}
