import type { VirtualClock } from "../../../lab/seams/clock";
import { isMaking } from "./keys";

/** Turns of the event loop in which everything that needs no time gets done. */
const TURNS = 3;
/** Milliseconds of the machine for one piece of work: more is a mistake, or a machine that does much else. */
const LONGEST = 240_000;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Waits for `work`. Whenever all wait for time, it moves on to the next thing that is due, and no further; `limit` is in
 * seconds of the lab. `look` is called at every such moment.
 */
export async function drive<T>(
  clock: VirtualClock,
  work: Promise<T>,
  limit: number,
  look: () => void = () => undefined,
): Promise<T> {
  let done = false;
  const ended = (): void => void (done = true);
  work.then(ended, ended);
  const end = clock.now() + limit * 1000;
  const started = Date.now();
  while (!done) {
    for (let count = 0; count < TURNS && !done; count++) await turn();
    if (done) break;
    look();
    const { next } = clock;
    if (next !== undefined && next > end) throw new Error(`not done after ${limit} s of the lab`);
    if (Date.now() - started > LONGEST) throw new Error("what the lab waits for does not happen");
    if (next === undefined || isMaking()) await new Promise((resolve) => setTimeout(resolve, 1));
    else await clock.advance(next - clock.now());
  }
  return work;
}
