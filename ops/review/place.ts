import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PREFIX = "proxmox-ha-review-";

/** A folder outside of the clone that holds all of a review, so that nothing of it meets the clone's own lab and state. */
export interface Place {
  /** The clone that is reviewed. */
  root: string;
  folder: string;
  /** The base commit's files. */
  base: string;
  /** A copy of the work tree: the CLI writes into the folder that it works in. */
  head: string;
  lab: string;
  state: string;
}

export function makePlace(root: string, parent = tmpdir()): Place {
  removeLeftovers(root, parent);
  return placeIn(root, mkdtempSync(join(parent, `${PREFIX}${process.pid}-`)));
}

export function placeIn(root: string, folder: string): Place {
  const at = (name: string): string => join(folder, name);
  return { root, folder, base: at("base"), head: at("head"), lab: at("lab"), state: at("state") };
}

/** A lab without hosts yet, and no state. */
export function emptySite({ root, lab, state }: Place): void {
  stopLab(root, lab);
  for (const folder of [lab, state]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { mode: 0o700 });
  }
}

export function removePlace({ root, folder, lab }: Place): void {
  stopLab(root, lab);
  rmSync(folder, { recursive: true, force: true });
  // Git keeps a note of each of its work trees, until it is told that one is gone.
  spawnSync("git", ["worktree", "prune"], { cwd: root });
}

/** By a process of its own, which nobody ends: tsx kills whoever takes more than a moment over a signal. */
export function removePlaceLater({ root, folder }: Place): void {
  const args = ["--require", "tsx/cjs", "ops/review/clean.ts", root, folder];
  spawn(process.execPath, args, { cwd: root, detached: true, stdio: "ignore" }).unref();
}

function stopLab(root: string, lab: string): void {
  if (!existsSync(join(lab, "pid"))) return;
  spawnSync(process.execPath, ["--require", "tsx/cjs", "lab/cli.ts", "--dir", lab, "stop"], {
    cwd: root,
  });
}

/** A review that was killed could not do it itself. What other users have left is theirs. */
function removeLeftovers(root: string, parent: string): void {
  for (const name of readdirSync(parent).filter((entry) => entry.startsWith(PREFIX))) {
    const folder = join(parent, name);
    const pid = Number(/^\d+(?=-)/.exec(name.slice(PREFIX.length))?.[0] ?? Number.NaN);
    const ours = statSync(folder, { throwIfNoEntry: false })?.uid === process.getuid?.();
    if (ours && pid > 0 && !existsSync(`/proc/${pid}`)) removePlace(placeIn(root, folder));
  }
}
