import { type ChildProcess, spawn } from "node:child_process";

export interface Outcome {
  code: number;
  /** Standard output and standard error, as they came. */
  text: string;
  /** Standard output alone, for what is read on: a program may warn on standard error. */
  output: string;
}

export interface Call {
  cwd: string;
  env?: NodeJS.ProcessEnv;
  /** Shows what the program says on standard error at once; for what may take minutes. */
  show?: boolean;
}

/** Runs programs, each in a process group of its own, so that all that they have started can be ended with them. */
export class Runner {
  private readonly running = new Set<ChildProcess>();

  run(program: string, args: string[], { cwd, env, show = false }: Call): Promise<Outcome> {
    return new Promise((done, fail) => {
      const child = spawn(program, args, {
        cwd,
        env: env ?? process.env,
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
      });
      this.running.add(child);
      const all: Buffer[] = [];
      const output: Buffer[] = [];
      child.stdout.on("data", (chunk: Buffer) => {
        all.push(chunk);
        output.push(chunk);
      });
      child.stderr.on("data", (chunk: Buffer) => void all.push(chunk));
      if (show) child.stderr.pipe(process.stderr, { end: false });
      child.on("error", fail);
      child.on("close", (code) => {
        this.running.delete(child);
        done({
          code: code ?? 1,
          text: Buffer.concat(all).toString(),
          output: Buffer.concat(output).toString(),
        });
      });
    });
  }

  /** Everything that runs is ended at once: nothing that it works on is kept. */
  end(): void {
    for (const { pid } of this.running) {
      try {
        if (pid !== undefined) process.kill(-pid, "SIGKILL");
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
      }
    }
  }
}
