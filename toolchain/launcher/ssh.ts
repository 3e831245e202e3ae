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

export interface RunOptions {
  /** Standard input; without it the command finds its end at once. */
  input?: string;
  timeoutMs?: number;
  /** Gets what the command says on standard error while it runs. */
  onStderr?(text: string): void;
}

/** A connection that several commands may use at a time. */
export interface SshSession {
  /** Rejects when the host gives no answer; the message is the rest of a sentence about the host. */
  run(command: string, options?: RunOptions): Promise<RemoteResult>;
  end(): void;
}

/**
 * Runs one short command on a host whose key is pinned. Rejects when the host gives no answer; the message is the rest
 * of a sentence about the host.
 */
export async function runOverSsh(
  connection: Connection,
  command: string,
  timeoutMs = TIMEOUT_MS,
): Promise<RemoteResult> {
  const session = await openSsh(connection, timeoutMs);
  try {
    return await session.run(command, { timeoutMs });
  } finally {
    session.end();
  }
}

/** Connects to a host whose key is pinned. Rejects as `runOverSsh` does. */
export function openSsh(connection: Connection, timeoutMs = TIMEOUT_MS): Promise<SshSession> {
  return new Promise((resolve, reject) => {
    // Before the clock runs: what is thrown here ends it all.
    const options = clientOptions(connection, timeoutMs);
    const client = new Client();
    const waiting = new Set<(error: Error) => void>([reject]);
    const fail = (error: Error): void => {
      clearTimeout(timer);
      client.destroy();
      for (const tell of waiting) tell(error);
    };
    const timer = setTimeout(() => fail(noAnswer(timeoutMs)), timeoutMs);
    const run = async (command: string, runOptions: RunOptions = {}): Promise<RemoteResult> => {
      let lost: (error: Error) => void = () => {};
      const cut = new Promise<never>((_, tell) => (lost = tell));
      waiting.add(lost);
      try {
        return await Promise.race([cut, execute(client, command, runOptions)]);
      } finally {
        waiting.delete(lost);
      }
    };
    // Small packets go at once; else each step of the handshake waits for a late acknowledgement.
    client.on("connect", () => client.setNoDelay(true));
    client.on("error", (error) => fail(new Error(reasonOf(error, connection, timeoutMs))));
    client.on("close", () => fail(cutOff()));
    client.on("ready", () => {
      clearTimeout(timer);
      waiting.delete(reject);
      resolve({ run, end: () => endSoon(client) });
    });
    client.connect(options);
  });
}

/** A host that has gone never says goodbye. */
function endSoon(client: Client): void {
  client.end();
  setTimeout(() => client.destroy(), 1_000).unref();
}

function execute(client: Client, command: string, options: RunOptions): Promise<RemoteResult> {
  const { input = "", timeoutMs = TIMEOUT_MS, onStderr } = options;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(noAnswer(timeoutMs)), timeoutMs).unref();
    const fail = (error: Error): void => {
      clearTimeout(timer);
      reject(error);
    };
    try {
      client.exec(command, (error, channel) => {
        if (error) return fail(error);
        const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
        let code: number | undefined;
        channel.on("data", (chunk: Buffer) => stdout.push(chunk));
        channel.stderr.on("data", (chunk: Buffer) => {
          stderr.push(chunk);
          onStderr?.(chunk.toString("utf8"));
        });
        channel.on("exit", (status: number | null) => {
          code = status ?? 255;
        });
        channel.on("close", () => {
          if (code === undefined) return fail(cutOff());
          clearTimeout(timer);
          resolve({ stdout: textOf(stdout), stderr: textOf(stderr), code });
        });
        channel.end(input);
      });
    } catch {
      // ssh2 throws where the connection has gone meanwhile.
      fail(cutOff());
    }
  });
}

function clientOptions(connection: Connection, timeoutMs: number): ConnectConfig {
  const [, pinned = ""] = connection.hostKey.split(" ");
  return {
    host: connection.host,
    port: connection.port,
    username: connection.user,
    readyTimeout: timeoutMs,
    // A host that dies says nothing; a script may be silent for long.
    keepaliveInterval: 15_000,
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
  if (error.level === "client-timeout") return noAnswer(timeoutMs).message;
  if (error.level !== "client-authentication") return error.message;
  if (keyFile) return `it does not let ${user} in with the key ${keyFile}`;
  return `it does not let ${user} in; set proxmox-ha:ssh.keyFile, or give ssh-agent a key that it knows`;
}

function noAnswer(timeoutMs: number): Error {
  return new Error(`no answer within ${timeoutMs / 1000} s`);
}

function cutOff(): Error {
  return new Error("the connection was cut before the answer");
}

function textOf(chunks: Buffer[]): string {
  return Buffer.concat(chunks).toString("utf8");
}
