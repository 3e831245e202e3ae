import { founder } from "../../components/cluster/plan";
import type { HostReport } from "./host";
import type { Situation, Told, Verdict } from "./verdict";

/** What is said before a run, problems apart. One line where everything is as described. */
export function describe(situation: Situation, verdict: Verdict): string {
  const { reports, past } = situation;
  const { problems, warnings, checklist } = verdict;
  const built =
    problems.length === 0 &&
    past.missing.size === 0 &&
    past.changed.size === 0 &&
    reports.every(({ silent, will }) => silent === undefined && will.length === 0);
  return [
    ...(built ? [oneLine(situation)] : hostLines(situation)),
    ...warnings.map((warning) => `warning: ${advice(warning, "  ")}`),
    ...(checklist.length > 0 ? ["Nobody can see from here whether:"] : []),
    ...checklist.map(({ host, what }) => `  [ ] ${host}: ${what}`),
  ].join("\n");
}

/** All problems, as the text of an error. */
export function describeProblems(stack: string, problems: Told[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const lines = problems.map((problem) => `  ${advice(problem, "    ")}`);
  return `Preflight of stack ${stack}: ${count}, and nothing has been changed.\n${lines.join("\n")}`;
}

function advice({ host, what, remedy }: Told, indent: string): string {
  return `${host}: ${what}\n${indent}What to do: ${remedy}`;
}

function oneLine({ plan, reports }: Situation): string {
  const nodes = reports.filter(({ name }) => name !== plan.witness?.name).map(({ name }) => name);
  const witness = plan.witness ? `, ${plan.witness.name} is the witness` : "";
  const are = nodes.length === 1 ? "is the member" : "are members";
  return `preflight: ${list(nodes)} ${are} of ${plan.name}${witness}; nothing to do on any host`;
}

function list(names: string[]): string {
  return [names.slice(0, -1).join(", "), names.at(-1)].filter(Boolean).join(" and ");
}

function hostLines(situation: Situation): string[] {
  const { reports } = situation;
  const width = Math.max(...reports.map(({ name }) => name.length));
  const addresses = Math.max(...reports.map(({ address }) => address.length));
  return reports.map(
    (report) =>
      `${report.name.padEnd(width)}  ${report.address.padEnd(addresses)}  ${whatItIs(report, situation)}: ${whatHappens(report, situation)}`,
  );
}

function whatItIs({ name, state = "", silent }: HostReport, { plan }: Situation): string {
  if (silent !== undefined) return "no answer";
  const states: Record<string, string> = {
    debian: `Debian ${plan.release + 4}, bare`,
    installed: `Proxmox VE ${plan.release}, in no cluster`,
    member: `member of ${plan.name}`,
    refused: "not usable",
    "": "reachable",
  };
  const known = states[state] ?? state;
  return name === founder(plan).name ? `${known}, founder` : known;
}

function whatHappens(report: HostReport, { steps, past }: Situation): string {
  const own = steps.filter(({ host }) => host === report.name);
  const open = own.some(({ name }) => past.missing.has(name) || past.changed.has(name));
  if (report.silent !== undefined) return open ? "steps unknown until up" : "nothing to do";
  if (report.state === "refused") return "stays as it is; see below";
  const [only, ...more] = report.will;
  if (only !== undefined && more.length === 0) return `will ${only}`;
  if (only !== undefined) return ["will", only, ...more].join("\n    - ");
  const again = own.filter(({ name }) => past.changed.has(name)).length;
  if (again === 0) return "nothing to do";
  return `nothing to do, but ${again === 1 ? "1 step looks" : `${again} steps look`} again`;
}
