import { readdirSync, readFileSync } from "node:fs";

export type Blow =
  | "Ctrl-C"
  | "SIGKILL to the CLI alone"
  | "SIGKILL to its process group"
  | "loss of the operator's PC";

interface OwnProcess {
  pid: number;
  command: string;
}

/** `make` leads a process group of its own, as in a terminal. */
export function strike(blow: Blow, group: number, root: string): void {
  switch (blow) {
    case "Ctrl-C":
      process.kill(-group, "SIGINT");
      return;
    case "SIGKILL to its process group":
      process.kill(-group, "SIGKILL");
      return;
    case "loss of the operator's PC":
      process.kill(-group, "SIGKILL");
      for (const { pid } of ownProcesses(root)) kill(pid);
      return;
    case "SIGKILL to the CLI alone": {
      const cli = ownProcesses(root).find(({ command }) => /\/bin\/pulumi\0up/.test(command));
      if (!cli) throw new Error("the CLI does not run");
      kill(cli.pid);
      return;
    }
    default: {
      const never: never = blow;
      throw new Error(String(never));
    }
  }
}

/** What runs of the sandbox at `root` have started and that still lives, but for the lab. */
export function ownProcesses(root: string): OwnProcess[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const environment = readFileSync(`/proc/${name}/environ`, "utf8").split("\0");
        if (!environment.includes(`PROXMOX_HA_ROOT=${root}`)) return [];
        return [{ pid: Number(name), command: readFileSync(`/proc/${name}/cmdline`, "utf8") }];
      } catch {
        return [];
      }
    });
}

/** One that has just ended by itself is as good. */
function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
