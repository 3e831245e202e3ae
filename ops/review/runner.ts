import { type ChildProcess, spawn } from "node:child_process";

export interface Outcome {
  code: number;
  /** Standard output and standard error, as they came. */
  text: string;
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
      const chunks: Buffer[] = [];
      const keep = (chunk: Buffer): void => void chunks.push(chunk);
      child.stdout.on("data", keep);
      child.stderr.on("data", keep);
      if (show) child.stderr.pipe(process.stderr, { end: false });
      child.on("error", fail);
      child.on("close", (code) => {
        this.running.delete(child);
        done({ code: code ?? 1, text: Buffer.concat(chunks).toString() });
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
