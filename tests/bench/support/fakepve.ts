import { spawn, spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../../toolchain/launcher/root";
import { issueCertificate, createAuthority } from "../../../lab/state/pki";
import type { Target } from "./load";

/** From PyPI, in a virtual environment of its own that is kept for the next run. */
const VERSION = "0.5.0";
const ENVIRONMENT = join(ROOT, ".stamps/fakepve");
const PASSWORD = "bench";

export async function startFakePve(
  folder: string,
  guests: number,
): Promise<{ target: Target; stop: () => Promise<void> }> {
  const program = install();
  const now = Date.now();
  const authority = await createAuthority(now);
  const host = { name: "localhost", address: "127.0.0.1" };
  const { certificate, key } = await issueCertificate(authority, host, now);
  const files = { cert: join(folder, "fake.pem"), key: join(folder, "fake.key") };
  writeFileSync(files.cert, certificate);
  writeFileSync(files.key, key, { mode: 0o600 });
  const inventory = join(folder, "guests.json");
  writeFileSync(inventory, JSON.stringify({ guests: Array.from({ length: guests }, guest) }));
  const options = ["--host", "127.0.0.1", "--port", "0", "--password", PASSWORD];
  const tls = ["--cert", files.cert, "--key", files.key];
  const child = spawn(program, [...options, ...tls, inventory], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, PYTHONUNBUFFERED: "1" },
  });
  const url = await new Promise<string>((resolve, reject) => {
    let text = "";
    const read = (chunk: Buffer): void => {
      text += chunk.toString();
      const found = /https:\/\/\S+/.exec(text)?.[0];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("exit", () => reject(new Error(`fakepve did not start:\n${text}`)));
  });
  return {
    target: { url, ca: authority.certificate, username: "root@pam", password: PASSWORD },
    stop: async () => void child.kill(),
  };
}

function guest(_: unknown, index: number): Record<string, unknown> {
  const vmid = 1000 + index;
  const config = { memory: "512", cores: "1", scsi0: `local-lvm:vm-${vmid}-disk-0,size=8G` };
  return { vmid, name: `guest-${vmid}`, status: index % 2 ? "stopped" : "running", config };
}

function install(): string {
  const program = join(ENVIRONMENT, "bin/fakepve");
  if (existsSync(program)) return program;
  process.stdout.write(`Installing fakepve ${VERSION}\n`);
  run("python3", ["-m", "venv", ENVIRONMENT]);
  run(join(ENVIRONMENT, "bin/pip"), ["install", "--quiet", `fakepve==${VERSION}`]);
  return program;
}

function run(program: string, args: string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: "utf8" });
  if (status === 0) return;
  throw new Error(
    `${program} ${args.join(" ")} failed; fakepve needs Python 3.10 with venv (Debian: python3-venv):\n` +
      (error?.message ?? stderr),
  );
}
