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

/** Arguments for a command on `name`. The key is a secret from here on. */
export function sshConnection(
  connections: Connections,
  name: string,
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
    dialErrorLimit: 5,
    perDialTimeout: 15,
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
