import { GUEST_BRIDGE } from "../network/names";
import type { StoragePlan } from "../storage/plan";
import { nodeSteps } from "./nodeSteps";
import { type ClusterPlan, founder, type PlannedHost, type PlannedNode } from "./plan";
import { takeover } from "./takeover";

/** One script on one host. The program makes a resource of each; a preflight runs those that only look. */
export interface Step {
  /** Unique in the site, as in `join-pve02`. */
  name: string;
  host: string;
  /** `<domain>/<file>` below `components`. */
  script: string;
  /** Files of functions that the script uses, as in `cluster/parts/ha`. */
  parts?: string[];
  variables: Record<string, string>;
  /** Variables that hold what other steps have printed, by the names of these. */
  printed?: Record<string, string[]>;
  /** Steps that must be done before. */
  after: string[];
  /** Its host may be booting, and is waited for. */
  patient?: boolean;
  /** It is undone when it is described no more. */
  removes?: boolean;
}

export interface StepsPlan {
  cluster: ClusterPlan;
  storages: StoragePlan[];
}

/** The step that prints what signs the certificates of the cluster's API. */
export const AUTHORITY = "authority";

type KeyOf = (host: string) => string;

/**
 * Everything that is done over SSH until there is the described cluster, in an order in which it can be done. The same
 * whatever state the hosts are in: each script finds out for itself what is left to do.
 */
export function planSteps(plan: StepsPlan, hostKey: KeyOf): Step[] {
  const { cluster } = plan;
  return [
    ...checks(cluster),
    ...takeover(cluster, each(allHosts(cluster), "check")),
    ...nodeSteps(plan),
    ...trust(cluster, hostKey),
    ...membership(cluster),
    ...qdevice(cluster, hostKey),
  ];
}

/** Scripts that change nothing on their host. A preflight runs them before anything is done on any. */
const LOOKING = ["cluster/check", "cluster/checkWitness", "storage/exports"];

export function looks({ script }: Pick<Step, "script">): boolean {
  return LOOKING.includes(script);
}

/** Names of the steps after which the cluster can be used. */
export function lastSteps(steps: Step[]): string[] {
  const needed = new Set(steps.flatMap(({ after }) => after));
  return steps.map(({ name }) => name).filter((name) => !needed.has(name));
}

function allHosts({ nodes, witness }: ClusterPlan): PlannedHost[] {
  return [...nodes, ...(witness ? [witness] : [])];
}

const each = (hosts: PlannedHost[], step: string): string[] =>
  hosts.map(({ name }) => `${step}-${name}`);

/** Every host is judged before anything is changed on any. */
function checks(cluster: ClusterPlan): Step[] {
  const { name, release, nodes, witness } = cluster;
  const known = {
    CLUSTER: name,
    RELEASE: String(release),
    FOUNDER: founder(cluster).name,
    NODES: nodes.map((node) => `${node.name}=${linksNow(node).join(",")}`).join(" "),
    WITNESS_ADDRESS: cluster.qdevice && witness ? witness.address : "",
    BRIDGE: GUEST_BRIDGE,
  };
  const parts = ["bare", "looks", "machine", "network"].map((part) => `cluster/parts/${part}`);
  const judged = nodes.map((node): Step => {
    const { name, address, memory, cpus } = node;
    const LINKS = linksNow(node).join(" ");
    const own = { ADDRESS: address, LINKS, MEMORY: `${memory}`, CPUS: `${cpus}` };
    return { ...step("check", name, "cluster/check", { ...known, ...own }, []), parts };
  });
  if (!witness) return judged;
  const asked = { ADDRESS: witness.address, QDEVICE: cluster.qdevice ? "yes" : "no" };
  const last = step("check", witness.name, "cluster/checkWitness", asked, []);
  return [...judged, { ...last, parts: ["cluster/parts/looks"] }];
}

/** Without those whose interfaces are yet to be made. */
function linksNow({ links, interfaces }: PlannedNode): string[] {
  const made = interfaces.map(({ address }) => address?.split("/")[0]);
  return links.filter((link) => !made.includes(link));
}

/**
 * Keys of all nodes first, then every host learns them, and then every node tries the others: joining and the QDevice
 * ask nothing. At the witness only the founder has something to do.
 */
function trust(cluster: ClusterPlan, hostKey: KeyOf): Step[] {
  const { nodes, witness } = cluster;
  const keys = each(nodes, "key");
  const pinned = { KNOWN_HOSTS: knownHosts(cluster, hostKey) };
  const node = { ...pinned, WITNESS_OF: "", NODES: "", KEEP_KEY: "" };
  const trusting = nodes.map(({ name }): Step => {
    const trusted = step("trust", name, "cluster/trust", node, keys);
    return { ...trusted, printed: { AUTHORIZED_KEYS: keys } };
  });
  if (witness) {
    const variables = {
      ...pinned,
      WITNESS_OF: cluster.name,
      NODES: cluster.qdevice ? String(nodes.length) : "0",
      KEEP_KEY: yesNo(cluster.qdevice && cluster.keepWitnessKey),
    };
    const trusted = step("trust", witness.name, "cluster/trust", variables, keys);
    const [first = ""] = keys;
    trusting.push({ ...trusted, printed: { AUTHORIZED_KEYS: [first] } });
  }
  const trusted = each(nodes, "trust");
  return [
    ...nodes.map(({ name }) => step("key", name, "cluster/key", {}, each(nodes, "install"))),
    ...trusting,
    ...nodes.map(({ name }) => {
      const peers = nodes.filter((other) => other.name !== name);
      const PEERS = peers.map(({ name, address }) => `${name}=${address}`).join(" ");
      return step("logins", name, "cluster/logins", { PEERS }, trusted);
    }),
  ];
}

const yesNo = (value: boolean): string => (value ? "yes" : "no");

/** A line each, as in `known_hosts`. */
function knownHosts(cluster: ClusterPlan, hostKey: KeyOf): string {
  const hosts = allHosts(cluster);
  return hosts.map(({ name, address }) => `${address},${name} ${hostKey(name)}`).join("\n");
}

/** The founder, then one node after the other. */
function membership(cluster: ClusterPlan): Step[] {
  const first = founder(cluster);
  const found: Step = {
    name: "found",
    host: first.name,
    script: "cluster/found",
    variables: { CLUSTER: cluster.name, LINKS: first.links.join(" ") },
    after: [
      ...each(allHosts(cluster), "trust"),
      ...["logins", "bridge", "exports"].flatMap((step) => each(cluster.nodes, step)),
    ],
  };
  const authority: Step = {
    name: AUTHORITY,
    host: first.name,
    script: "cluster/authority",
    variables: {},
    after: [found.name],
  };
  const joins = cluster.nodes.slice(1).map((node, index, joiners) => {
    const before = joiners[index - 1];
    return join(cluster, first, node, before ? `join-${before.name}` : found.name);
  });
  return [found, authority, ...joins];
}

function join(cluster: ClusterPlan, member: PlannedNode, node: PlannedNode, before: string): Step {
  const variables = {
    CLUSTER: cluster.name,
    ADDRESS: node.address,
    LINKS: node.links.join(" "),
    MEMBER: member.name,
    MEMBER_ADDRESS: member.address,
    WITNESS_ADDRESS: cluster.qdevice && cluster.witness ? cluster.witness.address : "",
  };
  const parts = ["ha", "qdevice", "join"].map((part) => `cluster/parts/${part}`);
  return { ...step("join", node.name, "cluster/join", variables, [before]), parts };
}

/** A machine that was installed anew has another host key, and lets the QDevice's step look again. */
function qdevice(cluster: ClusterPlan, hostKey: KeyOf): Step[] {
  if (!cluster.qdevice) return [];
  const { nodes, witness, votes, keepWitnessKey } = cluster;
  if (!witness) throw new Error("a QDevice needs a witness");
  const last = nodes.at(-1) ?? founder(cluster);
  return [
    {
      name: "qnetd",
      host: witness.name,
      script: "cluster/qnetd",
      variables: {},
      after: each(allHosts(cluster), "trust"),
    },
    {
      name: "qdevice",
      host: founder(cluster).name,
      script: "cluster/qdevice",
      parts: ["cluster/parts/ha", "cluster/parts/qdevice"],
      variables: {
        WITNESS_ADDRESS: witness.address,
        NODES: String(nodes.length),
        NODE_ADDRESSES: nodes.map((node) => node.address).join(" "),
        EXPECTED_VOTES: String(votes),
        KEEP_KEY: yesNo(keepWitnessKey),
        MACHINES: knownHosts(cluster, hostKey),
      },
      after: [nodes.length > 1 ? `join-${last.name}` : "found", "qnetd"],
    },
  ];
}

function step(
  what: string,
  host: string,
  script: string,
  variables: Record<string, string>,
  after: string[],
): Step {
  return { name: `${what}-${host}`, host, script, variables, after };
}
