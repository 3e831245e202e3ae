import { NotKnown, need, some } from "./known";
import type { NodeFacts, SiteFacts } from "./site";

/** Levels of x86-64, each with all of those before it (qemu-server's built-in models). */
export const LEVELS = ["x86-64-v2", "x86-64-v2-AES", "x86-64-v3", "x86-64-v4"];

/** Up to here every CPU is taken to have a level unless somebody says otherwise: Proxmox VE gives it to new VMs. */
const USUAL = LEVELS.indexOf("x86-64-v2-AES");

/** CPU types that hand on what the node happens to have. */
const HOST_TYPES = ["host", "max"];

/** CPU types that every node runs. */
const EVERYWHERE = ["kvm32", "kvm64", "qemu32", "qemu64"];

/** What a VM asks of a CPU, and the nodes that it may run on. */
export interface CpuDemand {
  guest: string;
  type: string;
  cores: number;
  nodes: NodeFacts[];
  /** All of these nodes have the same CPU. */
  alike: boolean;
}

/** Nodes of all clusters by name. Throws `NotKnown`. */
export function nodesByName(facts: SiteFacts): Map<string, NodeFacts> {
  const nodes = facts.clusters.flatMap((cluster) => need(cluster.nodes, "the cluster's nodes are"));
  return new Map(nodes.map((node) => [node.name, node]));
}

/** What keeps the VM from running on each of its nodes, and what to do about it. Throws `NotKnown`. */
export function whyNotOnEach(
  demand: CpuDemand,
  levelOf: (node: NodeFacts) => string | undefined,
): string[] {
  const { guest, cores, nodes, alike } = demand;
  const tooFew = nodes.flatMap(({ name, ...node }) => {
    const cpus = need(node.cpus, `the CPU of ${name} is`);
    if (cpus === undefined || cores <= cpus) return [];
    return [`${name} has ${cpus} CPUs and starts no guest with ${cores}: guests.${guest}.cores.`];
  });
  const others = alike || nodes.length < 2 ? [] : betweenVendors(demand);
  return [...tooFew, ...tooHigh(demand, levelOf), ...others];
}

function tooHigh(
  { guest, type, nodes, alike }: CpuDemand,
  levelOf: (node: NodeFacts) => string | undefined,
): string[] {
  const names = nodes.map(({ name }) => name);
  const several = !alike && nodes.length > 1;
  const choose = `Choose a level that all have, as x86-64-v2-AES: guests.${guest}.cpu.`;
  if (HOST_TYPES.includes(type))
    return several ? [`type ${type} is another CPU on each of ${some(names)}. ${choose}`] : [];
  if (EVERYWHERE.includes(type)) return [];
  const wanted = LEVELS.indexOf(type);
  if (wanted < 0)
    return several ? [`nothing says that ${some(names)} all have a CPU ${type}. ${choose}`] : [];
  const untold = nodes.filter((node) => levelOf(node) === undefined).map(({ name }) => name);
  if (several && wanted > USUAL && untold.length > 0)
    throw new NotKnown(
      `nodes.${untold.join(".cpuLevel and nodes.")}.cpuLevel ${untold.length > 1 ? "are" : "is"}`,
    );
  return nodes.flatMap((node) => {
    const level = levelOf(node);
    if (level === undefined || LEVELS.indexOf(level) >= wanted) return [];
    return [`${node.name} has ${level} and starts no guest with ${type}. ${choose}`];
  });
}

/** Even with a level that both have, a VM that runs is not moved between vendors (Administration Guide, CPU Type). */
function betweenVendors({ guest, nodes }: CpuDemand): string[] {
  const told = nodes.flatMap(({ name, cpuVendor }) => {
    const vendor = need(cpuVendor, `the vendor of ${name} is`);
    return vendor === undefined ? [] : [{ name, vendor }];
  });
  const [first] = told;
  const other = told.find(({ vendor }) => vendor !== first?.vendor);
  if (!first || !other) return [];
  return [
    `${first.name} has a CPU of ${first.vendor} and ${other.name} one of ${other.vendor}, between which no running VM ` +
      `moves safely. Let it run on nodes of one vendor: guests.${guest}.ha.nodes with strict.`,
  ];
}
