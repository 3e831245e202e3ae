import { readFileSync } from "node:fs";
import type { types } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

/** How to reach the site's hosts from here. The launcher works it out; a lab maps every host to loopback. */
const connectionSchema = z.object({
  host: z.string(),
  port: z.number(),
  user: z.string(),
  /** Path of the private key; without it the SSH agent is asked. */
  keyFile: z.string().optional(),
  /** The host's public key, as in known_hosts: pinned. */
  hostKey: z.string(),
  /** Address of the web interface, for nodes. */
  web: z.string().optional(),
});

export type Connection = z.output<typeof connectionSchema>;
export type Connections = Record<string, Connection>;

export const CONNECTIONS_VARIABLE = "PROXMOX_HA_CONNECTIONS";

/** Reads what the launcher passes. Throws one sentence when the program was started without it. */
export function readConnections(environment: NodeJS.ProcessEnv): Connections {
  const text = environment[CONNECTIONS_VARIABLE];
  if (!text) {
    throw new pulumi.RunError(
      'Run this through the project\'s own pulumi; in this shell, first: eval "$(make -s env)"',
    );
  }
  return z.record(z.string(), connectionSchema).parse(JSON.parse(text));
}

/**
 * How often a login may fail, and how long one may take in seconds. Between two attempts lie 0.1 s, then half as much
 * again each time, then 5 s. A host that refuses at once is so given 1 s or 15 minutes; one that does not answer at all
 * costs the time of each attempt besides.
 */
const ATTEMPTS = { dialErrorLimit: 5, perDialTimeout: 15 };
const PATIENT = { dialErrorLimit: 190, perDialTimeout: 10 };

/** Arguments for a command on `name`, which may be booting where `patient` is said. The key is a secret from here on. */
export function sshConnection(
  connections: Connections,
  name: string,
  patient = false,
): pulumi.Output<types.input.remote.ConnectionArgs> {
  const connection = connections[name];
  if (!connection) throw new pulumi.RunError(`No connection to host "${name}" is known.`);
  const { host, port, user, hostKey, keyFile } = connection;
  return pulumi.secret({
    host,
    port,
    user,
    hostKey,
    ...(keyFile ? { privateKey: readKey(keyFile) } : {}),
    ...(patient ? PATIENT : ATTEMPTS),
  });
}

function readKey(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { message } = error as Error;
    throw new pulumi.RunError(
      `The SSH key cannot be read (${message}). Correct proxmox-ha:ssh.keyFile.`,
    );
  }
}
