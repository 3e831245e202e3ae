import type { Hono } from "hono";
import type { ControlledLab } from "./lab";
import { fieldsOf, numberIn } from "./requests";

/** Beyond that time no longer goes evenly; for more there is `advance`. */
const FASTEST = 10_000;
/** A jump runs everything that would have happened meanwhile, and its caller waits for that. */
const LONGEST_S = 31 * 86_400;

/**
 * The lab's time: `GET /lab/clock`, `PUT /lab/clock` `{speed}` (0 stands still), `POST /lab/clock/advance` `{seconds}`,
 * which answers when everything that falls due until then has happened. `now` is in epoch milliseconds.
 */
export function clockRoutes(app: Hono, lab: ControlledLab): void {
  const told = () => ({ now: lab.clock.now(), speed: lab.clock.speed });
  const keep = (): Promise<void> => {
    lab.site.state.clock = lab.clock.save();
    return lab.site.commit();
  };
  app.get("/lab/clock", (context) => context.json(told()));
  app.put("/lab/clock", async (context) => {
    const what = `how much faster than real time the lab's goes, from 0 (stands still) to ${FASTEST}`;
    const speed = numberIn(await fieldsOf(context), "speed", 0, FASTEST, what);
    lab.clock.setSpeed(speed);
    await keep();
    lab.events.note("lab", "clock", speed === 0 ? "time stands still" : `time goes ${speed}-fold`);
    return context.json(told());
  });
  app.post("/lab/clock/advance", async (context) => {
    const what = `a number of seconds up to ${LONGEST_S} (31 days)`;
    const seconds = numberIn(await fieldsOf(context), "seconds", 0, LONGEST_S, what);
    const from = lab.clock.now();
    const moved = lab.clock.advance(seconds * 1000);
    await keep();
    await moved;
    lab.events.note("lab", "clock", `time was moved by ${seconds} s from ${isoTime(from)}`);
    return context.json(told());
  });
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
