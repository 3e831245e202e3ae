import { readdirSync, readFileSync } from "node:fs";

interface Process {
  pid: number;
  parent: number;
  args: string[];
}

/** Processes that run; ps is not on every machine. */
export function processes(): Process[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        // pid (name) state parent …; a name may have brackets of its own
        const [state, parent] = read(name, "stat")
          .replace(/^.*\) /s, "")
          .split(" ");
        if (state === "Z") return [];
        return [
          { pid: Number(name), parent: Number(parent), args: read(name, "cmdline").split("\0") },
        ];
      } catch {
        return []; // gone by now
      }
    });
}

function read(pid: string, file: string): string {
  return readFileSync(`/proc/${pid}/${file}`, "utf8");
}

/** Waits until this is so; fails after `limit` milliseconds. */
export async function until(condition: () => boolean, limit = 5000): Promise<void> {
  for (const end = Date.now() + limit; !condition();) {
    if (Date.now() > end) throw new Error(`this took more than ${limit} ms: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Ends a process that a command left on "the host". False where it was gone already. */
export function end(pid: number): boolean {
  try {
    return process.kill(pid);
  } catch {
    return false;
  }
}
