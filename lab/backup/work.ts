import { die } from "../api/errors";
import { sleep } from "../seams/clock";
import type { Site } from "../site";

/** The longest step in which an interruption goes unnoticed, in milliseconds. */
const STEP = 1_000;

/** What a task says that has died with its node: nothing. */
export class NodeLost extends Error {
  constructor() {
    super("unexpected status");
  }
}

/** Something that one process on a node does, and that takes time. */
export class Work {
  private readonly boot: number;
  private stopped = false;

  constructor(
    readonly site: Site,
    readonly node: string,
  ) {
    this.boot = site.host(node).bootedAt;
  }

  /** A signal, as a stopped task gets it. */
  stop(): void {
    this.stopped = true;
  }

  /**
   * Lets time pass. Reads and writes on storages that do not answer wait, for as long as it takes. A node that
   * loses its power takes the process with it: nothing is tidied up then.
   */
  async pass(seconds: number, storages: readonly string[]): Promise<void> {
    let left = seconds * 1000;
    while (left > 0 || !this.answers(storages)) {
      const step = left > 0 ? Math.min(left, STEP) : STEP;
      await sleep(this.site.clock, step);
      this.check();
      if (this.answers(storages)) left -= step;
    }
    this.check();
  }

  check(): void {
    const { power, bootedAt } = this.site.host(this.node);
    if (!power || bootedAt !== this.boot) throw new NodeLost();
    if (this.stopped) throw die("interrupted by signal");
  }

  private answers(storages: readonly string[]): boolean {
    return storages.every((id) => this.site.storages.answers(this.node, id));
  }
}
