import { releaseOf } from "./api/version";
import type { Site } from "./site";
import { installInto } from "./state/initial";

export interface Replacement {
  /** Debian without Proxmox VE. */
  bare: boolean;
  /** Password of root. */
  password: string;
  /** Public key that root accepts. */
  authorizedKey: string;
}

const NO_NODE = { apiPort: 0, cpus: 1, cpuModel: "QEMU", memory: 0, rootDisk: 0 };

/**
 * Puts another machine in the place of one that is off: name, address, ports and hardware are the same, its disks are
 * empty but for a fresh installation, and its SSH host key is its own. It is off as well. A NAS has the exports of the
 * old one, with all that was in them.
 */
export async function replaceMachine(
  site: Site,
  name: string,
  { bare, password, authorizedKey }: Replacement,
): Promise<void> {
  const { state } = site;
  const old = site.host(name);
  const { machine, node, address, role, linkMbit, traits, sshPort } = old;
  if (role === "node" && !machine)
    throw new Error(`${name} was made by a version that cannot replace it`);
  const { apiPort, cpus, cpuModel, memory, rootDisk } = machine ?? NO_NODE;
  const ports = [sshPort, apiPort];
  const exports = { ...state.exports };
  await installInto(
    state,
    { name, address, role, bare, cpus, cpuModel, memory, rootDisk },
    {
      ...{ password, authorizedKey, now: site.clock.now(), release: releaseOf(old) },
      nextPort: () => Promise.resolve(ports.shift() ?? 0),
    },
  );
  state.exports = exports;
  const host = site.host(name);
  host.power = false;
  if (linkMbit !== undefined) host.linkMbit = linkMbit;
  if (traits) host.traits = traits;
  const others = Object.values(state.hosts).map((other) => other.node?.pmxcfs);
  if (node && !others.includes(node.pmxcfs)) delete state.pmxcfs[node.pmxcfs];
  delete state.fullDisks?.[name];
  delete state.apiFaults?.[name];
  site.store.touch();
}
