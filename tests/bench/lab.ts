import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startFakePve } from "./support/fakepve";
import { benchLab } from "./support/manyGuests";
import { requestsPerSecond, type Target } from "./support/load";

/**
 * What the lab costs with many guests, beside the best public fake of Proxmox VE, in turns on one machine. Compare
 * ratios, not requests per second.
 */
const GUESTS = Number(process.env.GUESTS ?? 1000);
const ROUNDS = Number(process.env.RUNS ?? 3);
const SECONDS = 4;
/** Design, §8 budgets. */
const LIMITS = { ratio: 10, startSeconds: 1, megabytes: 150 };

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "bench-lab-"));
  const stops: (() => Promise<void>)[] = [];
  try {
    process.stdout.write(`Preparing ${GUESTS} guests\n`);
    const lab = await benchLab(join(folder, "lab"), GUESTS);
    stops.push(lab.stop);
    const fake = await startFakePve(folder, GUESTS);
    stops.push(fake.stop);
    const rates = { lab: 0, fake: 0 };
    for (let round = 1; round <= ROUNDS; round++) {
      const now = { lab: await rate(lab.target), fake: await rate(fake.target) };
      process.stdout.write(
        `round ${round}: lab ${now.lab.toFixed(0)} requests/s, fakepve ${now.fake.toFixed(0)}\n`,
      );
      rates.lab = Math.max(rates.lab, now.lab);
      rates.fake = Math.max(rates.fake, now.fake);
    }
    const results = [
      verdict(
        "GET /cluster/resources",
        rates.lab / rates.fake,
        "× fakepve's requests/s",
        LIMITS.ratio,
        true,
      ),
      verdict("start", lab.startSeconds, "s", LIMITS.startSeconds, false),
      verdict("memory after all that", lab.megabytes(), "MB", LIMITS.megabytes, false),
    ];
    process.exitCode = results.every(Boolean) ? 0 : 1;
  } finally {
    for (const stop of stops) await stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const rate = (target: Target): Promise<number> =>
  requestsPerSecond(target, "/api2/json/cluster/resources", GUESTS, SECONDS);

function verdict(
  what: string,
  value: number,
  unit: string,
  limit: number,
  isLeast: boolean,
): boolean {
  const holds = isLeast ? value >= limit : value <= limit;
  const bound = `${isLeast ? "at least" : "at most"} ${limit}`;
  process.stdout.write(
    `${holds ? "holds" : "FAILS"}  ${what}: ${value.toFixed(2)} ${unit} (${bound})\n`,
  );
  return holds;
}

main().catch((error: Error) => {
  process.stderr.write(`bench-lab: ${error.message}\n`);
  process.exitCode = 1;
});
