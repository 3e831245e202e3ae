import { inMarkdown } from "../report/escape";
import type { Finding } from "./findings";

const TITLES: Record<Finding["kind"], string> = {
  changed: "Not as described",
  unmanaged: "In the cluster, and not in the stack",
  cluster: "The cluster itself",
  factor: "Who logs in without a second factor",
  copy: "Copies of backups",
};

export type Format = "text" | "markdown" | "json";

export function describe(stack: string, findings: Finding[], format: Format): string {
  switch (format) {
    case "json":
      return JSON.stringify({ stack, findings });
    case "markdown":
      return markdown(stack, findings);
    case "text":
      return plain(stack, findings);
    default: {
      const never: never = format;
      return never;
    }
  }
}

function headline(stack: string, { length }: Finding[]): string {
  if (length === 0) return `Stack ${stack} and its cluster are as described.`;
  return `Stack ${stack}: ${length === 1 ? "1 thing is" : `${length} things are`} not as described.`;
}

function grouped(findings: Finding[]): [string, Finding[]][] {
  return (Object.keys(TITLES) as Finding["kind"][])
    .map((kind): [string, Finding[]] => [TITLES[kind], findings.filter((one) => one.kind === kind)])
    .filter(([, those]) => those.length > 0);
}

function plain(stack: string, findings: Finding[]): string {
  const groups = grouped(findings).flatMap(([title, those]) => [
    `${title}:`,
    ...those.map(
      ({ resource, what, remedy }) => `  ${resource}: ${what}\n    What to do: ${remedy}`,
    ),
  ]);
  return [headline(stack, findings), ...groups].join("\n");
}

function markdown(stack: string, findings: Finding[]): string {
  const groups = grouped(findings).flatMap(([title, those]) => [
    "",
    `### ${title}`,
    "",
    "| what | how it is | what to do |",
    "| --- | --- | --- |",
    ...those.map(
      ({ resource, what, remedy }) => `| ${[resource, what, remedy].map(inMarkdown).join(" | ")} |`,
    ),
  ]);
  return ["## Drift", "", headline(stack, findings), ...groups].join("\n");
}
