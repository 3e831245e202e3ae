import type { Site } from "../schema";

export interface SystemPlan {
  nodes: NodeSystem[];
  /** Scripts that bring hosts to what is described. */
  steps: SystemStep[];
}

/** What the provider sets on a node; what is left out is left as it is. */
export interface NodeSystem {
  name: string;
  timeZone?: string;
  dns?: { servers: string[]; domain: string };
  notes?: string;
}

export interface SystemStep {
  /** Unique in the site, as in `clock-nas`. */
  name: string;
  host: string;
  /** `<domain>/<file>` below `components`. */
  script: string;
  variables: Record<string, string>;
}

export function planSystem(site: Site): SystemPlan {
  const { timeZone, dns } = site.system;
  return {
    nodes: Object.entries(site.nodes)
      .map(([name, { notes }]) => ({
        name,
        ...(timeZone === undefined ? {} : { timeZone }),
        // The order of servers is that in which they are asked.
        ...(dns === undefined ? {} : { dns }),
        ...(notes === undefined ? {} : { notes }),
      }))
      .filter((node) => Object.keys(node).length > 1)
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    steps: [...clocks(site), ...names(site), ...repositories(site)],
  };
}

export function isEmpty({ nodes, steps }: SystemPlan): boolean {
  return nodes.length + steps.length === 0;
}

/** The same servers everywhere: the QDevice's vote and corosync's logs are read beside each other. */
function clocks({ system, nodes, hosts, cluster, network }: Site): SystemStep[] {
  const { timeServers, timeZone } = system;
  const witness = cluster.witness;
  const witnessAddress = witness === undefined ? undefined : hosts[witness]?.address;
  const servers = (timeServers ?? []).map((server) => hosts[server]?.address ?? server).sort();
  const clock = (host: string, address: string | undefined, zone: string): SystemStep => {
    const serves = address !== undefined && servers.includes(address);
    return {
      name: `clock-${host}`,
      host,
      script: "system/clock",
      variables: {
        TIME_ZONE: zone,
        MANAGED: timeServers === undefined ? "no" : "yes",
        SERVERS: servers.filter((server) => server !== address).join("\n"),
        CLIENTS: serves ? network.cidr : "",
      },
    };
  };
  const ofNodes =
    timeServers === undefined
      ? []
      : // The provider sets a node's time zone.
        Object.entries(nodes).map(([name, { address }]) => clock(name, address, ""));
  const asked = timeServers !== undefined || timeZone !== undefined;
  const ofWitness =
    witness === undefined || !asked ? [] : [clock(witness, witnessAddress, timeZone ?? "")];
  return [...ofNodes, ...ofWitness];
}

/** `192.168.18.200 nas`, a line each, sorted. */
function names({ system, nodes, hosts }: Site): SystemStep[] {
  if (system.hosts === undefined) return [];
  const lines = [
    ...Object.entries({ ...nodes, ...hosts }).map(([name, { address }]) => `${address} ${name}`),
    ...Object.entries(system.hosts).map(([name, address]) => `${address} ${name}`),
  ];
  const variables = { HOSTS: lines.sort().join("\n") };
  return Object.keys(nodes).map((host) => ({
    name: `names-${host}`,
    host,
    script: "system/names",
    variables,
  }));
}

function repositories({ system, nodes, cluster }: Site): SystemStep[] {
  if (!system.repositories) return [];
  return Object.keys(nodes).map((host) => ({
    name: `repositories-${host}`,
    host,
    script: "system/repositories",
    variables: { PACKAGES: cluster.packages },
  }));
}
