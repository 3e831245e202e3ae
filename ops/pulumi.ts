import { spawn, spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { OpsError } from "./errors";

export const ROOT = resolve(__dirname, "..");
const CLI = join(ROOT, "toolchain/bin/pulumi");

/** Runs our pulumi and returns what it prints. A failure carries its own words. */
export function pulumi(stack: string, args: string[], input?: string): string {
  const result = spawnSync(
    CLI,
    [...args, ...stackArgs(args, stack), "--non-interactive", "--color", "never"],
    {
      cwd: ROOT,
      encoding: "utf8",
      env: { ...process.env, PULUMI_STACK: stack },
      maxBuffer: 1024 ** 3,
      ...(input === undefined ? {} : { input }),
    },
  );
  if (result.status !== 0) {
    throw new OpsError(
      `pulumi ${args.join(" ")} failed:\n${(result.stderr || result.stdout || "").trim()}`,
    );
  }
  return result.stdout;
}

/** `stack ls` knows no stack, and `stack init` takes it as a word; the environment tells the launcher. */
function stackArgs(args: string[], stack: string): string[] {
  return args[0] === "stack" && ["ls", "init"].includes(args[1] ?? "") ? [] : ["--stack", stack];
}

/** Runs our pulumi on this terminal; its exit code is returned. Ctrl-C is the CLI's to handle, not ours. */
export function pulumiHere(
  stack: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<number> {
  return new Promise((done, fail) => {
    const child = spawn(CLI, [...args, "--stack", stack], {
      cwd: ROOT,
      stdio: "inherit",
      env: { ...process.env, ...env },
    });
    const ignore = (): void => {};
    process.on("SIGINT", ignore);
    child.on("error", fail);
    child.on("close", (code) => {
      process.off("SIGINT", ignore);
      done(code ?? 1);
    });
  });
}

/** A stack's state, as `pulumi stack export` writes it. */
export interface Checkpoint {
  version: number;
  deployment: {
    resources?: ResourceState[];
    pending_operations?: { resource: ResourceState; type: string }[];
    [key: string]: unknown;
  };
}

export interface ResourceState {
  urn: string;
  type: string;
  custom: boolean;
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  [key: string]: unknown;
}

/** Undefined when the stack does not exist yet. */
export function exportState(stack: string, ...flags: string[]): Checkpoint | undefined {
  try {
    return JSON.parse(pulumi(stack, ["stack", "export", ...flags])) as Checkpoint;
  } catch (error) {
    if (/no stack named/.test((error as Error).message)) return undefined;
    throw error;
  }
}

export function importState(stack: string, checkpoint: Checkpoint): void {
  pulumi(stack, ["stack", "import"], JSON.stringify(checkpoint));
}
