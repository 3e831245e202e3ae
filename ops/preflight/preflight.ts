import { founder } from "../../components/cluster/plan";
import { STAND_IN_VARIABLE } from "../../toolchain/launcher/connections";
import type { GuestReport, HaReport } from "../../toolchain/launcher/probe";
import { OpsError } from "../errors";
import { exportState, type ResourceState } from "../pulumi";
import type { Stack } from "../stack";
import type { HostReport } from "./host";
import { type LookOptions, lookAtSite, type Seen } from "./look";
import { readPast } from "./past";
import { checkToken } from "./token";
import { hasJoined, isAlone, judge, reportOf, type Situation, type Verdict } from "./verdict";
import { describe, describeProblems } from "./words";

/** What a run begins with. */
export interface Found {
  resources: ResourceState[];
  /** All of the cluster, as far as it was asked. */
  guests: GuestReport[];
  ha?: HaReport;
}

export interface PreflightOptions extends LookOptions {
  /** For programs. */
  json?: boolean;
  /** What a look that was begun earlier finds. */
  seen?: Promise<Seen>;
}

/**
 * Looks at every host before a run, by the scripts that the run itself begins with, and at what the state says of them.
 * Changes nothing. Throws when the run could not come to its end.
 */
export async function preflight(
  stack: Stack,
  { json = false, seen, ...options }: PreflightOptions = {},
): Promise<Found> {
  // Everything at the same time: each takes a second or so.
  const exported = exportState(stack, ["--show-secrets"]).then(
    (state) => state?.deployment.resources ?? [],
  );
  const token = exported.then((resources) => checkToken(stack, resources));
  // What is wrong with the hosts is told first, as it may be the reason.
  token.catch(() => {});
  const [{ stackFile, ...site }, resources] = await Promise.all([
    seen ?? lookAtSite(stack, options),
    exported,
  ]);
  const situation: Situation = {
    ...site,
    stack: stack.name,
    lab: stackFile.lab || Boolean(process.env[STAND_IN_VARIABLE]),
    knownHosts: stackFile.ssh.knownHosts,
    past: readPast(site.steps, resources),
  };
  if (stackFile.lab) refuseResetLab(situation);
  if (!options.destroy) report(situation, json);
  const access = await token;
  return { resources, guests: access?.guests ?? [], ...(access?.ha ? { ha: access.ha } : {}) };
}

function report(situation: Situation, json: boolean): void {
  const verdict = judge(situation);
  const text = json
    ? JSON.stringify(forPrograms(situation, verdict))
    : describe(situation, verdict);
  process.stdout.write(`${text}\n`);
  if (verdict.problems.length > 0) {
    throw new OpsError(describeProblems(situation.stack, verdict.problems));
  }
}

function forPrograms({ reports }: Situation, verdict: Verdict): unknown {
  const hosts = reports.map(({ name, address, silent, state, will }: HostReport) => ({
    ...{ name, address, will },
    ...(silent === undefined ? { state } : { silent }),
  }));
  return { hosts, ...verdict };
}

/** Nothing of ours ends a cluster; a lab that has none any more was reset. */
function refuseResetLab(situation: Situation): void {
  const { plan, reports, stack } = situation;
  const first = reportOf(reports, founder(plan).name);
  if (!first || !isAlone(first) || !hasJoined(situation, first.name)) return;
  throw new OpsError(
    `The lab was reset since the state of stack ${stack} was written: its nodes are in no cluster, and what the state ` +
      "describes is gone with the hosts of then.\nForget that state and build anew: rm -r .state, then make up",
  );
}
