import { createHmac } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { LauncherError } from "./errors";
import type { Host, StackFile } from "./stackFile";

/** How to reach a host from here. The program reads the same shape (`components/connections.ts`). */
export interface Connection {
  host: string;
  port: number;
  user: string;
  keyFile?: string;
  hostKey: string;
  /** Nodes only: where their API and web interface answer. */
  web?: string;
}

/** Names a lab's folder: its hosts then stand in for the stack's, whatever the stack says. */
export const STAND_IN_VARIABLE = "PROXMOX_HA_STAND_IN";

export const LAB_COMMAND = "npm run -s lab --";

/** What `lab status --json` tells, as far as it is used here. */
interface LabStatus {
  nodes: LabHost[];
  witness: LabHost;
}
interface LabHost {
  name: string;
  api?: string;
  ssh: { host: string; port: number; user: string; key: string; knownHosts: string };
}

export function connectionsOf(
  root: string,
  file: StackFile,
  environment: NodeJS.ProcessEnv,
): Record<string, Connection> {
  const standIn = environment[STAND_IN_VARIABLE];
  if (standIn) return labConnections(resolve(standIn), `npm run -s lab -- --dir ${standIn}`);
  return file.lab ? labConnections(join(root, ".lab"), LAB_COMMAND) : siteConnections(file);
}

function labConnections(folder: string, command: string): Record<string, Connection> {
  const path = join(folder, "status.json");
  if (!existsSync(path)) {
    throw new LauncherError(`There is no lab yet. Start it: ${command} start`);
  }
  try {
    const status = JSON.parse(readFileSync(path, "utf8")) as LabStatus;
    return Object.fromEntries(
      [...status.nodes, status.witness].map((host) => [host.name, labConnection(host)]),
    );
  } catch {
    // Not quoted: beside the ports there stands a password.
    throw new LauncherError(
      `The lab's files cannot be read (${path}). It writes them when it starts: ${command} stop, then ${command} start`,
    );
  }
}

function labConnection({ api, ssh }: LabHost): Connection {
  return {
    host: ssh.host,
    port: ssh.port,
    user: ssh.user,
    keyFile: ssh.key,
    hostKey: pinnedKey(readFileSync(ssh.knownHosts, "utf8"), `[${ssh.host}]:${ssh.port}`) ?? "",
    ...(api ? { web: api } : {}),
  };
}

function siteConnections(file: StackFile): Record<string, Connection> {
  const { user, keyFile, knownHosts } = file.ssh;
  let pins = "";
  try {
    pins = readFileSync(knownHosts, "utf8");
  } catch {
    // Told below, with the hosts that lack a pin.
  }
  const all = [...file.nodes, ...file.hosts];
  const homeless = all.filter(({ address }) => address === "").map(({ name }) => name);
  if (homeless.length > 0) {
    throw new LauncherError(`The site file gives no address for ${homeless.join(", ")}.`);
  }
  const unpinned = all.filter(({ address }) => pinnedKey(pins, address) === undefined);
  if (unpinned.length > 0) throw new LauncherError(pinAdvice(unpinned, knownHosts));
  const isNode = new Set(file.nodes.map(({ name }) => name));
  return Object.fromEntries(
    all.map(({ name, address }) => [
      name,
      {
        host: address,
        port: 22,
        user,
        ...(keyFile ? { keyFile } : {}),
        hostKey: pinnedKey(pins, address) ?? "",
        ...(isNode.has(name) ? { web: `https://${address}:8006` } : {}),
      },
    ]),
  );
}

/** The `type base64` of the first line for `name`; Ed25519 is preferred where a host has several. */
export function pinnedKey(knownHosts: string, name: string): string | undefined {
  const keys = knownHosts
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([names = ""]) => means(names, name))
    .map(([, type = "", key = ""]) => `${type} ${key}`);
  return keys.find((key) => key.startsWith("ssh-ed25519")) ?? keys[0];
}

/** A line's names stand as they are, or one of them as `|1|salt|HMAC-SHA1` (HashKnownHosts, Debian's default). */
function means(names: string, name: string): boolean {
  const [, salt, digest] = /^\|1\|([^|]+)\|([^|]+)$/.exec(names) ?? [];
  if (salt === undefined) return names.split(",").includes(name);
  return createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest("base64") === digest;
}

function pinAdvice(hosts: Host[], knownHosts: string): string {
  const names = hosts.map(({ name, address }) => `${name} (${address})`).join(", ");
  const addresses = hosts.map(({ address }) => address).join(" ");
  return (
    `No SSH host key is pinned for ${names}. Fetch the keys, compare their fingerprints with what the hosts show ` +
    `on their own screens, and keep them:\n  ssh-keyscan -t ed25519 ${addresses} | tee /dev/stderr | ssh-keygen -lf -\n` +
    `  ssh-keyscan -t ed25519 ${addresses} >> ${knownHosts}`
  );
}
