import { RULES } from "../../../policy/catalogue";
import type { Rule } from "../../../policy/rules/rule";

const HEADINGS = ["rule", "production", "development", "remediate", "settings"];
const BEGIN = "<!-- Written by npm run reference. -->\n\n";
const END = "\n\n<!-- Up to here. -->";

/** `docs/policies.md` with its table of all rules as they are now. */
export function withLevels(page: string): string {
  const begin = page.indexOf(BEGIN) + BEGIN.length;
  return page.slice(0, begin) + table(RULES.map(cellsOf)) + page.slice(page.indexOf(END));
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

/** Padded as prettier does. */
function table(rows: string[][]): string {
  const widths = HEADINGS.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(HEADINGS), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join(
    "\n",
  );
}
