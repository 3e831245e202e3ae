import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";

export interface LeftOver {
  pid: number;
  name: string;
}

interface Entry extends LeftOver {
  parent: number;
  command: string;
}

const HELPER =
  /(^|\/)pulumi-(resource|language|analyzer)-[\w-]+(\.cjs)?$|@pulumi\/pulumi\/cmd\/run|\/run(Program|PolicyPack)\.cjs$/;

/** Milliseconds that a process gets to end by itself. */
const GRACE_MS = 3_000;

/**
 * Helpers that this clone's CLI started and that outlived it: plugins, the language host, the program. A helper whose
 * CLI lives is at work and not ours to touch.
 */
export function leftOverProcesses(root: string): LeftOver[] {
  const entries = new Map(ownProcesses(root).map((entry) => [entry.pid, entry]));
  const underCli = (entry: Entry): boolean => {
    for (let at: Entry | undefined = entry; at; at = entries.get(at.parent)) {
      if (isCli(at)) return true;
    }
    return false;
  };
  return [...entries.values()].filter((entry) => isHelper(entry) && !underCli(entry));
}

export async function stopProcesses(left: LeftOver[], graceMs = GRACE_MS): Promise<void> {
  for (const { pid } of left) signal(pid, "SIGTERM");
  for (let waited = 0; waited < graceMs && left.some(({ pid }) => signal(pid, 0)); waited += 100) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  for (const { pid } of left) signal(pid, "SIGKILL");
}

/** Wherever it is installed. */
function isCli({ command }: Entry): boolean {
  return basename(command.split("\0")[0] ?? "") === "pulumi";
}

/** By their programs, so that an operator's shell or editor with the same variables is never meant. */
function isHelper({ command }: Entry): boolean {
  const [program = "", ...args] = command.split("\0");
  // A script is an argument of its interpreter.
  const interpreted = /^(node|nodejs|sh|bash|dash)$/.test(basename(program));
  return [program, ...(interpreted ? args : [])].some((word) => HELPER.test(word));
}

/** Processes of this user whose environment says that they belong to this clone. */
function ownProcesses(root: string): Entry[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const environment = read(`/proc/${name}/environ`).split("\0");
      if (!environment.includes(`PROXMOX_HA_ROOT=${root}`)) return [];
      const command = read(`/proc/${name}/cmdline`);
      // "pid (name) state parent …"; the name may hold blanks and brackets.
      const parent = Number(/.*\) \S (\d+)/s.exec(read(`/proc/${name}/stat`))?.[1] ?? 0);
      const program = /pulumi-(?:resource|language|analyzer)-\w+/.exec(command)?.[0] ?? "program";
      return [{ pid: Number(name), parent, command, name: program }];
    });
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
}
