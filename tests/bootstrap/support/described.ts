import type { ClusterPlan } from "../../../components/cluster/plan";
import type { Lab } from "./bootstrap";

/** What is missing until the site is as it is described. */
export function missing(lab: Lab, cluster: ClusterPlan): string[] {
  const { site, state } = lab;
  const problems: string[] = [];
  const want = (what: string, found: unknown, wanted: unknown): void => {
    const [is, should] = [JSON.stringify(found), JSON.stringify(wanted)];
    if (is !== should) problems.push(`${what}: ${is} instead of ${should}`);
  };
  const names = cluster.nodes.map(({ name }) => name).sort();
  for (const { name, address } of cluster.nodes) {
    const host = state.hosts[name];
    if (!host?.node || !host.power) {
      problems.push(`${name} is no node that runs`);
      continue;
    }
    const { corosync } = site.pmxcfs(name);
    want(`${name}: cluster`, corosync?.clusterName, cluster.name);
    want(`${name}: members`, corosync?.nodes.map((node) => node.name).sort(), names);
    want(`${name}: address`, corosync?.nodes.find((node) => node.name === name)?.address, address);
    const { quorate, total, expected } = site.quorum.votes(name);
    want(`${name}: votes`, [quorate, total, expected], [true, cluster.votes, cluster.votes]);
    want(
      `${name}: witness`,
      corosync?.qdevice?.host,
      cluster.qdevice ? cluster.witness?.address : undefined,
    );
    if (cluster.qdevice) want(`${name}: QDevice`, site.quorum.deviceConnected(name), true);
  }
  return problems;
}

/** Everything that a bootstrap may write, as text. */
export function written(lab: Lab): string {
  const { hosts, pmxcfs } = lab.state;
  const clusters = Object.values(pmxcfs).map(({ ha, ...rest }) => ({ ...rest, ha: ha.resources }));
  const files = Object.values(hosts).map(({ name, files, packages, units }) => ({
    name,
    files,
    packages,
    units,
  }));
  return JSON.stringify([files, clusters]);
}
