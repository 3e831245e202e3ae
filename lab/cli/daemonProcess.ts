import { spawn } from "node:child_process";
import { openSync } from "node:fs";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import type { FirstStart } from "../installation";
import type { LabPaths } from "../paths";
import { daemonCommand } from "../program";
import { LabError, pause } from "./cli";

const START_LIMIT_MS = 30_000;
/** In the pid file until the lab's own process is there, before the id of the command that starts it. */
const STARTING = "starting ";

/** Takes the pid file for this start; false when a lab runs here or another start has made one run. */
export async function claim(paths: LabPaths): Promise<boolean> {
  await mkdir(paths.root, { recursive: true, mode: 0o700 });
  // A link appears with its content; of a file that is being written somebody could read nothing yet.
  const own = await ownPidFile(paths, `${STARTING}${process.pid}`);
  for (;;) {
    const made = await link(own, paths.pid).then(() => true, ignore("EEXIST"));
    const running = made ? undefined : await runningPid(paths);
    if (made || running) {
      await rm(own);
      return made;
    }
    const text = await readFile(paths.pid, "utf8").catch(() => "");
    if (text.startsWith(STARTING) && isAlive(Number(text.slice(STARTING.length)))) await pause(50);
    else await rm(paths.pid, { force: true });
  }
}

async function ownPidFile(paths: LabPaths, text: string): Promise<string> {
  const own = `${paths.pid}.${process.pid}`;
  await writeFile(own, text, { mode: 0o600 });
  return own;
}

/** Starts the lab's process and waits until it answers; a new lab is made as `first` says. */
export async function start(paths: LabPaths, first: FirstStart): Promise<void> {
  const log = openSync(paths.log, "w", 0o600);
  const child = spawn(
    process.execPath,
    [...(await daemonCommand()), paths.root, JSON.stringify(first)],
    {
      detached: true,
      stdio: ["ignore", log, log],
    },
  );
  await rename(await ownPidFile(paths, String(child.pid)), paths.pid);
  const exited = new Promise<number>((resolve) => child.once("exit", (code) => resolve(code ?? 1)));
  const deadline = Date.now() + START_LIMIT_MS;
  for (;;) {
    if ((await readFile(paths.log, "utf8")).includes("ready ")) break;
    const code = await Promise.race([exited, pause(50)]);
    if (code !== undefined || Date.now() > deadline) {
      await rm(paths.pid, { force: true });
      throw new LabError(`the lab did not start:\n${(await readFile(paths.log, "utf8")).trim()}`);
    }
  }
  child.unref();
}

/** False if it did not run. */
export async function stop(paths: LabPaths): Promise<boolean> {
  const pid = await runningPid(paths);
  if (!pid) return false;
  process.kill(pid, "SIGTERM");
  for (let waited = 0; waited < 10_000; waited += 50) {
    if (!(await runningPid(paths))) break;
    await pause(50);
  }
  if (await runningPid(paths)) process.kill(pid, "SIGKILL");
  await rm(paths.pid, { force: true });
  return true;
}

/** The lab's process, if the one that the pid file names is really a lab over this folder. */
export async function runningPid(paths: LabPaths): Promise<number | undefined> {
  const text = await readFile(paths.pid, "utf8").catch(() => "");
  const pid = Number(text);
  if (!pid) return undefined;
  const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return command.split("\0").includes(paths.root) ? pid : undefined;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Swallows file system errors of these kinds. */
export function ignore(...codes: string[]): (error: NodeJS.ErrnoException) => false {
  return (error) => {
    if (codes.includes(error.code ?? "")) return false;
    throw error;
  };
}
