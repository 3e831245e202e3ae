import { spawn } from "node:child_process";
import { openSync } from "node:fs";
import { link, mkdir, readFile, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { LabPaths } from "./paths";
import type { LabState } from "./state/types";
import { type LabSecrets, type LabStatus, portsOfGuests } from "./status";

const START_LIMIT_MS = 30_000;
/** In the pid file until the lab's own process is there, before the id of the command that starts it. */
const STARTING = "starting ";

class LabError extends Error {}

const program = new Command("lab")
  .description("A Proxmox VE site in one process: two nodes and a NAS that is also the witness.")
  .option("--dir <folder>", "where the lab keeps its state", process.env.PROXMOX_HA_LAB ?? ".lab")
  .exitOverride();

program
  .command("start")
  .description("start the lab and return when it is ready")
  .action(async () => {
    const paths = labPaths();
    if (!(await claim(paths))) return say("the lab runs already");
    await start(paths);
    const status = await readStatus(paths);
    say(`the lab is ready: ${status.nodes.map((node) => `${node.name} ${node.api}`).join(", ")}`);
  });

program
  .command("stop")
  .description("stop the lab; its state stays")
  .action(async () =>
    say((await stop(labPaths())) ? "the lab is stopped" : "the lab does not run"),
  );

program
  .command("status")
  .description("show the lab's hosts and how to reach them")
  .option("--json", "as JSON, for programs")
  .action(async (options: { json?: boolean }) => {
    const paths = labPaths();
    const pid = await runningPid(paths);
    const status = { ...(await readStatus(paths)), running: pid !== undefined };
    if (options.json) return say(JSON.stringify(status, null, 2));
    say(
      pid
        ? `the lab runs (process ${pid})`
        : "the lab does not run; start it: npm run -s lab -- start",
    );
    for (const host of [...status.nodes, status.witness]) {
      const api = "api" in host ? `  ${host.api}` : "";
      say(`${host.name.padEnd(8)} ${host.power.padEnd(4)} ssh port ${host.ssh.port}${api}`);
    }
  });

program
  .command("reset")
  .description("stop the lab and forget everything: hosts, keys, ports, credentials")
  .action(async () => {
    const paths = labPaths();
    await stop(paths);
    // One by one: the folder may have been there before, with files that are not the lab's.
    for (const file of paths.all) await rm(file, { force: true });
    await rmdir(paths.root).catch(ignore("ENOENT", "ENOTEMPTY"));
    say("the lab is gone; the next start makes a new one");
  });

program
  .command("power <host> <state>")
  .description("switch a host on or off: power pve02 off")
  .action(async (host: string, state: string) => {
    if (state !== "on" && state !== "off")
      throw new LabError(`power is "on" or "off", not "${state}"`);
    await control(labPaths(), "PUT", `/lab/hosts/${encodeURIComponent(host)}/power`, {
      power: state,
    });
    say(`${host} is ${state}`);
  });

function labPaths(): LabPaths {
  return new LabPaths(program.opts<{ dir: string }>().dir);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Takes the pid file for this start; false when a lab runs here or another start has made one run. */
async function claim(paths: LabPaths): Promise<boolean> {
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

async function start(paths: LabPaths): Promise<void> {
  const log = openSync(paths.log, "w", 0o600);
  // `node --import tsx` and not the tsx command: one process, whose id is the lab's.
  const child = spawn(
    process.execPath,
    ["--import", require.resolve("tsx"), join(__dirname, "daemon.ts"), paths.root],
    { detached: true, stdio: ["ignore", log, log], env: { ...process.env, TSX_DISABLE_CACHE: "" } },
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

async function stop(paths: LabPaths): Promise<boolean> {
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
async function runningPid(paths: LabPaths): Promise<number | undefined> {
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
function ignore(...codes: string[]): (error: NodeJS.ErrnoException) => false {
  return (error) => {
    if (codes.includes(error.code ?? "")) return false;
    throw error;
  };
}

async function readStatus(paths: LabPaths): Promise<LabStatus> {
  const text = await readFile(paths.status, "utf8").catch(() => {
    throw new LabError("there is no lab here yet; make one: npm run -s lab -- start");
  });
  const status = JSON.parse(text) as LabStatus;
  const state = JSON.parse(await readFile(paths.state, "utf8")) as LabState;
  for (const host of [...status.nodes, status.witness]) {
    host.power = state.hosts[host.name]?.power ? "on" : "off";
  }
  status.guests = portsOfGuests(state);
  return status;
}

async function control(
  paths: LabPaths,
  method: string,
  path: string,
  body: unknown,
): Promise<void> {
  if (!(await runningPid(paths)))
    throw new LabError("the lab does not run; start it: npm run -s lab -- start");
  const secrets = JSON.parse(await readFile(paths.secrets, "utf8")) as LabSecrets;
  const response = await fetch(`http://127.0.0.1:${secrets.controlPort}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${secrets.controlToken}`,
      "content-type": "application/json",
    },
    body: JSON.stringify(body),
  });
  if (!response.ok) {
    const { message } = (await response.json()) as { message: string };
    throw new LabError(message);
  }
}

function pause(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms));
}

program.parseAsync().catch((error: Error) => {
  if (error instanceof CommanderError) process.exit(error.exitCode);
  process.stderr.write(`lab: ${error instanceof LabError ? error.message : error.stack}\n`);
  process.exit(1);
});
