import type { ClusterPlan } from "../../components/cluster/plan";
import type { Finding } from "./findings";

export const SEPARATOR = "--proxmox-ha--";

/** One node's view of what no provider resource describes. */
export interface NodeFacts {
  name: string;
  quorate: boolean;
  /** Votes that it sees now, and those that there are when everything is up. */
  votes: number;
  expectedVotes: number;
  /** Addresses of the members that it sees. */
  members: string[];
  /** Absent where none is set up. */
  qdevice?: { host: string; connected: boolean } | undefined;
  watchdog: { active: boolean; identity: string; configured: string; modules: string[] };
}

/** Reads what `askNode` makes a node print: pvecm(1), corosync-qdevice-tool(8), watchdog-mux and its module. */
export function readNodeFacts(name: string, text: string): NodeFacts {
  const [status = "", tool = "", mux = "", identity = "", defaults = "", modules = ""] = text.split(
    `${SEPARATOR}\n`,
  );
  const host = /^QNetd host:\s*(\S+?)(?::\d+)?$/m.exec(tool)?.[1];
  return {
    name,
    quorate: /^Quorate:\s*Yes/m.test(status),
    votes: numberIn(status, "Total votes"),
    expectedVotes: numberIn(status, "Expected votes"),
    members: [...status.matchAll(/^0x0*[1-9a-f][0-9a-f]* +\d+ +(?:\S*,\S* +)?(\S+)/gm)].map(
      ([, address = ""]) => address,
    ),
    ...(host === undefined
      ? {}
      : { qdevice: { host, connected: /^State:\s*Connected/m.test(tool) } }),
    watchdog: {
      active: mux.trim() === "active",
      identity: identity.trim(),
      configured: /^ *WATCHDOG_MODULE=["']?([^"'\s]+)/m.exec(defaults)?.[1] ?? "softdog",
      modules: modules.split("\n").map((line) => line.split(/\s/)[0] ?? ""),
    },
  };
}

function numberIn(text: string, title: string): number {
  return Number(new RegExp(`^${title}:\\s*(\\d+)`, "m").exec(text)?.[1] ?? 0);
}

/** Where the cluster is not as planned. What every node says is told once. */
export function clusterDrift(plan: ClusterPlan, nodes: NodeFacts[], stack: string): Finding[] {
  const merged = new Map<string, Finding>();
  for (const facts of nodes) {
    for (const { what, remedy } of nodeDrift(plan, facts, stack)) {
      const key = `${what}\n${remedy}`;
      const names = [merged.get(key)?.resource, `node/${facts.name}`].filter(Boolean).join(", ");
      merged.set(key, { kind: "cluster", resource: names, what, remedy });
    }
  }
  return [...merged.values()];
}

type Told = Pick<Finding, "what" | "remedy">;

function nodeDrift(plan: ClusterPlan, facts: NodeFacts, stack: string): Told[] {
  const qdevice = qdeviceDrift(plan, facts, stack);
  return [
    ...membership(plan, facts),
    ...(qdevice.length > 0 ? qdevice : votes(plan, facts)),
    ...watchdogDrift(plan, facts),
  ];
}

function membership({ nodes }: ClusterPlan, facts: NodeFacts): Told[] {
  if (!facts.quorate) {
    const what = `no quorum: ${facts.votes} of ${facts.expectedVotes} votes are seen`;
    return [{ what, remedy: "see docs/runbooks/losing-quorum.md" }];
  }
  const missing = nodes.filter(({ links }) => !links.some((link) => facts.members.includes(link)));
  if (missing.length === 0) return [];
  return [
    {
      what: `${missing.map((node) => node.name).join(", ")} is not seen in the cluster`,
      remedy: "switch it on, or see docs/runbooks/replacing-a-dead-node.md",
    },
  ];
}

function votes(plan: ClusterPlan, { expectedVotes }: NodeFacts): Told[] {
  if (expectedVotes === plan.votes) return [];
  return [
    {
      what: `${expectedVotes} votes are counted when everything is up, and ${plan.votes} are planned`,
      remedy: "compare pvecm status with the nodes in the site file",
    },
  ];
}

function qdeviceDrift(
  { qdevice, witness, name }: ClusterPlan,
  facts: NodeFacts,
  stack: string,
): Told[] {
  if (!qdevice || !witness) {
    if (!facts.qdevice) return [];
    const what = `a QDevice with ${facts.qdevice.host} is set up, and cluster ${name} is described without one`;
    return [{ what, remedy: "name the witness in the site file, or run pvecm qdevice remove" }];
  }
  // The state says that the steps are done; this makes them run once more.
  const again = `pulumi up --stack ${stack} --replace '**::trust-${witness.name}' --replace '**::qdevice'`;
  if (!facts.qdevice) {
    const what = `there is no QDevice, and ${witness.name} is to be the witness`;
    return [{ what, remedy: `set it up again: ${again}` }];
  }
  if (facts.qdevice.host !== witness.address) {
    const what = `the QDevice asks ${facts.qdevice.host}, and the witness is ${witness.name} (${witness.address})`;
    return [{ what, remedy: `set it up again: ${again}` }];
  }
  if (facts.qdevice.connected) return [];
  const what = `the QDevice is not connected to ${witness.name} (${witness.address})`;
  return [{ what, remedy: "see docs/runbooks/losing-the-witness.md" }];
}

function watchdogDrift({ nodes }: ClusterPlan, { name, watchdog }: NodeFacts): Told[] {
  const planned = nodes.find((node) => node.name === name)?.watchdog ?? "softdog";
  const { active, identity, configured, modules } = watchdog;
  const loaded = (module: string): boolean => modules.includes(module.replaceAll("-", "_"));
  const remedy =
    "look there at systemctl status watchdog-mux; the module in /etc/default/pve-ha-manager is taken at the next boot";
  if (!active)
    return [{ what: "watchdog-mux does not run: nothing resets the node when it hangs", remedy }];
  if (configured !== planned) {
    return [{ what: `the watchdog is set to ${configured}, and described as ${planned}`, remedy }];
  }
  // A machine's own that the kernel has loaded by itself does as well as softdog.
  const works = planned === "softdog" ? identity !== "" : loaded(planned) && !loaded("softdog");
  if (works) return [];
  return [
    {
      what: `the watchdog ${planned} is not in use${identity === "" ? "" : `, but ${identity}`}`,
      remedy,
    },
  ];
}
