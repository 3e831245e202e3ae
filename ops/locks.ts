import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ROOT } from "../toolchain/launcher/root";
import { OpsError } from "./errors";

/** What the CLI writes into a lock of a self-managed backend. */
interface Lock {
  pid: number;
  username: string;
  hostname: string;
  timestamp: string;
}

/** Removes a lock whose process on this machine is dead. Any other is somebody's, and is only explained. */
export function clearDeadLock(stack: string): string[] {
  const folder = lockFolder(stack);
  if (!folder || !existsSync(folder)) return [];
  // Beside each lock lies a file of the backend's own.
  const locks = readdirSync(folder).filter((file) => file.endsWith(".json"));
  return locks.flatMap((file) => {
    const path = join(folder, file);
    const lock = JSON.parse(readFileSync(path, "utf8")) as Lock;
    const since = new Date(lock.timestamp).toLocaleString();
    if (lock.hostname !== hostname()) {
      throw new OpsError(
        `Stack ${stack} is locked by ${lock.username} on ${lock.hostname} since ${since}. Ask there. ` +
          `If that run is dead for certain: pulumi cancel --stack ${stack}`,
      );
    }
    if (isAlive(lock.pid)) {
      throw new OpsError(
        `Another run on stack ${stack} is under way (process ${lock.pid}, ${lock.username}, since ${since}). Wait for its end.`,
      );
    }
    rmSync(path, { force: true });
    return [`removed the lock of a run that was killed (process ${lock.pid}, since ${since})`];
  });
}

/** The file backend's; other backends answer `pulumi cancel`. */
function lockFolder(stack: string): string | undefined {
  const backend = process.env.PULUMI_BACKEND_URL ?? `file://${join(ROOT, ".state")}`;
  if (!backend.startsWith("file://")) return undefined;
  const root = backend.startsWith("file:///")
    ? fileURLToPath(backend)
    : backend.slice("file://".length);
  return join(root, ".pulumi/locks/organization/proxmox-ha", stack);
}

/** A number is used again after a while, and a killed process may wait as a zombie for its parent. */
function isAlive(pid: number): boolean {
  try {
    const state = /.*\) (\S)/s.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1];
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return state !== "Z" && state !== "X" && command.includes("pulumi");
  } catch {
    return false;
  }
}
