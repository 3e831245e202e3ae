import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { processes } from "./processes";

const SSHD = "/usr/sbin/sshd";

/** A real OpenSSH server on a free loopback port, for the user who runs the tests. */
export interface Sshd {
  port: number;
  user: string;
  /** Scratch space on "the host". */
  dir: string;
  /** Public host keys, as lines of authorized_keys; `wrong` is of no host. */
  hostKeys: { ed25519: string; rsa: string; wrong: string };
  /** Private keys; `wrong` is not authorized, `locked` has the passphrase "open sesame". */
  keys: { right: string; wrong: string; locked: string };
  /** A connection as a program gives it, with these changes. */
  connection(changes?: Record<string, unknown>): Record<string, unknown>;
  /** What the server logged so far. */
  log(): string;
  /** Process ids of its connections. */
  connections(): number[];
  stop(): Promise<void>;
}

/** Starts a server with keys of its own. It accepts TEST_* and PULUMI_COMMAND_STDOUT as variables. */
export async function startSshd(): Promise<Sshd> {
  if (!existsSync(SSHD)) {
    throw new Error(`These tests need ${SSHD}. Install it: apt-get install openssh-server`);
  }
  // As root sshd wants this directory, which its service file would create.
  if (process.getuid?.() === 0) mkdirSync("/run/sshd", { recursive: true });
  const dir = mkdtempSync(join(tmpdir(), "command-sshd-"));
  const key = (name: string, ...options: string[]) => {
    const args = ["-q", "-t", "ed25519", "-N", "", "-f", join(dir, name), ...options];
    execFileSync("ssh-keygen", args);
    return { secret: read(name), public: read(`${name}.pub`) };
  };
  const read = (name: string) => readFileSync(join(dir, name), "utf8");
  const host = key("host");
  const hostRsa = key("hostRsa", "-t", "rsa", "-b", "2048");
  const [right, wrong, locked] = [key("right"), key("wrong"), key("locked", "-N", "open sesame")];
  writeFileSync(join(dir, "authorized"), right.public + locked.public);

  const port = await freePort();
  writeFileSync(join(dir, "config"), config(dir, port));
  const child = spawn(SSHD, ["-D", "-e", "-f", join(dir, "config")], { stdio: "pipe" });
  let log = "";
  child.stderr.on("data", (text) => {
    log += text;
  });
  await answering(port, child, () => log);
  const { username: user } = userInfo();
  return {
    ...{ port, user, dir },
    hostKeys: { ed25519: host.public, rsa: hostRsa.public, wrong: wrong.public },
    keys: { right: right.secret, wrong: wrong.secret, locked: locked.secret },
    connection: (changes) => ({
      ...{ host: "127.0.0.1", port, user, dialErrorLimit: 0 },
      ...{ privateKey: right.secret, hostKey: host.public, ...changes },
    }),
    log: () => log,
    connections: () =>
      processes().flatMap(({ pid, parent }) => (parent === child.pid ? [pid] : [])),
    stop: async () => {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill();
      await gone;
      rmSync(dir, { recursive: true });
    },
  };
}

function config(dir: string, port: number): string {
  const lines = [
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${dir}/host`,
    `HostKey ${dir}/hostRsa`,
    `AuthorizedKeysFile ${dir}/authorized`,
    "PidFile none",
    "StrictModes no",
    "UsePAM no",
    "PermitRootLogin yes",
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "AcceptEnv TEST_* PULUMI_COMMAND_STDOUT",
  ];
  // OpenSSH 9.8 and later: or refused logins would lock out the tests that follow them.
  const newer = [...lines, "PerSourcePenalties no"].join("\n");
  writeFileSync(join(dir, "newer"), newer);
  try {
    execFileSync(SSHD, ["-t", "-f", join(dir, "newer")], { stdio: "ignore" });
    return newer;
  } catch {
    return lines.join("\n");
  }
}

/** A port that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

async function answering(port: number, child: ChildProcess, log: () => string): Promise<void> {
  for (let tries = 0; tries < 100 && child.exitCode === null; tries++) {
    if (await answers(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`sshd does not answer on port ${port}:\n${log()}`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("data", () => resolve(true) ?? socket.destroy());
    socket.once("error", () => resolve(false));
  });
}
