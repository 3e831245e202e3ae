import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Toolchain } from "../../toolchain/build/main";
import { Sandbox } from "../e2e/support/sandbox";

/**
 * What the policies add to a preview of many guests, and how that grows. The program is the one in policies/; a preview
 * of what is all new needs no Proxmox VE. Figures of one machine: compare ratios, not seconds.
 */
const RUNS = Number(process.env.RUNS ?? 5);
const SIZES = [250, 500, 1000];
/** At 1,000 guests a preview with policies takes at most this many times one without. */
const LIMIT = 1.1;

function main(): void {
  const sandbox = new Sandbox("bench-policies");
  try {
    const preview = prepare(sandbox);
    process.stdout.write(`guests   without      with     more   (medians of ${RUNS})\n`);
    const rows = SIZES.map((guests) => {
      // In turns, so that whatever else the machine does meets both alike.
      const pairs = Array.from({ length: RUNS }, () => [
        preview(guests, false),
        preview(guests, true),
      ]);
      const without = median(pairs.map(([one = Number.NaN]) => one));
      const judged = median(pairs.map(([, one = Number.NaN]) => one));
      const more = judged - without;
      const figures = [without, judged, more].map((seconds) => seconds.toFixed(2).padStart(7));
      process.stdout.write(`${String(guests).padEnd(6)} ${figures.join(" s ")} s\n`);
      return { guests, more, ratio: judged / without };
    });
    const [first, , last] = rows;
    if (!first || !last) throw new Error("nothing was measured");
    const growth = last.more / first.more;
    process.stdout.write(
      `\nwith ${last.guests} guests: ${last.ratio.toFixed(2)} × the time without (limit ${LIMIT}); ` +
        `${last.guests / first.guests} × the guests take ${growth.toFixed(1)} × the time more\n`,
    );
    process.exitCode = last.ratio <= LIMIT ? 0 : 1;
  } finally {
    sandbox.dispose();
  }
}

/** Seconds of a preview of so many guests, with the pack or without. */
function prepare(sandbox: Sandbox): (guests: number, judged: boolean) => number {
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
  const pack = ["--policy-pack", join(sandbox.root, "policy")];
  return (guests, judged) => run(["preview", ...(judged ? pack : [])], guests);
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

main();
