import { execFile, spawn } from "node:child_process";
import { settingsFor } from "../toolchain/launcher/settings";
import { OpsError } from "./errors";
import type { Stack } from "./stack";

/** Runs our pulumi and returns what it prints. A failure carries its own words. */
export async function pulumi(stack: Stack, args: string[], input?: string): Promise<string> {
  const { program, all, env } = await callOf(stack, [
    ...args,
    ...stackArgs(args, stack),
    "--non-interactive",
    "--color",
    "never",
  ]);
  return new Promise((resolve, reject) => {
    const options = { cwd: stack.root, env, maxBuffer: 1024 ** 3 };
    const child = execFile(program, all, options, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      if (stderr.includes("PULUMI_ACCESS_TOKEN must be set")) return reject(noBackend(stack));
      const words = stderr.trim() || wordsIn(stdout, args) || error.message;
      reject(new OpsError(`pulumi ${args.join(" ")} failed:\n${words}`));
    });
    // A program that ends without reading is no failure of its own.
    child.stdin?.on("error", () => {});
    child.stdin?.end(input ?? "");
  });
}

/** The CLI would speak of a token for Pulumi Cloud, which few of those have who get here. */
function noBackend({ name }: Stack): OpsError {
  return new OpsError(
    `Where is the state of stack ${name}? Choose its backend: set PULUMI_BACKEND_URL, or run pulumi login.`,
  );
}

/** As `pulumi`, for what is printed as JSON. */
export async function pulumiJson(stack: Stack, args: string[]): Promise<unknown> {
  const text = await pulumi(stack, args);
  try {
    return JSON.parse(text);
  } catch {
    throw new OpsError(`pulumi ${args.join(" ")} printed something else than JSON.`);
  }
}

/** With `--json` the CLI tells its errors among the rest. What may hold secrets is not repeated. */
function wordsIn(stdout: string, args: string[]): string {
  if (args.includes("--show-secrets")) return "";
  if (!args.includes("--json")) return stdout.trim();
  try {
    const { diagnostics = [] } = JSON.parse(stdout) as {
      diagnostics?: { severity: string; message: string }[];
    };
    return diagnostics
      .flatMap(({ severity, message }) => (severity === "error" ? [message.trim()] : []))
      .join("\n");
  } catch {
    return stdout.trim();
  }
}

/** What `toolchain/bin/pulumi` would run, without another process in between. */
async function callOf({ name, root }: Stack, args: string[]) {
  const environment = { ...process.env, PULUMI_STACK: name };
  const { variables, args: all } = await settingsFor(args, environment, root);
  return {
    program: variables.PROXMOX_HA_CLI ?? "pulumi",
    all,
    env: { ...environment, ...variables },
  };
}

/** `stack ls` knows no stack, and `stack init` takes it as a word; the environment tells the launcher. */
function stackArgs(args: string[], { name }: Stack): string[] {
  return args[0] === "stack" && args[1] === "init" ? [] : ["--stack", name];
}

/** Runs our pulumi on this terminal; its exit code is returned. Ctrl-C is the CLI's to handle, not ours. */
export async function pulumiHere(
  stack: Stack,
  args: string[],
  extra: Record<string, string> = {},
): Promise<number> {
  const { program, all, env } = await callOf(stack, [...args, "--stack", stack.name]);
  return new Promise((done, fail) => {
    const child = spawn(program, all, {
      cwd: stack.root,
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
  stack: Stack,
  flags: string[] = [],
): Promise<Checkpoint | undefined> {
  try {
    return (await pulumiJson(stack, ["stack", "export", ...flags])) as Checkpoint;
  } catch (error) {
    if (/no stack named/.test((error as Error).message)) return undefined;
    throw error;
  }
}

export async function importState(stack: Stack, checkpoint: Checkpoint): Promise<void> {
  await pulumi(stack, ["stack", "import"], JSON.stringify(checkpoint));
}

/** Whether the last update of the stack ended well; true as well when there was none. */
export async function lastUpdateSucceeded(stack: Stack): Promise<boolean> {
  const args = ["stack", "history", "--json", "--page-size", "1"];
  const history = (await pulumiJson(stack, args).catch(() => [])) as { result: string }[];
  return history[0]?.result !== "failed";
}

/** What the next update would create, with the inputs that it would have. */
export async function plannedCreates(stack: Stack): Promise<ResourceState[]> {
  const preview = (await pulumiJson(stack, ["preview", "--json", "--refresh=false"])) as {
    steps?: { op: string; newState?: ResourceState }[];
  };
  return (preview.steps ?? []).flatMap(({ op, newState }) =>
    op === "create" && newState ? [newState] : [],
  );
}
