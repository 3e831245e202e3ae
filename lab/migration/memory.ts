import { die } from "../api/errors";
import { isRunning, run, runState, setPaused } from "../guests/power";
import { memoryOf } from "../guests/status";
import { traitsOf } from "../guests/traits";
import { bytes } from "./log";
import type { Journey } from "./journey";
import { type Memory, precopy } from "./precopy";

/** Video memory and firmware, which cross with the guest's own memory. */
const DEVICE_MEMORY = 9_248_768;
const LONGEST_DOWNTIME = 2_000_000;

/**
 * Sends a running VM's memory and hands the VM over: `handOver` makes it the target's. It answers until its memory has
 * crossed, and again after the downtime, on the target; never on both.
 */
export async function sendMemory(journey: Journey, handOver: () => void): Promise<void> {
  const { site, guest, request, log } = journey;
  const uri = `unix:/run/qemu-server/${guest.vmid}.migrate`;
  const speed = Number(guest.config.migrate_speed ?? 0);
  const bandwidth = journey.bandwidth(speed);
  const limit = downtimeLimit(guest.config.migrate_downtime);
  const memory = memoryToSend(journey);
  log.info(`starting online/live migration on ${uri}`);
  log.info("set migration capabilities");
  if (bandwidth < journey.link) log.info(`migration speed limit: ${bytes(bandwidth)}/s`);
  log.info(`migration downtime limit: ${limit} ms`);
  log.info(`migration cachesize: ${bytes(cacheSize(memoryOf(guest)))}`);
  log.info("set migration parameters");
  log.info(`start migrate command to ${uri}`);
  const plan = precopy(memory, bandwidth, limit);
  const started = site.clock.now();
  await sendRounds(journey, plan, memory.total, bandwidth);
  const paused = runState(site, guest)?.paused;
  setPaused(site, guest, "migration");
  if (Number.isFinite(bandwidth)) await journey.pass(plan.downtime / 1000);
  requireBothEnds(journey);
  const { node } = request;
  handOver();
  delete site.nodeState(node).running[String(guest.vmid)];
  run(site, guest, 0);
  if (paused !== undefined) setPaused(site, guest, paused);
  // PVE looks once a second, so a migration takes at least that.
  const seconds = Math.max(1, Math.floor((site.clock.now() - started) / 1000));
  log.info(
    `average migration speed: ${bytes(memory.total / seconds)}/s - downtime ${plan.downtime} ms`,
  );
  log.info(`migration completed, transferred ${bytes(plan.transferred)} VM-state`);
  log.info("migration status: completed");
}

async function sendRounds(
  journey: Journey,
  plan: ReturnType<typeof precopy>,
  total: number,
  bandwidth: number,
): Promise<void> {
  const { log } = journey;
  const seconds = plan.rounds.reduce((sum, round) => sum + round.seconds, 0);
  const ends = plan.rounds.map((_, index) =>
    plan.rounds.slice(0, index + 1).reduce((sum, round) => sum + round.seconds, 0),
  );
  const raised = plan.raised.map(({ beforeRound, limit }) => ({
    at: ends[beforeRound - 1] ?? 0,
    limit,
  }));
  for (let passed = 0; passed < seconds;) {
    const step = Math.min(1, seconds - passed);
    await journey.pass(step);
    requireBothEnds(journey);
    passed += step;
    if (step === 1) {
      const sent = bytes(passed * bandwidth);
      log.info(
        `migration active, transferred ${sent} of ${bytes(total)} VM-state, ${bytes(bandwidth)}/s`,
      );
    }
    while (raised[0] && raised[0].at <= passed) {
      log.info(`auto-increased downtime to continue migration: ${raised.shift()?.limit} ms`);
    }
  }
}

/** A process that is gone, or a target that does not answer, ends the migration; the VM goes on where it is. */
function requireBothEnds(journey: Journey): void {
  const { site, guest, request, log, process } = journey;
  const failed = (words: string): Error => {
    const state = runState(site, guest);
    if (state?.paused === "migration") setPaused(site, guest, undefined);
    log.info(`migration status error: failed - ${words}`);
    return die("aborting");
  };
  if (!isRunning(site, guest) || runState(site, guest) !== process) {
    throw failed("the VM is not running any more");
  }
  if (!site.hardware.canReach(request.node, request.target)) {
    throw failed("Unable to write to socket: Broken pipe");
  }
  if (!site.quorum.isQuorate(request.node)) {
    throw failed("cluster not ready - no quorum?");
  }
}

function memoryToSend({ site, guest }: Journey): Memory {
  const { memoryUsed, dirtyRate } = traitsOf(site, guest);
  const total = memoryOf(guest);
  // A paused VM changes nothing.
  const busy = runState(site, guest)?.paused === undefined;
  return {
    total: total + DEVICE_MEMORY,
    used: total * memoryUsed,
    dirtyRate: busy ? dirtyRate : 0,
  };
}

/** `migrate_downtime` in seconds → milliseconds that PVE allows at first. */
function downtimeLimit(seconds = "0.1"): number {
  return Math.min(LONGEST_DOWNTIME, Math.round(Number(seconds) * 1000));
}

/** A tenth of the memory, up to the next power of two. */
function cacheSize(memory: number): number {
  return 2 ** (Math.floor(Math.log2(Math.floor(memory / 10) - 1)) + 1);
}
