import type { Clock } from "./clock";

/** A clock whose timers can be ended all at once: what waits for one never goes on. */
export class EndingClock implements Clock {
  private readonly timers = new Set<() => void>();
  private ended = false;

  constructor(private readonly clock: Clock) {}

  now(): number {
    return this.clock.now();
  }

  after(ms: number, action: () => void): () => void {
    if (this.ended) return () => undefined;
    const cancel = this.clock.after(ms, () => {
      this.timers.delete(cancel);
      action();
    });
    this.timers.add(cancel);
    return () => {
      this.timers.delete(cancel);
      cancel();
    };
  }

  end(): void {
    this.ended = true;
    for (const cancel of this.timers) cancel();
    this.timers.clear();
  }
}
