import { resolve } from "../node/ports";
import { addMissing, freshFileSystem } from "../pmxcfs/database";
import type { Site } from "../site";
import { createAuthority, issueCertificate } from "../state/pki";
import type { HostState, MachineState, NodeState, Pmxcfs } from "../state/types";

/** What makes nodes out of machines. */
export class Nodes {
  private readonly listeners: ((host: string) => void)[] = [];

  constructor(private readonly site: Site) {}

  /** Calls back when a machine has become a node. */
  onMade(listener: (host: string) => void): void {
    this.listeners.push(listener);
  }

  /** Gives a machine on which pve-cluster is installed a cluster file system of its own, and an API certificate. */
  async make(host: HostState): Promise<void> {
    const { state, clock, store } = this.site;
    if (host.node || !host.machine) return;
    const config = await newPmxcfs(host.machine, clock.now());
    state.pmxcfs[config.id] = config;
    state.authorities.push(config.ca.certificate);
    host.node = await newNode(host, host.machine, config, clock.now());
    addMissing(state);
    store.touch();
    for (const listener of this.listeners) listener(host.name);
  }

  /** pmxcfs starts only where the node's name stands for an address that others can reach (pmxcfs.c). */
  canMount(host: HostState): boolean {
    return host.node !== undefined && mountProblem(host) === undefined;
  }
}

/** Whether `/etc/pve` is there. */
export const isMounted = (host: HostState): boolean =>
  host.node !== undefined && host.services.includes("pve-cluster");

/** Why pmxcfs does not start, in its words. */
export function mountProblem(host: HostState): string | undefined {
  const address = resolve(host, host.name);
  if (address !== undefined && !/^127\.|^::1$/.test(address)) return undefined;
  return `Unable to resolve node name '${host.name}' to a non-loopback IP address - missing entry in '/etc/hosts' or DNS?`;
}

export async function newPmxcfs(
  { password }: Pick<MachineState, "password">,
  now: number,
): Promise<Pmxcfs> {
  return freshFileSystem(await createAuthority(now), password);
}

export async function newNode(
  host: { name: string; address: string },
  { apiPort, cpus, cpuModel, memory, rootDisk }: MachineState,
  config: Pmxcfs,
  now: number,
): Promise<NodeState> {
  return {
    apiPort,
    cpus,
    cpuModel,
    memory,
    rootDisk,
    pmxcfs: config.id,
    certificate: await issueCertificate(config.ca, host, now),
    volumes: {},
    tasks: [],
    running: {},
  };
}
