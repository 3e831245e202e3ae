import fc from "fast-check";
import { anySchedule, run } from "./schedule";
import type { SiteKind } from "./seeds";

/**
 * Runs random schedules on a kind of site: `LAB_SCHEDULES` of them or `usual`. Says how many there were, and throws
 * with the smallest one that breaks a rule.
 */
export async function holdsAlways(kind: SiteKind, usual: number): Promise<void> {
  const { LAB_SCHEDULES } = process.env;
  const sum = { schedules: 0, steps: 0, siteSeconds: 0, acknowledged: 0, errors: 0 };
  const schedules = fc.asyncProperty(anySchedule(kind), async (schedule) => {
    const world = await run(kind, schedule);
    sum.schedules++;
    sum.steps += schedule.actions.length;
    sum.siteSeconds += world.seconds;
    sum.acknowledged += world.promises.made;
    sum.errors += world.freed;
    if (world.problems.length > 0) throw new Error(world.problems.join("\n"));
  });
  const begun = Date.now();
  try {
    await fc.assert(schedules, { numRuns: Number(LAB_SCHEDULES ?? usual) });
  } finally {
    const hours = Math.round(sum.siteSeconds / 3600);
    const words = [
      `${sum.schedules} schedules`,
      `${sum.steps} steps`,
      `${hours} hours of the site`,
      `${sum.acknowledged} acknowledged changes`,
      `${sum.errors} guests freed from error`,
      `${Math.round((Date.now() - begun) / 1000)} s`,
      `seed ${fc.readConfigureGlobal().seed}`,
    ];
    process.stderr.write(`${kind}: ${words.join(", ")}\n`);
  }
}
