import { type ClusterPlan, founder } from "../../components/cluster/plan";
import type { Step } from "../../components/cluster/steps";
import type { Advice } from "./findings";
import type { HostReport } from "./host";
import type { Past } from "./past";
import { type Places, silence } from "./silence";
import { compareHosts } from "./together";

export interface Situation extends Places {
  stack: string;
  /** As messages call the site's file. */
  file: string;
  plan: ClusterPlan;
  steps: Step[];
  past: Past;
  reports: HostReport[];
}

export interface Told extends Advice {
  host: string;
}

export interface Verdict {
  /** What keeps the next update from coming to its end. */
  problems: Told[];
  warnings: Told[];
  checklist: { host: string; what: string }[];
}

/** Everything that is wrong, at once. */
export function judge(situation: Situation): Verdict {
  const { plan, reports, past, lab } = situation;
  compareHosts(reports, lab);
  // Once everything is built, what would have been in its way is worth a word, and no reason to stop anybody.
  const unfinished = past.missing.size > 0;
  const verdict: Verdict = { problems: [], warnings: [], checklist: [] };
  const nobody = plan.nodes.every(({ name }) => reportOf(reports, name)?.silent !== undefined);
  for (const report of reports) {
    const on = (advice: Advice): Told => ({ host: report.name, ...advice });
    if (report.silent !== undefined) {
      const { advice, stops } = silence(report.silent, report, situation);
      (stops || nobody ? verdict.problems : verdict.warnings).push(on(advice));
    }
    const stops = unfinished || report.state === "refused";
    (stops ? verdict.problems : verdict.warnings).push(...report.problems.map(on));
    verdict.warnings.push(...report.warnings.map(on));
  }
  verdict.problems.push(...lost(situation), ...strangers(situation));
  // Nobody reads every day what is done once.
  if (reports.some(({ will }) => will.length > 0)) {
    verdict.checklist = reports.flatMap(({ name, checklist }) =>
      checklist.map((what) => ({ host: name, what })),
    );
  }
  return verdict;
}

export function reportOf(reports: HostReport[], host: string): HostReport | undefined {
  return reports.find(({ name }) => name === host);
}

/** The node runs, and is in no cluster. */
export function isAlone({ state, identity }: HostReport): boolean {
  if (state !== undefined) return state === "debian" || state === "installed";
  return identity?.members !== undefined && Object.keys(identity.members).length === 0;
}

/** The step that made the node a member has come to its end. */
export function hasJoined({ plan, past }: Situation, node: string): boolean {
  const step = node === founder(plan).name ? "found" : `join-${node}`;
  return !past.missing.has(step);
}

/** Members of then that are in no cluster now. No update would make them join again: for the state that is done. */
function lost(situation: Situation): Told[] {
  const { plan, reports, stack } = situation;
  return reports
    .filter((report) => plan.nodes.some(({ name }) => name === report.name))
    .filter((report) => isAlone(report) && hasJoined(situation, report.name))
    .map(({ name: host }) => ({
      host,
      what: `the state of stack ${stack} says that it has joined cluster ${plan.name}, but it is in no cluster: it was installed anew or taken out`,
      remedy:
        `if it is to come back, switch it off and end its old membership, after which the next update takes it in again: ` +
        `npm run -s ops -- node remove ${host} --stack ${stack} (docs/runbooks/replacing-a-dead-node.md)`,
    }));
}

/** Members that the site file does not name. Votes and failover are reckoned without them. */
function strangers({ plan, reports, stack, file }: Situation): Told[] {
  const named = new Set(plan.nodes.map(({ name }) => name));
  const members = reports
    .filter(({ name, state }) => named.has(name) && state !== "refused")
    .flatMap(({ identity }) => Object.keys(identity?.members ?? {}));
  return [...new Set(members)]
    .filter((name) => !named.has(name))
    .sort()
    .map((host) => ({
      host,
      what: `it is a member of cluster ${plan.name}, but ${file} does not name it`,
      remedy: `put it back there; or switch it off for good and take it out of the cluster: npm run -s ops -- node remove ${host} --stack ${stack}`,
    }));
}
