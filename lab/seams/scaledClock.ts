import type { Clock } from "./clock";

/** How a lab's own time goes; kept with the lab's state, so that it goes on after a restart. */
export interface ClockRecord {
  /** Seconds of the lab for one of the machine; 0 stands still. */
  speed: number;
  /** Epoch milliseconds in the lab, when the machine's clock said `real`. */
  site: number;
  real: number;
  /** The lab was stopped then. Until it starts again its time goes no faster than the machine's. */
  stopped?: true;
}

interface Timer {
  due: number;
  action: () => void;
}

/** As long as Node's timers can wait. */
const LONGEST_WAIT_MS = 2_000_000_000;

/**
 * Time that can be sped up, slowed down, stopped and moved forward, over the machine's clock. It never passes a timer
 * that has not run: each sees exactly the time for which it was set, one after the other, however far time jumps and
 * however busy the process is. It never goes backwards.
 */
export class ScaledClock implements Clock {
  /** In the order in which they run. */
  private timers: Timer[] = [];
  /** What is told when time has come there and every timer until then has run. */
  private goals: Timer[] = [];
  /** The latest time that anybody was told. */
  private told: number;
  /** While timers run: the time of the one that does. */
  private current: number | undefined;
  private running = false;
  private cancelWait: () => void = () => undefined;
  private record: ClockRecord;

  /**
   * `record` is what `save()` gave in an earlier run. `settle` waits for what a timer has set off, before the next one
   * runs.
   */
  constructor(
    private readonly real: Clock,
    record?: ClockRecord,
    private readonly settle: () => Promise<void> = nextTurn,
  ) {
    this.record = resumed(record, real.now());
    this.told = Math.floor(this.record.site);
  }

  get speed(): number {
    return this.record.speed;
  }

  now(): number {
    const first = this.timers[0]?.due ?? Infinity;
    const time = this.current ?? Math.min(this.target(), first);
    this.told = Math.max(this.told, Math.floor(time));
    return this.told;
  }

  after(ms: number, action: () => void): () => void {
    const timer = { due: this.now() + Math.max(0, ms), action };
    const later = this.timers.findIndex(({ due }) => due > timer.due);
    this.timers.splice(later < 0 ? this.timers.length : later, 0, timer);
    if (this.timers[0] === timer) this.wait();
    return () => {
      const isNext = this.timers[0] === timer;
      this.timers = this.timers.filter((other) => other !== timer);
      if (isNext) this.wait();
    };
  }

  /** Seconds of the lab for one of the machine, from now on. */
  setSpeed(speed: number): void {
    this.record = { speed, site: Math.max(this.told, this.target()), real: this.real.now() };
    this.wait();
  }

  /** Moves time forward; over when everything that falls due until then has run. */
  async advance(ms: number): Promise<void> {
    const goal = this.target() + ms;
    this.record = { ...this.record, site: this.record.site + ms };
    const reached = new Promise<void>((resolve) => this.goals.push({ due: goal, action: resolve }));
    if (!this.running) void this.run();
    await reached;
  }

  /** What the next run of the lab needs to go on; `stopped` if this one ends now. */
  save(stopped = false): ClockRecord {
    const site = Math.max(this.told, this.target());
    const record = { speed: this.record.speed, site, real: this.real.now() };
    return stopped ? { ...record, stopped: true } : record;
  }

  /** Where time would be, were no timer in its way. */
  private target(): number {
    const { speed, site, real } = this.record;
    return site + Math.max(0, this.real.now() - real) * speed;
  }

  /** Sleeps until the next timer is due. */
  private wait(): void {
    if (this.running) return;
    this.cancelWait();
    const [first] = this.timers;
    if (!first) return;
    const left = Math.max(0, first.due - this.target());
    if (left > 0 && this.speed === 0) return;
    const ms = left === 0 ? 0 : Math.min(Math.ceil(left / this.speed), LONGEST_WAIT_MS);
    this.cancelWait = this.real.after(ms, () => void this.run());
  }

  private async run(): Promise<void> {
    this.running = true;
    this.cancelWait();
    for (let timer = this.nextDue(); timer; timer = this.nextDue()) {
      this.current = timer.due;
      timer.action();
      await this.settle();
    }
    this.current = undefined;
    this.running = false;
    this.wait();
  }

  private nextDue(): Timer | undefined {
    const due = this.timers[0]?.due ?? Infinity;
    const target = this.target();
    const goals = this.goals.filter((goal) => goal.due <= target && goal.due < due);
    this.goals = this.goals.filter((goal) => !goals.includes(goal));
    for (const goal of goals) {
      this.told = Math.max(this.told, Math.floor(goal.due));
      goal.action();
    }
    return due <= target ? this.timers.shift() : undefined;
  }
}

function resumed(record: ClockRecord | undefined, real: number): ClockRecord {
  if (!record) return { speed: 1, site: real, real };
  const { speed, site } = record;
  const pace = record.stopped ? Math.min(1, speed) : speed;
  return { speed, site: site + Math.max(0, real - record.real) * pace, real };
}

/** Promises run in between. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
