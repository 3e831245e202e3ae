import type { Clock } from "../../../../lab/seams/clock";
import type { Store } from "../../../../lab/seams/store";
import type { LabState } from "../../../../lab/state/types";

/** What is on disk: the state as a file would hold it, and the time at which it was written. */
export interface Saved {
  text: string;
  time: number;
}

/** A store that keeps its file in memory, so that a lab can be killed and another one read what was flushed. */
export class Journal implements Store<LabState> {
  changes = 0;
  private written = 0;
  private last: Saved;

  constructor(
    readonly state: LabState,
    private readonly clock: Clock,
  ) {
    this.last = this.now();
  }

  touch(): void {
    this.changes++;
  }

  /** Like the real one: without a change that somebody has told, nothing is written. */
  async flush(): Promise<void> {
    if (this.written === this.changes) return;
    this.written = this.changes;
    this.last = this.now();
  }

  get saved(): Saved {
    return this.last;
  }

  /** The state as it is, whoever has asked for it to be written. */
  now(): Saved {
    return { text: JSON.stringify(this.state), time: this.clock.now() };
  }
}
