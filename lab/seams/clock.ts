/**
 * The only source of time in the lab. Handlers, corosync and the HA manager ask it for "now" and for timers, so
 * that tests run hours of site time in milliseconds. Times are epoch milliseconds.
 */
export interface Clock {
  now(): number;
  /** Runs `action` once after `ms`; the returned function cancels it. */
  after(ms: number, action: () => void): () => void;
}

export const realClock: Clock = {
  now: () => Date.now(),
  after: (ms, action) => {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
};

export function sleep(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve);
  });
}

const MINUTE_MS = 60_000;

/** Runs `action` at the beginning of every minute, as cron does; the returned function ends it. */
export function eachMinute(clock: Clock, action: () => void): () => void {
  let cancel = (): void => {};
  const wait = (): void => {
    cancel = clock.after(MINUTE_MS - (clock.now() % MINUTE_MS), () => {
      action();
      wait();
    });
  };
  wait();
  return () => cancel();
}

/** Whole seconds since the epoch, the unit of most PVE fields. */
export function seconds(clock: Clock): number {
  return Math.floor(clock.now() / 1000);
}

/** `Mon Nov 23 10:24:19 2026`, as Perl's scalar localtime prints epoch seconds. */
export function asctime(seconds: number): string {
  const parts = new Date(seconds * 1000).toUTCString().split(/[ ,]+/);
  const [weekday, day = "", month, year, hour] = parts;
  return `${weekday} ${month} ${String(Number(day)).padStart(2, " ")} ${hour} ${year}`;
}

interface Pending {
  due: number;
  order: number;
  action: () => void;
}

/** A clock that stands still until a test moves it. Timers run in the order of their due times. */
export class VirtualClock implements Clock {
  private pending: Pending[] = [];
  private order = 0;

  constructor(private time: number = Date.UTC(2026, 0, 1)) {}

  now(): number {
    return this.time;
  }

  after(ms: number, action: () => void): () => void {
    const entry = { due: this.time + Math.max(0, ms), order: this.order++, action };
    this.pending.push(entry);
    return () => {
      this.pending = this.pending.filter((other) => other !== entry);
    };
  }

  /** When the next timer falls due; undefined while nothing waits. */
  get next(): number | undefined {
    const first = Math.min(...this.pending.map(({ due }) => due));
    return first === Infinity ? undefined : first;
  }

  /** Moves time forward by `ms`, running every timer that falls due, and lets promises settle in between. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      await settle();
      const next = this.pending
        .filter((entry) => entry.due <= end)
        .sort((a, b) => a.due - b.due || a.order - b.order)[0];
      if (!next) break;
      this.pending = this.pending.filter((entry) => entry !== next);
      this.time = Math.max(this.time, next.due);
      next.action();
    }
    this.time = end;
    await settle();
  }
}

/** Handlers await a few promises between two timers; a macrotask lets all of them run. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
