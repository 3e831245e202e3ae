import { founder, planCluster } from "../../components/cluster/plan";
import { looks, planSteps } from "../../components/cluster/steps";
import { planStorages } from "../../components/storage/plan";
import { connectionsOf, STAND_IN_VARIABLE } from "../../toolchain/launcher/connections";
import { readStackFile } from "../../toolchain/launcher/stackFile";
import { OpsError } from "../errors";
import { readSiteFile } from "../installer/siteFile";
import { exportState } from "../pulumi";
import type { Stack } from "../stack";
import { type HostReport, lookAt, type Ways } from "./host";
import { readPast } from "./past";
import { checkToken } from "./token";
import { hasJoined, isAlone, judge, reportOf, type Situation, type Verdict } from "./verdict";
import { describe, describeProblems } from "./words";

export interface PreflightOptions {
  /** For programs. */
  json?: boolean;
  /** Before pulumi destroy: nothing is done to the hosts, so only what it needs is looked at. */
  destroy?: boolean;
  /** Where it is not over the network that hosts are reached. */
  ways?: Ways;
}

/**
 * Looks at every host before a run, by the scripts that the run itself begins with, and at what the state says of them.
 * Changes nothing. Throws when the run could not come to its end.
 */
export async function preflight(
  stack: Stack,
  { json = false, destroy = false, ways }: PreflightOptions = {},
): Promise<void> {
  const { file, site } = readSiteFile(stack);
  const stackFile = readStackFile(stack.root, stack.name);
  const connections = connectionsOf(stack.root, stackFile, process.env);
  const plan = planCluster(site);
  const storages = planStorages(site);
  const steps = planSteps({ cluster: plan, storages }, (host) => connections[host]?.hostKey ?? "");
  const hosts = [...plan.nodes, ...(plan.witness ? [plan.witness] : [])];
  const reports = Promise.all(
    hosts.map(({ name, address }) =>
      lookAt(
        {
          ...{ name, address, connection: connections[name] },
          steps: steps.filter((step) => !destroy && step.host === name && looks(step)),
        },
        (text) => process.stderr.write(`${text}\n`),
        ways,
      ),
    ),
  );
  const state = await exportState(stack, ["--show-secrets"]);
  const resources = state?.deployment.resources ?? [];
  const situation: Situation = {
    ...{ stack: stack.name, file, plan, steps },
    lab: stackFile.lab || Boolean(process.env[STAND_IN_VARIABLE]),
    knownHosts: stackFile.ssh.knownHosts,
    past: readPast(steps, resources),
    reports: await reports,
  };
  if (stackFile.lab) refuseResetLab(situation);
  if (!destroy) report(situation, json);
  await checkToken(stack, resources);
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
