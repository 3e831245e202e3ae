import { execFile, spawn } from "node:child_process";
import { LauncherError } from "../toolchain/launcher/errors";
import { ROOT } from "../toolchain/launcher/root";
import { settingsFor } from "../toolchain/launcher/settings";
import { OpsError } from "./errors";

/** Runs our pulumi and returns what it prints. A failure carries its own words. */
export async function pulumi(stack: string, args: string[], input?: string): Promise<string> {
  const { program, all, env } = await callOf(stack, [
    ...args,
    ...stackArgs(args, stack),
    "--non-interactive",
    "--color",
    "never",
  ]);
  return new Promise((resolve, reject) => {
    const options = { cwd: ROOT, env, maxBuffer: 1024 ** 3 };
    const child = execFile(program, all, options, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      const words = stderr.trim() || stdout.trim() || error.message;
      reject(new OpsError(`pulumi ${args.join(" ")} failed:\n${words}`));
    });
    child.stdin?.end(input ?? "");
  });
}

/** What `toolchain/bin/pulumi` would run, without another process in between. */
async function callOf(stack: string, args: string[]) {
  const environment = { ...process.env, PULUMI_STACK: stack };
  const settings = await settingsFor(args, environment).catch((error: Error) => {
    throw error instanceof LauncherError ? new OpsError(error.message) : error;
  });
  const { variables } = settings;
  return {
    program: variables.PROXMOX_HA_CLI ?? "pulumi",
    all: settings.args,
    env: { ...environment, ...variables },
  };
}

/** `stack ls` knows no stack, and `stack init` takes it as a word; the environment tells the launcher. */
function stackArgs(args: string[], stack: string): string[] {
  return args[0] === "stack" && args[1] === "init" ? [] : ["--stack", stack];
}

/** Runs our pulumi on this terminal; its exit code is returned. Ctrl-C is the CLI's to handle, not ours. */
export async function pulumiHere(
  stack: string,
  args: string[],
  extra: Record<string, string> = {},
): Promise<number> {
  const { program, all, env } = await callOf(stack, [...args, "--stack", stack]);
  return new Promise((done, fail) => {
    const child = spawn(program, all, {
      cwd: ROOT,
      stdio: "inherit",
      env: { ...env, ...extra },
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
export async function exportState(
  stack: string,
  ...flags: string[]
): Promise<Checkpoint | undefined> {
  try {
    return JSON.parse(await pulumi(stack, ["stack", "export", ...flags])) as Checkpoint;
  } catch (error) {
    if (/no stack named/.test((error as Error).message)) return undefined;
    throw error;
  }
}

export async function importState(stack: string, checkpoint: Checkpoint): Promise<void> {
  await pulumi(stack, ["stack", "import"], JSON.stringify(checkpoint));
}

/** Whether the last update of the stack ended well; true as well when there was none. */
export async function lastUpdateSucceeded(stack: string): Promise<boolean> {
  const args = ["stack", "history", "--json", "--page-size", "1"];
  const text = await pulumi(stack, args).catch(() => "[]");
  const history = JSON.parse(text) as { result: string }[];
  return history[0]?.result !== "failed";
}

/** What the next update would create, with the inputs that it would have. */
export async function plannedCreates(stack: string): Promise<ResourceState[]> {
  const preview = JSON.parse(await pulumi(stack, ["preview", "--json", "--refresh=false"])) as {
    steps?: { op: string; newState?: ResourceState }[];
  };
  return (preview.steps ?? []).flatMap(({ op, newState }) =>
    op === "create" && newState ? [newState] : [],
  );
}
