import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Toolchain } from "../../toolchain/build/main";
import { Sandbox } from "../e2e/support/sandbox";
import { emptyPack } from "./support/emptyPack";

/**
 * What the policies add to a preview of many guests, and how that grows. CrossGuard asks a pack twice about each resource,
 * whatever is in it: a pack without a policy shows what that takes, and ours is measured by it. The program is the one in
 * policies/; a preview of what is all new needs no Proxmox VE. Figures of one machine: compare ratios, not seconds.
 */
const RUNS = Number(process.env.RUNS ?? 5);
const SIZES = [250, 1000];
/** At 1,000 guests a preview with our policies takes at most this many times one with an empty pack. */
const LIMIT = 1.1;

type Pack = "none" | "empty" | "ours";

function main(): void {
  const sandbox = new Sandbox("bench-policies");
  try {
    const preview = prepare(sandbox);
    const columns: Pack[] = ["none", "empty", "ours"];
    process.stdout.write(`guests   no pack  empty pack    ours   (medians of ${RUNS})\n`);
    const rows = SIZES.map((guests) => {
      // In turns, so that whatever else the machine does meets all alike.
      const rounds = Array.from({ length: RUNS }, () =>
        columns.map((pack) => preview(guests, pack)),
      );
      const [none = Number.NaN, empty = Number.NaN, ours = Number.NaN] = columns.map((_, column) =>
        median(rounds.map((round) => round[column] ?? Number.NaN)),
      );
      const figures = [none, empty, ours].map((seconds) => seconds.toFixed(2).padStart(7));
      process.stdout.write(`${String(guests).padEnd(6)} ${figures.join(" s  ")} s\n`);
      return { guests, none, empty, ours };
    });
    const [first, last] = rows;
    if (!first || !last) throw new Error("nothing was measured");
    const ratio = last.ours / last.empty;
    const growth = (last.ours - last.none) / (first.ours - first.none);
    process.stdout.write(
      `\nwith ${last.guests} guests: ${ratio.toFixed(2)} × the time with an empty pack (limit ${LIMIT}), which takes ` +
        `${(last.empty / last.none).toFixed(2)} × the time without one; ` +
        `${last.guests / first.guests} × the guests take ${growth.toFixed(1)} × the time more\n`,
    );
    process.exitCode = ratio <= LIMIT ? 0 : 1;
  } finally {
    sandbox.dispose();
  }
}

/** Seconds of a preview of so many guests. */
function prepare(sandbox: Sandbox): (guests: number, pack: Pack) => number {
  const folder = join(sandbox.root, "tests/bench/policies");
  const state = join(sandbox.root, ".bench");
  mkdirSync(state);
  const { cli, path, home = "" } = JSON.parse(sandbox.read(".stamps/toolchain.json")) as Toolchain;
  const run = (args: string[], guests: number): number => {
    const env = {
      PATH: [...path, process.env.PATH].join(":"),
      HOME: process.env.HOME,
      GUESTS: String(guests),
      // Whatever a new rule finds, it is not what is measured.
      PROXMOX_HA_EMERGENCY: "benchmark",
      PULUMI_HOME: home,
      PULUMI_BACKEND_URL: `file://${state}`,
      PULUMI_CONFIG_PASSPHRASE: "bench",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    };
    const started = performance.now();
    const result = spawnSync(cli, [...args, "--stack", "bench"], {
      cwd: folder,
      encoding: "utf8",
      env,
      maxBuffer: 256 * 1024 ** 2,
    });
    const seconds = (performance.now() - started) / 1000;
    if (result.status !== 0) throw new Error(`${result.stdout}${result.stderr}`.slice(-4000));
    return seconds;
  };
  run(["stack", "init"], 0);
  const packs: Record<Pack, string[]> = {
    none: [],
    empty: ["--policy-pack", emptyPack(sandbox)],
    ours: ["--policy-pack", join(sandbox.root, "policy")],
  };
  return (guests, pack) => run(["preview", ...packs[pack]], guests);
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

main();
