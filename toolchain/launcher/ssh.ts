import { readFileSync } from "node:fs";
import { Client, utils } from "ssh2";
import type { Connection } from "./connections";

const TIMEOUT_MS = 8_000;

export interface RemoteResult {
  stdout: string;
  stderr: string;
  code: number;
}

/** Runs one short command on a host whose key is pinned. Rejects when the host gives no answer. */
export function runOverSsh(connection: Connection, command: string): Promise<RemoteResult> {
  return new Promise((resolve, reject) => {
    const client = new Client();
    const timer = setTimeout(
      () => fail(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)),
      TIMEOUT_MS,
    );
    const fail = (error: Error): void => {
      clearTimeout(timer);
      client.destroy();
      reject(error);
    };
    client.on("error", fail);
    client.on("ready", () => {
      client.exec(command, (error, channel) => {
        if (error) return fail(error);
        const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
        let code = 0;
        channel.on("data", (chunk: Buffer) => stdout.push(chunk));
        channel.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
        channel.on("exit", (status: number | null) => {
          code = status ?? 255;
        });
        channel.on("close", () => {
          clearTimeout(timer);
          client.end();
          resolve({ stdout: textOf(stdout), stderr: textOf(stderr), code });
        });
        channel.end();
      });
    });
    client.connect(clientOptions(connection));
  });
}

function clientOptions(connection: Connection): Parameters<Client["connect"]>[0] {
  const [, pinned = ""] = connection.hostKey.split(" ");
  const agent = process.env.SSH_AUTH_SOCK;
  return {
    host: connection.host,
    port: connection.port,
    username: connection.user,
    readyTimeout: TIMEOUT_MS,
    hostVerifier: (key: Buffer) => key.toString("base64") === pinned,
    algorithms: { serverHostKey: hostKeyAlgorithms(connection.hostKey) },
    ...(connection.keyFile
      ? { privateKey: readFileSync(connection.keyFile) }
      : agent
        ? { agent }
        : {}),
  };
}

function hostKeyAlgorithms(hostKey: string): ("ssh-ed25519" | "rsa-sha2-512" | "rsa-sha2-256")[] {
  const parsed = utils.parseKey(hostKey);
  const type = parsed instanceof Error ? "ssh-ed25519" : parsed.type;
  return type === "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256"] : [type as "ssh-ed25519"];
}

function textOf(chunks: Buffer[]): string {
  return Buffer.concat(chunks).toString("utf8");
}
