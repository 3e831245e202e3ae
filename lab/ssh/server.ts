import { createInterface } from "node:readline";
import {
  type AuthContext,
  type Connection,
  Server,
  type ServerChannel,
  type Session,
  utils,
} from "ssh2";
import type { Site } from "../site";
import type { HostState } from "../state/types";
import { authorizedKeys } from "./commands/ssh";
import type { HostShell } from "./shell";

/**
 * A command gets its input as a whole, so it starts when that has ended. A terminal never ends it: a command that has no
 * use for it starts after this silence.
 */
const STDIN_GRACE_MS = 150;

/** `bash -s`, and commands that read standard input when they are given no file. */
const READS_INPUT =
  /\b(ba)?sh (-\w+ )*-\w*s|\btee\b|\bread\b|\b(cat|wc|base64|sha256sum)\b *($|[|;&)>'"])/m;

/** Debian's sshd; with `PermitRootLogin yes`, as Proxmox VE writes it, root may use either. */
const METHODS: ("publickey" | "password")[] = ["publickey", "password"];

/** One host's sshd: root logs in with a key or password, `exec` and `shell` run in the host's bash. */
export function sshServer(site: Site, host: HostState, shell: HostShell): Server {
  return new Server({ hostKeys: [host.sshHostKey], ident: "OpenSSH_10.0p2 Debian-7" }, (client) => {
    // A session is many small packets, each of which would wait for the acknowledgement of the one before.
    (client as Connection & { setNoDelay(on: boolean): void }).setNoDelay(true);
    client.on("authentication", (attempt) => authenticate(site, host, attempt));
    client.on("ready", () => {
      client.on("session", (accept) => serveSession(accept(), { site, host, shell, client }));
    });
    // A client that drops its connection is not an error of the lab's.
    client.on("error", () => client.end());
  });
}

function authenticate(site: Site, host: HostState, attempt: AuthContext): void {
  if (attempt.method === "password") {
    // A node's root is root@pam; what the witness's password is, nothing in the lab says.
    const fits =
      host.node !== undefined &&
      site.access.passwordFits(host.name, `${attempt.username}@pam`, attempt.password);
    if (attempt.username === "root" && fits) attempt.accept();
    else attempt.reject(METHODS);
    return;
  }
  if (attempt.username !== "root" || attempt.method !== "publickey") {
    attempt.reject(METHODS);
    return;
  }
  const presented = `${attempt.key.algo} ${attempt.key.data.toString("base64")}`;
  const accepted = authorizedKeys(site, host).includes(presented);
  if (!accepted || !signatureIsValid(attempt, presented)) attempt.reject(METHODS);
  else attempt.accept();
}

/** The first attempt asks only whether the key would do; the second carries the signature. */
function signatureIsValid(
  attempt: Extract<AuthContext, { method: "publickey" }>,
  presented: string,
): boolean {
  if (!attempt.signature || !attempt.blob) return true;
  const key = utils.parseKey(presented);
  if (key instanceof Error) return false;
  return key.verify(attempt.blob, attempt.signature, attempt.hashAlgo) === true;
}

interface Served {
  site: Site;
  host: HostState;
  shell: HostShell;
  client: Connection;
}

function serveSession(session: Session, served: Served): void {
  const env: Record<string, string> = {};
  session.on("pty", (accept) => accept?.());
  session.on("env", (accept, _reject, info) => {
    // Debian's sshd accepts the locale only.
    if (/^(LANG|LC_\w+)$/.test(info.key)) env[info.key] = info.val;
    accept?.();
  });
  session.on("exec", (accept, _reject, info) => {
    void runCommand(accept(), info.command, env, served);
  });
  session.on("shell", (accept) => void runTerminal(accept(), served.host, env, served.shell));
}

async function runCommand(
  channel: ServerChannel,
  command: string,
  env: Record<string, string>,
  { site, host, shell, client }: Served,
): Promise<void> {
  const controller = new AbortController();
  const hangUp = (): void => controller.abort();
  channel.on("close", hangUp);
  client.on("close", hangUp);
  const stdin = await readInput(channel, READS_INPUT.test(command));
  const label = `ssh ${host.name} ${command}`;
  try {
    await site.faults.pass(label, "before");
    const result = await shell.exec(command, stdin, { signal: controller.signal, env });
    await site.faults.pass(label, "after");
    if (controller.signal.aborted) return;
    channel.write(Buffer.from(result.stdout, "utf8"));
    channel.stderr.write(Buffer.from(result.stderr, "utf8"));
    channel.exit(result.exitCode);
  } catch (error) {
    channel.stderr.write(`${(error as Error).message}\n`);
    channel.exit(255);
  } finally {
    client.off("close", hangUp);
    channel.end();
  }
}

function readInput(channel: ServerChannel, needed: boolean): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const done = (): void => {
      clearTimeout(grace);
      resolve(Buffer.concat(chunks).toString("latin1"));
    };
    const grace = needed ? undefined : setTimeout(done, STDIN_GRACE_MS);
    channel.on("data", (chunk: Buffer) => {
      clearTimeout(grace);
      chunks.push(chunk);
    });
    channel.on("end", done);
    channel.on("close", done);
  });
}

/** A login shell: one line at a time. */
async function runTerminal(
  channel: ServerChannel,
  host: HostState,
  env: Record<string, string>,
  shell: HostShell,
): Promise<void> {
  const lines = createInterface({
    input: channel,
    output: channel,
    terminal: true,
    prompt: `root@${host.name}:~# `,
  });
  const crlf = (text: string): string => text.replace(/\n/g, "\r\n");
  channel.write(`Linux ${host.name}, a stand-in for Proxmox VE (lab)\r\n`);
  lines.prompt();
  for await (const line of lines) {
    if (/^\s*(exit|logout)\s*$/.test(line)) break;
    const result = await shell.exec(line, "", { env });
    channel.write(crlf(result.stdout));
    channel.write(crlf(result.stderr));
    lines.prompt();
  }
  channel.exit(0);
  channel.end();
}
