import { type ClusterPlan, planCluster } from "../../components/cluster/plan";
import { looks, planSteps, type Step } from "../../components/cluster/steps";
import { planStorages } from "../../components/storage/plan";
import { connectionsOf } from "../../toolchain/launcher/connections";
import { readStackFile, type StackFile } from "../../toolchain/launcher/stackFile";
import { readSiteFile } from "../installer/siteFile";
import type { Stack } from "../stack";
import { type HostReport, lookAt, type Ways } from "./host";

/** A site and its hosts as they are now. */
export interface Seen {
  /** As messages call the site's file. */
  file: string;
  stackFile: StackFile;
  plan: ClusterPlan;
  steps: Step[];
  reports: HostReport[];
}

export interface LookOptions {
  /** Before pulumi destroy: nothing is done to the hosts, so no script of theirs is run. */
  destroy?: boolean;
  ways?: Ways;
}

/** Looks at all hosts at once. Rejects only where the site file is wrong or nobody knows how to reach its hosts. */
export async function lookAtSite(
  stack: Stack,
  { destroy = false, ways }: LookOptions = {},
): Promise<Seen> {
  const { file, site } = readSiteFile(stack);
  const stackFile = readStackFile(stack.root, stack.name);
  const connections = connectionsOf(stack.root, stackFile, process.env);
  const plan = planCluster(site);
  const storages = planStorages(site, new Date().toISOString().slice(0, 10));
  const steps = planSteps({ cluster: plan, storages }, (host) => connections[host]?.hostKey ?? "");
  const hosts = [...plan.nodes, ...(plan.witness ? [plan.witness] : [])];
  const reports = hosts.map(({ name, address }) => {
    const looking = steps.filter((step) => !destroy && step.host === name && looks(step));
    const target = { name, address, connection: connections[name], steps: looking };
    return lookAt(target, (text) => process.stderr.write(`${text}\n`), ways);
  });
  return { file, stackFile, plan, steps, reports: await Promise.all(reports) };
}
