import { seconds } from "../../../seams/clock";
import type { HaEnvironment } from "../environment";
import { agentLock } from "../locks";
import type { LrmMemory } from "../memory";
import { sortedKeys } from "../text";
import { SECONDS, type Timing } from "../timing";
import { EXIT, type LogLevel, type ServiceState, type ServiceStatus } from "../types";
import { beginOrder, type Order, type Work } from "./agent";
import { Workers } from "./workers";

/** States in which an LRM leaves a service to the manager. */
const NOT_MINE: readonly ServiceState[] = ["recovery", "freeze", "request_start"];

/** Turns the manager's status into work on one node, and the work's results into the LRM's status. */
export class Orders {
  private readonly workers: Workers;
  /** What an earlier life of the lab has begun. */
  private readonly interrupted: Set<string>;

  constructor(
    private readonly env: HaEnvironment,
    private readonly timing: Timing,
    private readonly node: string,
    private readonly memory: LrmMemory,
    private readonly services: () => Record<string, ServiceStatus>,
  ) {
    this.interrupted = new Set(memory.begun);
    memory.begun = [];
    this.workers = new Workers({
      clock: env.clock,
      limit: () => env.config.settings(node).max_workers ?? 4,
      begin: (order, uid) => this.begin(order, uid),
      finished: (order, uid, code) => this.finished(order, uid, code),
    });
  }

  /** Works on what is queued and says how much is left. */
  run(): Generator<number, number> {
    return this.workers.run();
  }

  /** Queues what the manager wants of this node's services, or of those in certain states, and works. */
  *follow(states?: readonly ServiceState[]): Generator<number, void> {
    const services = this.services();
    for (const sid of Object.keys(this.memory.restartTries)) {
      if (!services[sid]) delete this.memory.restartTries[sid];
    }
    for (const sid of sortedKeys(services)) {
      const service = services[sid];
      if (service?.node !== this.node || NOT_MINE.includes(service.state)) continue;
      if (!states || states.includes(service.state)) this.queue(sid, service);
    }
    yield* this.workers.run();
  }

  /** Queues a stop of every service on the node, because the node goes down. */
  stopAll(): void {
    const services = this.services();
    for (const sid of sortedKeys(services)) {
      if (services[sid]?.node === this.node) this.workers.add({ sid, state: "request_stop" });
    }
  }

  private queue(sid: string, { state, uid, target, timeout }: ServiceStatus): void {
    // An order that was answered is not repeated before the manager has seen the answer. Stopping is: it is a safety
    // net for times without a manager, and its result concerns nobody.
    if (state !== "stopped" && this.memory.results[uid]) return;
    if (state === "migrate" && target !== undefined && this.isStillFenced(target)) return;
    this.workers.add({ sid, state, target, timeout }, uid);
  }

  /**
   * After fencing it is the master that holds a node's agent lock, for up to two minutes. A guest that migrated there
   * meanwhile would run without a watchdog, and twice if the node were lost again.
   */
  private isStillFenced(node: string): boolean {
    if (!this.timing.closesGaps) return false;
    const lock = this.env.files.read(this.node).locks[agentLock(node)];
    const age = seconds(this.env.clock) - (lock?.time ?? 0);
    return lock !== undefined && lock.node !== node && age <= SECONDS.lockLifetime;
  }

  private begin(order: Order, uid: string | undefined): Work {
    const resource = this.env.config.resources(this.node)[order.sid];
    if (uid === undefined) return beginOrder(this.env, this.node, resource, order);
    const interrupted = this.interrupted.has(uid);
    this.memory.begun = [...this.memory.begun, uid];
    return beginOrder(this.env, this.node, resource, { ...order, interrupted });
  }

  private finished(order: Order, uid: string | undefined, code: number): void {
    if (uid === undefined) {
      if (code !== EXIT.success) this.memory.shutdownErrors++;
      return;
    }
    this.memory.begun = this.memory.begun.filter((other) => other !== uid);
    const exit_code = order.state === "started" ? this.retry(order.sid, code) : code;
    if (exit_code === EXIT.tryAgain) return;
    const { sid, state } = order;
    const valid = new Set(Object.values(this.services()).map((service) => service.uid));
    const results = { ...this.memory.results, [uid]: { sid, state, exit_code } };
    this.memory.results = Object.fromEntries(
      Object.entries(results).filter(([key]) => valid.has(key)),
    );
  }

  /** A failed start is tried again here, up to `max_restart` times, before the manager hears of it. */
  private retry(sid: string, code: number): number {
    const { restartTries } = this.memory;
    if (code === EXIT.success) restartTries[sid] = 0;
    if (code !== EXIT.error) return code;
    const tries = restartTries[sid] ?? 0;
    const limit = this.env.config.resources(this.node)[sid]?.max_restart ?? 0;
    if (tries >= limit) {
      this.log("err", `unable to start service ${sid} on local node after ${tries} retries`);
      restartTries[sid] = 0;
      return EXIT.error;
    }
    restartTries[sid] = tries + 1;
    this.log("warning", `restart policy: retry number ${tries + 1} for service '${sid}'`);
    return EXIT.tryAgain;
  }

  private log(level: LogLevel, text: string): void {
    this.env.log(this.node, "lrm", level, text);
  }
}
