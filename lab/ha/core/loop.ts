import type { Clock } from "../../seams/clock";
import type { Daemon } from "./environment";
import type { Timing } from "./timing";

/** One round of a daemon. It yields the seconds it sleeps and returns whether there is a next round. */
export type Round = Generator<number, boolean>;

/** Milliseconds until the next round after one that failed. */
const AFTER_ERROR = 5_000;

/** What a loop drives, and whom it tells. */
export interface Driven {
  node: string;
  daemon: Daemon;
  round(): Round;
  exited(): void;
  failed(error: unknown): void;
}

/** Runs the rounds of one daemon on the clock until it exits or its node dies. */
export class Loop {
  private cancel: () => void = () => undefined;
  private stopped = false;
  private readonly started: number;
  private begun: number | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly timing: Timing,
    private readonly driven: Driven,
  ) {
    this.started = clock.now();
    timing.entered(driven.node, driven.daemon);
    this.await();
  }

  stop(): void {
    this.stopped = true;
    this.cancel();
    this.timing.left(this.driven.node, this.driven.daemon);
  }

  /** Waits for the next round, at least until what else is due now has happened. */
  private await(least = 0): void {
    this.wait(least, () => {
      const { node, daemon } = this.driven;
      const now = this.clock.now();
      const left = this.timing.untilRound(node, daemon, now, this.started, this.begun);
      if (left > 0) return this.await(left);
      this.begun = now;
      this.go(this.driven.round());
    });
  }

  private go(round: Round): void {
    try {
      for (;;) {
        const step = round.next();
        // What a round does may end its own node.
        if (this.stopped) return;
        if (step.done) return step.value ? this.await() : this.end();
        const pause = this.timing.pause(step.value);
        if (pause > 0) return this.wait(pause, () => this.go(round));
      }
    } catch (error) {
      // A daemon outlives what goes wrong in a round, and tries again in the next one.
      this.driven.failed(error);
      if (!this.stopped) this.await(AFTER_ERROR);
    }
  }

  private end(): void {
    this.stop();
    this.driven.exited();
  }

  private wait(delay: number, action: () => void): void {
    this.cancel = this.clock.after(delay, action);
  }
}
