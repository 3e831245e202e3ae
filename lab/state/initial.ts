import { randomBytes, randomUUID } from "node:crypto";
import { hashPassword } from "../access/passwords";
import { APPLIED, installedInterfaces } from "../network/files";
import type { Release } from "../api/version";
import { debianFiles } from "../node/release";
import { installedSources } from "../node/standardRepositories";
import { NAS_EXPORTS, REFERENCE_HOSTS, type ReferenceHost } from "../reference";
import { INSTALLED_STORAGES } from "../storage/types";
import { createAuthority, issueCertificate } from "./pki";
import { newSshKey } from "./sshKey";
import type { FileState, HostState, LabState, NodeState, Pmxcfs } from "./types";

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
}

/** Hosts as their installers leave them: Proxmox VE nodes in no cluster, and a NAS that exports its directories. */
export async function freshState(installation: Installation): Promise<LabState> {
  const state: LabState = {
    format: 1,
    hosts: {},
    authorities: [],
    pmxcfs: {},
    exports: {},
  };
  for (const reference of REFERENCE_HOSTS) {
    const host = await installHost(reference, installation);
    state.hosts[host.name] = host;
    if (reference.role === "witness") {
      for (const path of NAS_EXPORTS) state.exports[`${host.address}:${path}`] = [];
      continue;
    }
    const config = await newPmxcfs(installation);
    state.pmxcfs[config.id] = config;
    state.authorities.push(config.ca.certificate);
    host.node = await installNode(reference, config, installation);
  }
  return state;
}

async function installHost(
  reference: ReferenceHost,
  { authorizedKey, nextPort, now, release = 9 }: Installation,
): Promise<HostState> {
  const { name, address, role } = reference;
  const node = role === "node";
  return {
    name,
    address,
    role,
    ...(node && release !== 9 ? { release } : {}),
    power: true,
    bootedAt: now,
    sshPort: await nextPort(),
    sshHostKey: await newSshKey(`root@${name}`),
    packages: node
      ? ["proxmox-ve", "pve-manager", "openssh-server"]
      : ["nfs-kernel-server", "openssh-server"],
    services: node ? ["pve-cluster", "pveproxy", "pvedaemon", "ssh"] : ["nfs-server", "ssh"],
    files: {
      ...installedFiles(name, address, authorizedKey),
      ...(node ? installedNodeFiles(address, release) : {}),
    },
  };
}

async function installNode(
  reference: ReferenceHost,
  config: Pmxcfs,
  { nextPort, now }: Installation,
): Promise<NodeState> {
  const { cpus = 1, cpuModel = "QEMU", memory = 0, rootDisk = 0 } = reference;
  return {
    apiPort: await nextPort(),
    cpus,
    cpuModel,
    memory,
    rootDisk,
    pmxcfs: config.id,
    certificate: await issueCertificate(config.ca, reference, now),
    volumes: {},
    tasks: [],
    running: {},
  };
}

async function newPmxcfs({ password, now }: Installation): Promise<Pmxcfs> {
  return {
    id: randomUUID(),
    version: 1,
    ca: await createAuthority(now),
    ticketSecret: randomBytes(32).toString("hex"),
    authorizedKeys: "",
    knownHosts: "",
    users: {
      "root@pam": { enable: true, expire: 0, tokens: {}, password: hashPassword(password) },
    },
    roles: {},
    acl: [],
    storages: structuredClone(INSTALLED_STORAGES),
    guests: {},
    ha: { resources: {}, rules: {} },
    jobs: {},
  };
}

function installedNodeFiles(address: string, release: Release): Record<string, FileState> {
  const router = address.replace(/\d+$/, "1");
  return {
    [APPLIED]: { content: installedInterfaces(address), mode: 0o644 },
    "/etc/resolv.conf": { content: `search lan\nnameserver ${router}\n`, mode: 0o644 },
    "/etc/timezone": { content: "Etc/UTC\n", mode: 0o644 },
    ...installedSources(release),
    ...debianFiles(release),
  };
}

function installedFiles(name: string, address: string, key: string): Record<string, FileState> {
  const file = (content: string, mode = 0o644): FileState => ({ content, mode });
  return {
    "/etc/hostname": file(`${name}\n`),
    "/etc/hosts": file(
      `127.0.0.1 localhost.localdomain localhost\n${address} ${name}.lan ${name}\n`,
    ),
    ...debianFiles(9),
    "/etc/ssh/sshd_config": file("Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin yes\n"),
    "/root/.ssh/authorized_keys": file(`${key.trim()}\n`, 0o600),
  };
}
