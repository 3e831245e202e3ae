import { routerOf } from "../network/router";
import { hashPassword } from "../access/passwords";
import { APPLIED, installedInterfaces } from "../network/files";
import { KERNELS, type Release } from "../api/version";
import { debianFiles } from "../node/release";
import { installedSources } from "../node/standardRepositories";
import { hostsOf, type Layout, NAS_EXPORTS, type ReferenceHost, USUAL_LAYOUT } from "../reference";
import { placeConffiles } from "../system/conffiles";
import { bareFiles, debianSources, GRUB_DEFAULTS } from "../system/installedDebian";
import { debianKeyring, proxmoxKeyring } from "../system/keyrings";
import { runningKernel } from "../system/kernels";
import { newNode, newPmxcfs } from "../system/nodes";
import { INSTALLED_DEBIAN, INSTALLED_NAS, installedProxmox } from "../system/packageTable";
import { defaultServices } from "../system/unitTable";
import { newSshKey } from "./sshKey";
import type { FileState, HostState, LabState, MachineState } from "./types";

export interface Installation {
  /** Password of root on every host. */
  password: string;
  /** Public key that root accepts on every host. */
  authorizedKey: string;
  /** A free port for each call. */
  nextPort: () => Promise<number>;
  now: number;
  /** Of Proxmox VE on the nodes; 9 unless it says otherwise. */
  release?: Release;
  /** Which hosts there are, and which of them have Proxmox VE. */
  layout?: Layout;
}

type Kind = "proxmox" | "bare" | "nas";

/** Hosts as their installers leave them: Proxmox VE nodes in no cluster, bare Debian, and a NAS that exports its directories. */
export async function freshState(installation: Installation): Promise<LabState> {
  const state: LabState = {
    format: 1,
    hosts: {},
    authorities: [],
    pmxcfs: {},
    exports: {},
  };
  for (const reference of hostsOf(installation.layout ?? USUAL_LAYOUT)) {
    await installInto(state, reference, installation);
  }
  return state;
}

/** Puts one host in its place, as its installer leaves it. */
export async function installInto(
  state: LabState,
  reference: ReferenceHost,
  installation: Installation,
): Promise<void> {
  const host = await installHost(reference, installation);
  state.hosts[host.name] = host;
  if (reference.role === "witness") {
    for (const path of NAS_EXPORTS) state.exports[`${host.address}:${path}`] = [];
    return;
  }
  const machine = await newMachine(reference, installation);
  host.machine = machine;
  if (reference.bare) return;
  const config = await newPmxcfs(machine, installation.now);
  state.pmxcfs[config.id] = config;
  state.authorities.push(config.ca.certificate);
  host.node = await newNode(reference, machine, config, installation.now);
}

async function installHost(
  reference: ReferenceHost,
  { authorizedKey, nextPort, now, release = 9 }: Installation,
): Promise<HostState> {
  const { name, address, role } = reference;
  const kind: Kind = role === "witness" ? "nas" : reference.bare ? "bare" : "proxmox";
  const packages = {
    proxmox: installedProxmox(release),
    bare: [...INSTALLED_DEBIAN],
    nas: [...INSTALLED_NAS],
  }[kind];
  const host: HostState = {
    name,
    address,
    role,
    ...(kind === "proxmox" && release !== 9 ? { release } : {}),
    power: true,
    bootedAt: now,
    sshPort: await nextPort(),
    sshHostKey: await newSshKey(`root@${name}`),
    packages,
    services: defaultServices(packages),
    units: {},
    ...(kind === "proxmox" ? { kernel: KERNELS[release] } : {}),
    // A Debian that was just installed is not quite of today.
    ...(kind === "bare" ? { dpkg: { versions: { "base-files": "13.8+deb13u1" } } } : {}),
    files: installedFiles(kind, reference, { authorizedKey, release }),
  };
  host.kernel ??= runningKernel(host);
  for (const one of packages) placeConffiles(host, one, "new");
  return host;
}

async function newMachine(
  { cpus = 1, cpuModel = "QEMU", memory = 0, rootDisk = 0 }: ReferenceHost,
  { nextPort, password }: Installation,
): Promise<MachineState> {
  return {
    apiPort: await nextPort(),
    cpus,
    cpuModel,
    memory,
    rootDisk,
    password: hashPassword(password),
  };
}

function installedFiles(
  kind: Kind,
  { name, address }: ReferenceHost,
  { authorizedKey, release }: { authorizedKey: string; release: Release },
): Record<string, FileState> {
  const file = (content: string, mode = 0o644): FileState => ({ content, mode });
  return {
    "/etc/hostname": file(`${name}\n`),
    "/etc/hosts": file(
      `127.0.0.1 localhost.localdomain localhost\n${address} ${name}.lan ${name}\n`,
    ),
    ...debianFiles(kind === "proxmox" ? release : 9),
    ...debianKeyring(),
    ...GRUB_DEFAULTS,
    "/etc/ssh/sshd_config": file("Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin yes\n"),
    "/root/.ssh/authorized_keys": file(`${authorizedKey.trim()}\n`, 0o600),
    ...(kind === "bare" ? bareFiles(name, address) : {}),
    ...(kind === "nas" ? debianSources() : {}),
    ...(kind === "proxmox" ? installedNodeFiles(address, release) : {}),
  };
}

function installedNodeFiles(address: string, release: Release): Record<string, FileState> {
  const router = routerOf(address);
  return {
    [APPLIED]: { content: installedInterfaces(address), mode: 0o644 },
    "/etc/resolv.conf": { content: `search lan\nnameserver ${router}\n`, mode: 0o644 },
    "/etc/timezone": { content: "Etc/UTC\n", mode: 0o644 },
    ...installedSources(release),
    ...proxmoxKeyring(release),
  };
}
