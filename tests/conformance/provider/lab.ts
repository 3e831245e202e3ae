import { execFile, type ExecFileException } from "node:child_process";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LabStatus } from "../../../lab/status";
import { ROOT } from "../../../toolchain/launcher/root";

export class RunError extends Error {}

/**
 * The tests are written against machines on which each of their steps takes many seconds. Here it takes two, so time
 * goes faster: the HA manager's rounds of 10 s and pvescheduler's minute come between the steps as they do there.
 */
const SPEED = 20;

/** A lab in a folder of its own, which every package of tests finds as the preparation left it. */
export class OwnLab {
  private running: Promise<unknown> = Promise.resolve();
  private disposing?: Promise<void>;

  private constructor(readonly folder: string) {}

  static async create(): Promise<OwnLab> {
    return new OwnLab(await mkdtemp(join(tmpdir(), "conformance-")));
  }

  /** The lab's own state, and beside it what a run of tests writes. */
  get dir(): string {
    return join(this.folder, "lab");
  }
  private get prepared(): string {
    return join(this.folder, "prepared");
  }

  async command(...args: string[]): Promise<void> {
    if (this.disposing) throw new RunError("interrupted");
    await this.run(...args);
  }

  async start(): Promise<void> {
    await this.command("start");
    await this.command("clock", "--speed", String(SPEED));
  }

  private async run(...args: string[]): Promise<void> {
    const lab = ["--require", "tsx/cjs", "lab/cli.ts", "--dir", this.dir, ...args];
    const running = execute(process.execPath, lab);
    this.running = running;
    await running;
  }

  async status(): Promise<LabStatus> {
    return JSON.parse(await readFile(join(this.dir, "status.json"), "utf8")) as LabStatus;
  }

  async node(name: string): Promise<LabStatus["nodes"][number]> {
    const node = (await this.status()).nodes.find((candidate) => candidate.name === name);
    if (!node) throw new RunError(`the lab has no node ${name}`);
    return node;
  }

  /** A command as root on one of the lab's nodes. */
  async ssh(name: string, command: string): Promise<string> {
    const { host, port, user, key, knownHosts } = (await this.node(name)).ssh;
    const options = ["-o", "BatchMode=yes", "-o", `UserKnownHostsFile=${knownHosts}`];
    const target = ["-i", key, "-p", String(port), ...options, `${user}@${host}`];
    return execute("ssh", [...target, command]);
  }

  /** Stops the lab and keeps this state for `restore`. */
  async keep(): Promise<void> {
    await this.command("stop");
    await cp(this.dir, this.prepared, { recursive: true });
  }

  async restore(): Promise<void> {
    await this.command("stop");
    await rm(this.dir, { recursive: true });
    await cp(this.prepared, this.dir, { recursive: true });
    await this.start();
  }

  /** Also in the middle of a start: that one ends first, and there is no other. */
  dispose(): Promise<void> {
    this.disposing ??= this.end();
    return this.disposing;
  }

  private async end(): Promise<void> {
    await this.running.catch(() => undefined);
    await this.run("stop").catch(() => undefined);
    await rm(this.folder, { recursive: true, force: true });
  }
}

function execute(program: string, args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const done = (error: ExecFileException | null, stdout: string, stderr: string): void => {
      if (!error) return resolve(stdout);
      const command = args.at(-1) ?? program;
      reject(new RunError(`${command}: ${stderr.trim() || stdout.trim() || error.message}`));
    };
    const child = execFile(program, args, { cwd: ROOT }, done);
    child.stdin?.end();
  });
}
