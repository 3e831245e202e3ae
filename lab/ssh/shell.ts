import { AsyncLocalStorage } from "node:async_hooks";
import { Bash, defineCommand, type ExecResult } from "just-bash";
import { sleep } from "../seams/clock";
import type { Site } from "../site";
import type { HostState } from "../state/types";
import { noted, noteOwnCommands } from "./commandLog";
import type { Command, ExecOptions, RemoteShell, Run } from "./command";
import { NODE_COMMANDS, SYSTEM_COMMANDS } from "./commands";
import { commandWords } from "./commandWords";
import { HostFiles } from "./files";
import { REFUSALS, RefusedWrite } from "./hostFs";
import { InstalledCommands } from "./installedCommands";
import { findRedirectionCheck, withReason } from "./redirections";

/** Longest a script may run; a join waits for quorum without a limit, so this is generous. */
const LIMIT_MS = 3_600_000;

/** Commands whose work is that of others. */
const RUN_OTHERS = ["bash", "flock", "sh", "timeout"];

/** 128 and the number of SIGKILL. */
const KILLED = 137;

/** The shell of one host: bash over the host's files, with the commands that a Debian or PVE machine has. */
export class HostShell implements RemoteShell {
  private readonly files: HostFiles;
  private readonly bash: Bash;
  private readonly commands: InstalledCommands;
  private readonly runs = new AsyncLocalStorage<Run>();
  private readonly living = new Set<Run>();

  constructor(
    private readonly site: Site,
    private readonly host: HostState,
    private readonly shellOf: (host: string) => RemoteShell,
  ) {
    this.files = new HostFiles(site, host);
    site.hardware.onChange((name) => {
      if (name === host.name && !host.power) for (const run of this.living) run.kill();
    });
    this.bash = new Bash({
      fs: this.files.fs,
      cwd: "/root",
      env: {
        HOME: "/root",
        USER: "root",
        LOGNAME: "root",
        SHELL: "/bin/bash",
        HOSTNAME: host.name,
        LANG: "C.UTF-8",
      },
      processInfo: { uid: 0, gid: 0, pid: 1000, ppid: 1 },
      sleep: (ms) => this.pause(ms),
      executionLimits: {
        maxExecutionTimeMs: LIMIT_MS,
        maxCommandCount: 1_000_000,
        maxLoopIterations: 1_000_000,
      },
      // Its guard replaces process globals while a script runs, which the servers in this process need.
      defenseInDepth: false,
    });
    this.bash.registerTransformPlugin(commandWords);
    noteOwnCommands(this.bash, this.started);
    const commands = { ...SYSTEM_COMMANDS, ...NODE_COMMANDS };
    this.commands = new InstalledCommands(this.bash, this.files.fs, host, (name) =>
      noted(this.define(name, commands[name] ?? notThere), this.started),
    );
  }

  private readonly started = (name: string, args: string[]): ((exitCode: number) => void) => {
    const run = this.runs.getStore();
    if (run) {
      run.started++;
      this.site.faults.starts(run, name);
      if (run.killed) throw new Error("killed");
    }
    return this.site.commands.started(this.host.name, name, args);
  };

  async exec(
    script: string,
    stdin: string,
    options: { signal?: AbortSignal; env?: Record<string, string> } = {},
  ): Promise<ExecResult> {
    this.files.fs.redirectionCheck = await findRedirectionCheck();
    await this.sync();
    const end = new AbortController();
    options.signal?.addEventListener("abort", () => end.abort());
    if (options.signal?.aborted) end.abort();
    const run = newRun(
      `ssh ${this.host.name} ${script}`,
      () => end.abort(),
      (one) => !this.living.has(one),
    );
    this.living.add(run);
    const result = await this.runs
      .run(run, () =>
        deniedAsResult(() =>
          this.bash.exec(script, {
            stdin,
            stdinKind: "bytes",
            rawScript: true,
            ...(options.env ? { env: options.env } : {}),
            signal: end.signal,
          }),
        ),
      )
      .finally(() => {
        this.living.delete(run);
        for (const action of run.atEnd) action();
      });
    await this.files.sync();
    await this.site.commit();
    if (run.killed) return { stdout: "", stderr: "", exitCode: KILLED };
    return this.explained(result);
  }

  /** Without just-bash's own notes where the text is another: they count its letters. */
  private explained(result: ExecResult): ExecResult {
    const stderr = withReason(result.stderr, (path) => this.files.reason(path));
    if (stderr === result.stderr) return result;
    return { stdout: result.stdout, stderr, exitCode: result.exitCode };
  }

  private define(name: string, command: Command) {
    return defineCommand(name, async (args, context) => {
      await this.files.follow();
      const run = this.runs.getStore() ?? newRun("");
      const work = Promise.resolve(
        command(args, {
          site: this.site,
          host: this.host,
          stdin: String(context.stdin ?? ""),
          cwd: context.cwd,
          shellOf: this.shellOf,
          signal: context.signal,
          run,
          openFile: (descriptor) => openFile(context.fileDescriptors?.get(descriptor)),
          exec: (script, stdin, options: ExecOptions = {}) => {
            const { name, signal = context.signal } = options;
            const given = {
              cwd: context.cwd,
              stdin,
              stdinKind: "bytes",
              ...(name === undefined ? {} : { env: { 0: name } }),
              ...(signal ? { signal } : {}),
            } as const;
            return deniedAsResult(
              () =>
                context.exec?.(script, given) ??
                Promise.resolve({ stdout: "", stderr: "", exitCode: 127 }),
            ).then((result) => this.explained(result));
          },
        }),
      );
      if (!RUN_OTHERS.includes(name)) underWay(run, work);
      const result = await work;
      this.site.commands.changes++;
      await this.sync();
      return result;
    });
  }

  private async sync(): Promise<void> {
    await this.files.sync();
    await this.commands.follow();
  }

  /** A script that waits sees what has changed meanwhile. */
  private async pause(ms: number): Promise<void> {
    await sleep(this.site.clock, ms);
    await this.sync();
  }
}

function newRun(label: string, end = (): void => undefined, isOver = (_run: Run) => false): Run {
  const run: Run = {
    label,
    started: 0,
    killed: false,
    underWay: new Set(),
    atEnd: [],
    get ended() {
      return isOver(run) && run.underWay.size === 0;
    },
    kill: () => {
      run.killed = true;
      end();
    },
  };
  return run;
}

function underWay(run: Run, work: Promise<unknown>): void {
  run.underWay.add(work);
  const ended = (): boolean => run.underWay.delete(work);
  work.then(ended, ended);
}

const notThere: Command = () => ({ stdout: "", stderr: "", exitCode: 127 });

/** A file system that turned read-only between the opening of a file and the writing ends the script. */
async function deniedAsResult(run: () => Promise<ExecResult>): Promise<ExecResult> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof RefusedWrite)) throw error;
    return { stdout: "", stderr: `bash: ${error.path}: ${REFUSALS[error.refusal]}\n`, exitCode: 1 };
  }
}

/** just-bash's note of what a descriptor stands for; that of a file which is only read does not name it. */
function openFile(note = ""): string | undefined {
  const written = /^__file(?:_append)?__:(.*)$/s.exec(note)?.[1];
  const [, length = "", rest = ""] = /^__rw__:(\d+):(.*)$/s.exec(note) ?? [];
  return written ?? (length === "" ? undefined : rest.slice(0, Number(length)));
}
