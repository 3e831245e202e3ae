/** The work under way: all of it can be cancelled at once, and each piece has its time limit. */
export class Operations {
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<unknown>>();

  /**
   * Runs a piece of work with a signal that ends it: on `cancel`, or after this many seconds (0: no limit).
   * After `cancel` every further piece finds its signal aborted.
   */
  async run<T>(seconds: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const own = new AbortController();
    const onStop = () => own.abort(this.#stop.signal.reason);
    if (this.#stop.signal.aborted) onStop();
    this.#stop.signal.addEventListener("abort", onStop);
    const limit = `timed out after ${seconds} s (customTimeouts)`;
    const timer =
      seconds > 0 && setTimeout(() => own.abort(new Error(limit)), milliseconds(seconds));
    const running = work(own.signal);
    this.#running.add(running);
    try {
      return await running;
    } finally {
      if (timer) clearTimeout(timer);
      this.#stop.signal.removeEventListener("abort", onStop);
      this.#running.delete(running);
    }
  }

  /** Ends all work, now and later. */
  cancel(): void {
    this.#stop.abort(new Error("cancelled"));
  }

  /** Resolves once nothing is under way, whether it went well or not. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#running);
  }
}

/** Seconds for a timer: one beyond 24 days would run out at once. */
export function milliseconds(seconds: number): number {
  return Math.min(seconds * 1000, 2 ** 31 - 1);
}
