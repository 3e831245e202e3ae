import type { Clock } from "../../../../../lab/seams/clock";

interface Timer {
  due: number;
  action: () => void;
}

/**
 * A virtual clock without promises: the HA manager has none, and a run of hours takes a fraction of the time. Timers
 * run in the order of their due times, those of the same time in the order in which they were set.
 */
export class StepClock implements Clock {
  /** Sorted by due time. */
  private timers: Timer[] = [];

  constructor(private time = Date.UTC(2026, 0, 1)) {}

  now(): number {
    return this.time;
  }

  after(ms: number, action: () => void): () => void {
    const timer = { due: this.time + Math.max(0, ms), action };
    let index = this.timers.length;
    while (index > 0 && (this.timers[index - 1]?.due ?? 0) > timer.due) index--;
    this.timers.splice(index, 0, timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  advance(ms: number): void {
    const end = this.time + ms;
    for (let next = this.timers[0]; next && next.due <= end; next = this.timers[0]) {
      this.timers.shift();
      this.time = next.due;
      next.action();
    }
    this.time = end;
  }
}
