import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Toolchain } from "../../toolchain/build/main";
import { Sandbox } from "../e2e/support/sandbox";
import { emptyPack } from "./support/emptyPack";

/**
 * How long a preview without changes takes, and where the time goes. Every row adds one thing to the row before it;
 * the floor has what no program can do without: the CLI, both plugins with a resource each, an empty policy pack.
 * Figures of one run on one machine: compare ratios, not seconds.
 */
const RUNS = Number(process.env.RUNS ?? 5);
/** Design: the reference site takes at most this many times the floor, with the refresh apart. */
const LIMIT = 1.3;

function main(): void {
  const sandbox = new Sandbox("bench");
  try {
    sandbox.labCommand("start");
    const up = sandbox.make("up");
    if (up.code !== 0) throw new Error(up.text);
    const floor = floorProgram(sandbox);
    const ours = (...args: string[]) => timed(sandbox, "toolchain/bin/pulumi", args, SITE);
    const rows: [string, () => number][] = [
      ["the CLI alone (version)", () => timed(sandbox, floor.cli, ["version"], floor.env)],
      ["the floor", floor.preview],
      ["the launcher (version)", () => ours("version")],
      ["reference site, no refresh, no policies", () => ours("preview", "--refresh=false")],
      ["… and policies", () => ours("preview", "--refresh=false", ...PACK)],
      ["… and refresh", () => ours("preview", ...PACK)],
      ["make preview", () => timed(sandbox, "make", ["preview"], {})],
    ];
    process.stdout.write(`${"".padEnd(42)}  best    median of ${RUNS}\n`);
    // In turns, so that whatever else the machine does meets all rows alike.
    const rounds = Array.from({ length: RUNS }, () => rows.map(([, run]) => run()));
    const best = rows.map(([name], row) => {
      const all = rounds.map((round) => round[row] ?? Number.NaN);
      const least = Math.min(...all);
      const figures = [least, median(all)].map((seconds) => seconds.toFixed(2).padStart(6));
      process.stdout.write(`${name.padEnd(42)}${figures.join(" s  ")} s\n`);
      return least;
    });
    const [, base = 1, , , whole = 0] = best;
    const ratio = whole / base;
    process.stdout.write(`\nwithout refresh: ${ratio.toFixed(2)} × the floor (limit ${LIMIT})\n`);
    process.exitCode = ratio <= LIMIT ? 0 : 1;
  } finally {
    sandbox.dispose();
  }
}

const SITE = { PULUMI_STACK: "dev" };
const PACK = ["--policy-pack", "policy"];

/** One resource of each plugin on the same lab, built, with an empty policy pack beside it. */
function floorProgram(sandbox: Sandbox) {
  const folder = join(sandbox.root, "toolchain/smoke");
  const pack = emptyPack(sandbox);
  const { cli, path, home = "" } = JSON.parse(sandbox.read(".stamps/toolchain.json")) as Toolchain;
  const { ssh, api = "" } = sandbox.lab.host("pve01");
  const token = sandbox.lab.ssh(
    "pve01",
    "pveum user token add root@pam floor --privsep 0 --output-format json",
  );
  const { value } = JSON.parse(token) as { value: string };
  const [, hostKey = ""] =
    readFileSync(ssh.knownHosts, "utf8").match(/^\[127\.0\.0\.1\]:\d+ (.+)$/m) ?? [];
  const env = {
    PATH: [...path, process.env.PATH].join(":"),
    PULUMI_HOME: home,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_CONFIG_PASSPHRASE: "floor",
    PROXMOX_VE_ENDPOINT: api,
    PROXMOX_VE_API_TOKEN: `root@pam!floor=${value}`,
    SSL_CERT_FILE: sandbox.lab.status().ca,
    SMOKE_CONNECTION: JSON.stringify({
      host: ssh.host,
      port: ssh.port,
      user: ssh.user,
      hostKey,
      privateKey: readFileSync(ssh.key, "utf8"),
    }),
  };
  const run = (args: string[]) => timed(sandbox, cli, [...args, "--cwd", folder], env);
  run(["stack", "init", "floor"]);
  run(["up", "--yes", "--skip-preview", "--stack", "floor"]);
  const preview = () => run(["preview", "--stack", "floor", "--policy-pack", pack]);
  return { cli, env, preview };
}

/** Seconds that a program takes; one that fails has no time. */
function timed(
  sandbox: Sandbox,
  program: string,
  args: string[],
  env: Record<string, string>,
): number {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: sandbox.root,
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} failed:\n${stdout}${stderr}`);
  return (performance.now() - started) / 1000;
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

main();
