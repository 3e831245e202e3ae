import type { Clock } from "../../../seams/clock";
import { SECONDS } from "../timing";
import type { Order, Work } from "./agent";

interface Worker {
  order: Order;
  /** Absent for the stop jobs of a node's shutdown, whose results concern nobody else. */
  uid?: string;
  work?: Work;
  /** Rounds in which it has waited; who waited longest comes first. */
  tries: number;
}

/** What workers ask of their LRM. */
export interface WorkersContext {
  clock: Clock;
  limit(): number;
  begin(order: Order, uid: string | undefined): Work;
  finished(order: Order, uid: string | undefined, code: number): void;
}

/** The queue of an LRM's workers: one order per service, a few at a time. */
export class Workers {
  private readonly queue = new Map<string, Worker>();

  constructor(private readonly context: WorkersContext) {}

  get count(): number {
    return this.queue.size;
  }

  /** A newer order replaces one that has not begun; one that runs is left alone. */
  add(order: Order, uid?: string): void {
    if (this.queue.get(order.sid)?.work) return;
    this.queue.set(order.sid, { order, tries: 0, ...(uid === undefined ? {} : { uid }) });
  }

  /** Works for at most eight seconds, looking every second, and says how many workers are left. */
  *run(): Generator<number, number> {
    const begun = this.context.clock.now();
    while (this.context.clock.now() - begun <= SECONDS.workersPerRound * 1000) {
      this.collect();
      this.launch();
      const active = [...this.queue.values()].some((worker) => worker.work);
      if (!active) break;
      const before = this.context.clock.now();
      yield 1;
      // With a timing in which nothing sleeps there is no second look.
      if (this.context.clock.now() === before) break;
    }
    return this.queue.size;
  }

  private launch(): void {
    const waiting = [...this.queue.values()]
      .filter((worker) => !worker.work)
      .sort((a, b) => b.tries - a.tries || (a.order.sid < b.order.sid ? -1 : 1));
    for (const worker of waiting) {
      worker.tries++;
      const active = [...this.queue.values()].filter((other) => other.work).length;
      if (active >= this.context.limit()) continue;
      worker.work = this.context.begin(worker.order, worker.uid);
      this.finish(worker);
    }
  }

  private collect(): void {
    for (const worker of [...this.queue.values()]) this.finish(worker);
  }

  private finish(worker: Worker): void {
    const code = worker.work?.();
    if (code === undefined) return;
    this.queue.delete(worker.order.sid);
    this.context.finished(worker.order, worker.uid, code);
  }
}
