import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LabStatus } from "../../../lab/status";

export const ROOT = join(__dirname, "../../..");
const parents: string[] = [];

/** A lab of its own in a temporary folder, driven by the command as a user does. */
export class Clone {
  readonly dir: string;

  constructor() {
    const parent = mkdtempSync(join(tmpdir(), "lab-cli-"));
    parents.push(parent);
    this.dir = join(parent, "lab");
  }

  lab(...args: string[]): { code: number | null; out: string; err: string } {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["--require", "tsx/cjs", "lab/cli.ts", "--dir", this.dir, ...args],
      { cwd: ROOT, encoding: "utf8" },
    );
    return { code: status, out: stdout, err: stderr };
  }

  /** What a command prints that must succeed. */
  out(...args: string[]): string {
    const { code, out, err } = this.lab(...args);
    if (code !== 0) throw new Error(`lab ${args.join(" ")}: exit ${code}\n${err}`);
    return out.trimEnd();
  }

  status(): LabStatus {
    return JSON.parse(this.lab("status", "--json").out) as LabStatus;
  }

  pid(): number {
    return Number(readFileSync(join(this.dir, "pid"), "utf8"));
  }
}

/** Stops every lab of this file and removes its folder. */
export function removeClones(): void {
  for (const parent of parents) {
    spawnSync(
      process.execPath,
      ["--require", "tsx/cjs", "lab/cli.ts", "--dir", join(parent, "lab"), "stop"],
      { cwd: ROOT },
    );
    rmSync(parent, { recursive: true, force: true });
  }
}

export function ssh(host: LabStatus["nodes"][number] | LabStatus["witness"], command: string) {
  const { ssh: access } = host;
  const { status: code, stdout } = spawnSync(
    "ssh",
    [
      ...["-F", "/dev/null", "-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes"],
      ...["-o", `UserKnownHostsFile=${access.knownHosts}`, "-o", "StrictHostKeyChecking=yes"],
      ...["-i", access.key, "-p", String(access.port), `${access.user}@${access.host}`, command],
    ],
    { encoding: "utf8", input: "" },
  );
  return { code, out: stdout };
}
