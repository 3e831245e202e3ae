import { type ChildProcess, spawn } from "node:child_process";

const started: ChildProcess[] = [];
const WAIT = "setInterval(() => {}, 60_000);";

export interface StandIn {
  pid: number;
  ended: Promise<unknown>;
}

/** A process that waits, under this name and with these variables. `code` runs first and may print one line. */
export async function start(
  name: string,
  env: Record<string, string>,
  code = "",
  args: string[] = [],
): Promise<StandIn & { line: string }> {
  const script = `${code};console.log(globalThis.line ?? "");${WAIT}`;
  const child = spawn(process.execPath, ["-e", script, "--", ...args], {
    argv0: name,
    env: { ...env, PATH: process.env.PATH ?? "" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  started.push(child);
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const line = await new Promise<string>((resolve, reject) => {
    child.once("error", reject);
    child.stdout.once("data", (data: Buffer) => resolve(data.toString().trim()));
  });
  return { pid: child.pid ?? 0, ended, line };
}

/** Code for `start` that starts a child of its own under this name, and prints its process id. The child runs this code. */
export function startingChild(name: string, code = ""): string {
  const options = JSON.stringify({ argv0: name, stdio: "ignore" });
  return (
    `const { pid } = require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(`${code};${WAIT}`)}], ${options});` +
    "globalThis.line = pid"
  );
}

/** Ends what the tests have started. */
export async function endAll(): Promise<void> {
  const living = started
    .splice(0)
    .filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
  const ended = living.map((child) => new Promise((resolve) => child.once("exit", resolve)));
  for (const child of living) child.kill("SIGKILL");
  await Promise.all(ended);
}

/** Id of a process that has ended. */
export async function deadPid(): Promise<number> {
  const child = spawn("true");
  await new Promise((resolve) => child.once("exit", resolve));
  return child.pid ?? 0;
}
