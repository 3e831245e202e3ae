import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { stackName } from "./arguments";
import { LauncherError } from "./errors";

/** What the launcher takes from `Pulumi.<stack>.yaml`. The program checks the file as a whole, later and strictly. */
export interface StackFile {
  /** The stack runs on this clone's lab. */
  lab: boolean;
  clusterName: string;
  /** Major release of Proxmox VE. */
  release?: number;
  /** The node that creates the cluster. */
  founder: string;
  /** In the order of the file: the first is asked first. */
  nodes: Host[];
  /** Hosts that are no nodes: NAS and witness. */
  hosts: Host[];
  ssh: { user: string; keyFile?: string; knownHosts: string };
}

export interface Host {
  name: string;
  address: string;
}

const PREFIX = "proxmox-ha:";

export function readStackFile(root: string, stack: string): StackFile {
  const name = stackName(stack);
  const file = stackFileName(stack);
  if (!hasStackFile(root, stack)) {
    throw new LauncherError(`There is no ${file}, so the hosts of stack ${name} are unknown.`);
  }
  const text = readFileSync(join(root, file), "utf8");
  const config = configOf(text, file);
  const site = mapping(config[`${PREFIX}site`]);
  const cluster = mapping(site.cluster);
  const ssh = mapping(config[`${PREFIX}ssh`]);
  const expand = (path: string): string => resolve(root, path.replace(/^~(?=\/)/, homedir()));
  return {
    // Pulumi writes `true` as a text when it rewrites the file.
    lab: String(config[`${PREFIX}lab`]) === "true",
    clusterName: String(cluster.name ?? ""),
    ...(typeof cluster.release === "number" ? { release: cluster.release } : {}),
    founder: String(cluster.founder ?? ""),
    nodes: hostsOf(site.nodes),
    hosts: hostsOf(site.hosts),
    ssh: {
      user: typeof ssh.user === "string" ? ssh.user : "root",
      ...(typeof ssh.keyFile === "string" ? { keyFile: expand(ssh.keyFile) } : {}),
      knownHosts: expand(
        typeof ssh.knownHosts === "string" ? ssh.knownHosts : "~/.ssh/known_hosts",
      ),
    },
  };
}

/** A stack that is not described here may still be listed or removed. */
export function hasStackFile(root: string, stack: string): boolean {
  return existsSync(join(root, stackFileName(stack)));
}

export function stackFileName(stack: string): string {
  return `Pulumi.${stackName(stack)}.yaml`;
}

function configOf(text: string, file: string): Record<string, unknown> {
  try {
    return mapping(mapping(parse(text)).config);
  } catch (error) {
    throw new LauncherError(
      `${file} is not valid YAML: ${(error as Error).message.split("\n")[0]}`,
    );
  }
}

function hostsOf(section: unknown): Host[] {
  return Object.entries(mapping(section)).map(([name, entry]) => ({
    name,
    address: String(mapping(entry).address ?? ""),
  }));
}

function mapping(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
