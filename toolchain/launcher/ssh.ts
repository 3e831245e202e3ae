import { readFileSync } from "node:fs";
import { Client, type ConnectConfig, utils } from "ssh2";
import type { Connection } from "./connections";

const TIMEOUT_MS = 8_000;

export interface RemoteResult {
  stdout: string;
  stderr: string;
  /** 255 for a command that a signal has ended. */
  code: number;
}

/**
 * Runs one short command on a host whose key is pinned. Rejects when the host gives no answer; the message is the rest
 * of a sentence about the host.
 */
export function runOverSsh(
  connection: Connection,
  command: string,
  timeoutMs = TIMEOUT_MS,
): Promise<RemoteResult> {
  return new Promise((resolve, reject) => {
    // Before the clock runs: what is thrown here ends it all.
    const options = clientOptions(connection, timeoutMs);
    const client = new Client();
    const fail = (error: Error): void => {
      clearTimeout(timer);
      client.destroy();
      reject(error);
    };
    const timer = setTimeout(() => fail(new Error(noAnswer(timeoutMs))), timeoutMs);
    // Small packets go at once; else each step of the handshake waits for a late acknowledgement.
    client.on("connect", () => client.setNoDelay(true));
    client.on("error", (error) => fail(new Error(reasonOf(error, connection, timeoutMs))));
    client.on("ready", () => {
      client.exec(command, (error, channel) => {
        if (error) return fail(error);
        const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
        let code: number | undefined;
        channel.on("data", (chunk: Buffer) => stdout.push(chunk));
        channel.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
        channel.on("exit", (status: number | null) => {
          code = status ?? 255;
        });
        channel.on("close", () => {
          if (code === undefined)
            return fail(new Error("the connection was cut before the answer"));
          clearTimeout(timer);
          client.end();
          resolve({ stdout: textOf(stdout), stderr: textOf(stderr), code });
        });
        channel.end();
      });
    });
    client.connect(options);
  });
}

function clientOptions(connection: Connection, timeoutMs: number): ConnectConfig {
  const [, pinned = ""] = connection.hostKey.split(" ");
  return {
    host: connection.host,
    port: connection.port,
    username: connection.user,
    readyTimeout: timeoutMs,
    hostVerifier: (key: Buffer) => key.toString("base64") === pinned,
    algorithms: { serverHostKey: hostKeyAlgorithms(connection.hostKey) },
    ...identity(connection),
  };
}

function identity({ keyFile }: Connection): Pick<ConnectConfig, "privateKey" | "agent"> {
  const agent = process.env.SSH_AUTH_SOCK;
  if (!keyFile) return agent ? { agent } : {};
  let privateKey: Buffer;
  try {
    privateKey = readFileSync(keyFile);
  } catch (error) {
    throw new Error(
      `the SSH key cannot be read (${(error as Error).message}); correct proxmox-ha:ssh.keyFile`,
    );
  }
  const parsed = utils.parseKey(privateKey);
  if (parsed instanceof Error) {
    throw new Error(
      `the SSH key ${keyFile} cannot be used (${parsed.message}); ` +
        "a key with a passphrase works through ssh-agent, without proxmox-ha:ssh.keyFile",
    );
  }
  return { privateKey };
}

function hostKeyAlgorithms(hostKey: string): ("ssh-ed25519" | "rsa-sha2-512" | "rsa-sha2-256")[] {
  const parsed = utils.parseKey(hostKey);
  const type = parsed instanceof Error ? "ssh-ed25519" : parsed.type;
  return type === "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256"] : [type as "ssh-ed25519"];
}

/** ssh2's words, where they do not say what is wrong here. */
function reasonOf(
  error: Error & { level?: string },
  { user, keyFile, hostKey }: Connection,
  timeoutMs: number,
): string {
  if (error.message.includes("verification failed")) return "its host key is not the pinned one";
  if (error.message.includes("no matching host key")) {
    return `it has no host key of the pinned type (${hostKey.split(" ")[0]})`;
  }
  if (error.level === "client-timeout") return noAnswer(timeoutMs);
  if (error.level !== "client-authentication") return error.message;
  if (keyFile) return `it does not let ${user} in with the key ${keyFile}`;
  return `it does not let ${user} in; set proxmox-ha:ssh.keyFile, or give ssh-agent a key that it knows`;
}

function noAnswer(timeoutMs: number): string {
  return `no answer within ${timeoutMs / 1000} s`;
}

function textOf(chunks: Buffer[]): string {
  return Buffer.concat(chunks).toString("utf8");
}
