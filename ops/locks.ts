import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { homedir, hostname } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { stackName } from "../toolchain/launcher/arguments";
import { OpsError } from "./errors";
import type { Stack } from "./stack";

/** What the CLI writes into a lock of a self-managed backend. */
interface Lock {
  pid: number;
  username: string;
  hostname: string;
  timestamp: string;
}

/** Removes a lock whose process on this machine is dead. Any other is somebody's, and is only explained. */
export function clearDeadLock(stack: Stack): string[] {
  const folder = lockFolder(stack);
  if (!folder || !existsSync(folder)) return [];
  // Beside each lock lies a file of the backend's own.
  const locks = readdirSync(folder).filter((file) => file.endsWith(".json"));
  return locks.flatMap((file) => {
    const path = join(folder, file);
    const lock = readLock(path, stack);
    if (!lock) return [];
    const since = localTime(lock.timestamp);
    if (lock.hostname !== hostname()) {
      throw new OpsError(
        `Stack ${stack.name} is locked by ${lock.username} on ${lock.hostname} since ${since}. Ask there. ` +
          `If that run is dead for certain: pulumi cancel --stack ${stack.name}`,
      );
    }
    if (isAlive(lock.pid)) {
      throw new OpsError(
        `Another run on stack ${stack.name} is under way (process ${lock.pid}, ${lock.username}, since ${since}). Wait for its end.`,
      );
    }
    rmSync(path, { force: true });
    return [`removed the lock of a run that was killed (process ${lock.pid}, since ${since})`];
  });
}

/** `YYYY-MM-DD HH:MM` where this runs. What is no time is told as it stands. */
function localTime(timestamp: string): string {
  const time = new Date(timestamp);
  if (Number.isNaN(time.getTime())) return timestamp;
  const two = (value: number): string => String(value).padStart(2, "0");
  const date = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join("-");
  return `${date} ${two(time.getHours())}:${two(time.getMinutes())}`;
}

/** Undefined when its owner has removed it meanwhile. */
function readLock(path: string, stack: Stack): Lock | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
  try {
    const lock = JSON.parse(text) as Partial<Lock> | null;
    if (typeof lock?.pid === "number" && lock.hostname && lock.timestamp) return lock as Lock;
  } catch {
    // Told below.
  }
  throw new OpsError(
    `Stack ${stack.name} has a lock that tells nothing of its owner: ${path}. ` +
      `If no run on this stack is under way anywhere: pulumi cancel --stack ${stack.name}`,
  );
}

/** The file backend's; other backends answer `pulumi cancel`. */
function lockFolder(stack: Stack): string | undefined {
  const backend = backendFolder(stack);
  return backend && join(backend, ".pulumi/locks/organization/proxmox-ha", stackName(stack.name));
}

/** Where a file backend keeps everything; undefined for any other backend. */
export function backendFolder(stack: Stack): string | undefined {
  const backend = process.env.PULUMI_BACKEND_URL ?? `file://${join(stack.root, ".state")}`;
  if (!backend.startsWith("file://")) return undefined;
  const folder = backend.startsWith("file:///")
    ? fileURLToPath(backend)
    : backend.slice("file://".length).replace(/^~(?=\/|$)/, homedir());
  return resolve(stack.root, folder);
}

/** A number is used again after a while; and a killed process that its parent has not buried has no command line. */
function isAlive(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("pulumi");
  } catch {
    return false;
  }
}
