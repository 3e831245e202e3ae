import { seconds } from "../../../seams/clock";
import type { HaEnvironment } from "../environment";
import { agentLock, type Locks } from "../locks";
import type { Round } from "../loop";
import { isUnsettled } from "../manager/disarm";
import { countActive, countFenced } from "../manager/services";
import type { LrmMemory } from "../memory";
import { knowsRules } from "../release";
import { errorText } from "../text";
import { IDLE_ROUNDS, SECONDS, type Timing } from "../timing";
import type { LogLevel, LrmState, ManagerStatus } from "../types";
import type { Watchdog } from "../watchdog";
import { Orders } from "./orders";
import { planEnding } from "./shutdown";

/**
 * The local resource manager of one node (`pve-ha-lrm`). With services on its node it holds the node's agent lock and
 * the watchdog: whoever else gets that lock can be sure that the node runs nothing any more.
 */
export class Lrm {
  private readonly orders: Orders;
  private readonly lock: string;
  /** The manager's status as last read. */
  private manager: ManagerStatus = { node_status: {}, service_status: {} };
  private fresh = false;

  constructor(
    private readonly env: HaEnvironment,
    private readonly node: string,
    readonly memory: LrmMemory,
    private readonly locks: Locks,
    private readonly watchdog: Watchdog,
    private readonly timing: Timing,
  ) {
    this.lock = agentLock(node);
    this.orders = new Orders(env, timing, node, memory, () => this.manager.service_status);
    if (memory.state === "startup") this.become("wait_for_agent_lock");
    // The lab was restarted while the node was going down: its stop jobs are not in the memory.
    if (memory.shutdownRequested && env.power.goingDown(node)) {
      this.readManager();
      if (memory.mode !== "maintenance") this.orders.stopAll();
    }
  }

  requestShutdown(): void {
    if (this.memory.shutdownRequested) return;
    const plan = planEnding({
      down: this.env.power.goingDown(this.node),
      policy: this.env.config.settings(this.node).shutdown_policy ?? "conditional",
      inMaintenance: this.inMaintenance(),
    });
    if (plan.stopsGuests) this.orders.stopAll();
    for (const [level, text] of plan.messages) this.log(level, text);
    if (plan.mode) this.memory.mode = plan.mode;
    this.memory.shutdownRequested = true;
    if (!this.writeStatus()) {
      this.log("err", "unable to update lrm status file - not quorate?");
    }
  }

  *round(): Round {
    this.fresh = this.env.files.refresh(this.node);
    if (!this.memory.announced && !this.isQuorate()) {
      yield SECONDS.idleSleep;
      return !this.memory.shutdownRequested;
    }
    this.readManager();
    if (!this.memory.announced && !this.hasUnguarded()) {
      this.memory.announced = this.writeStatus();
    }
    yield* this.changeState();
    return yield* this.work();
  }

  private *changeState(): Generator<number, void> {
    const { memory } = this;
    const fenced = this.isFenceRequested();
    switch (memory.state) {
      case "wait_for_agent_lock": {
        const needed = this.activeCount() > 0 || this.hasUnguarded();
        const may = memory.mode !== "disarm" && !fenced;
        if (needed && may && this.isQuorate() && (yield* this.guardLock())) this.become("active");
        return;
      }
      case "lost_agent_lock":
        if (!fenced && this.isQuorate() && (yield* this.guardLock())) this.become("active");
        return;
      case "active":
        if (fenced) {
          this.log("err", "node needs to be fenced - releasing agent_lock");
          this.become("lost_agent_lock");
        } else if (!(yield* this.guardLock())) {
          this.become("lost_agent_lock");
        } else if (this.inMaintenance()) {
          this.become("maintenance");
        } else if (this.mayDisarm() && (yield* this.orders.run()) === 0) {
          this.log("info", "HA disarm requested, releasing agent lock and watchdog");
          this.giveUp();
        } else {
          yield* this.countIdleRounds();
        }
        return;
      case "maintenance":
        yield* this.changeInMaintenance(fenced);
        return;
      case "startup":
        return;
      default: {
        const never: never = memory.state;
        throw new Error(`unknown LRM state ${String(never)}`);
      }
    }
  }

  private *changeInMaintenance(fenced: boolean): Generator<number, void> {
    if (fenced) {
      this.log("err", "node needs to be fenced during maintenance mode - releasing agent_lock");
      this.become("lost_agent_lock");
      return;
    }
    const busy = this.activeCount() > 0 || (yield* this.orders.run()) > 0;
    if (!busy && this.memory.mode === "disarm") {
      this.log("info", "HA disarm requested during maintenance, releasing agent lock and watchdog");
      this.giveUp();
    } else if (busy) {
      if (!(yield* this.guardLock())) this.become("lost_agent_lock");
    } else if (!this.inMaintenance()) {
      this.become((yield* this.guardLock()) ? "active" : "lost_agent_lock");
    }
  }

  private *work(): Round {
    const { memory } = this;
    switch (memory.state) {
      case "wait_for_agent_lock":
        if (memory.shutdownRequested) return false;
        if (!this.hasUnguarded()) this.writeStatus();
        yield SECONDS.idleSleep;
        return true;
      case "active":
        return yield* this.workActively();
      case "lost_agent_lock":
        return yield* this.waitForReset();
      case "maintenance":
        return yield* this.workInMaintenance();
      case "startup":
        return true;
      default: {
        const never: never = memory.state;
        throw new Error(`unknown LRM state ${String(never)}`);
      }
    }
  }

  private *workActively(): Round {
    const begun = this.env.clock.now();
    let ends = false;
    if (this.readManager()) {
      if (this.memory.shutdownRequested) ends = yield* this.isFinished();
      else if (this.fresh) yield* this.orders.follow();
      else this.log("notice", "temporary inconsistent cluster state (cfs restart?), skip round");
    }
    if (ends) this.release();
    this.writeStatus();
    if (ends) return false;
    yield this.restOf(begun, SECONDS.round);
    return true;
  }

  /** Whether an LRM that shall end has nothing left to do. */
  private *isFinished(): Generator<number, boolean> {
    // What the manager had moved off this node before it noticed, it waits for.
    if (this.memory.mode === "restart") yield* this.orders.follow(["migrate", "relocate"]);
    const left = yield* this.orders.run();
    // A restart waits until the manager has frozen the services, a shutdown only until they have stopped.
    return left === 0 && (this.memory.mode !== "restart" || this.activeCount() === 0);
  }

  /** With guests that did not stop, lock and watchdog are kept, so that the reset comes if the node hangs. */
  private release(): void {
    if (this.memory.mode !== "restart" && this.memory.shutdownErrors > 0) return;
    this.watchdog.close("lrm");
    this.locks.release(this.lock);
  }

  private *workInMaintenance(): Round {
    const begun = this.env.clock.now();
    if (!this.readManager()) {
      yield SECONDS.maintenanceRound;
      return true;
    }
    let ends = false;
    if (this.activeCount() === 0 && (yield* this.orders.run()) === 0) {
      this.watchdog.close("lrm");
      this.locks.release(this.lock);
      ends = this.memory.shutdownRequested;
    }
    if (!ends) yield* this.orders.follow();
    this.writeStatus();
    if (ends) return false;
    yield this.restOf(begun, SECONDS.maintenanceRound);
    return true;
  }

  /** The watchdog runs out soon, unless the lock comes back before. */
  private *waitForReset(): Round {
    const { memory } = this;
    if (memory.shutdownRequested) {
      const active = this.activeCount();
      if (active === 0) {
        this.watchdog.close("lrm");
        return false;
      }
      this.log(
        "err",
        `got shutdown request in state 'lost_agent_lock' - detected ${active} running services`,
      );
      if (memory.mode === "restart" && this.now() - memory.since > SECONDS.lostLockGiveUp) {
        this.log("err", "lost agent lock and restart request for over 90 seconds - giving up!");
        return false;
      }
    }
    yield SECONDS.idleSleep;
    return true;
  }

  private *countIdleRounds(): Generator<number, void> {
    const { memory } = this;
    const services = Object.values(this.manager.service_status);
    const needed =
      services.some((service) => service.node === this.node) || (yield* this.orders.run()) > 0;
    memory.idleRounds = needed ? 0 : memory.idleRounds + 1;
    if (memory.idleRounds <= IDLE_ROUNDS.lrm) return;
    memory.idleRounds = 0;
    this.log("info", `node had no service configured for ${IDLE_ROUNDS.lrm} rounds, going idle.`);
    this.giveUp();
  }

  /** Only without services and workers: from here on the node does not reset itself. */
  private giveUp(): void {
    this.locks.release(this.lock);
    this.watchdog.close("lrm");
    this.become("wait_for_agent_lock");
  }

  private guardLock(): Generator<number, boolean> {
    return this.locks.guard(this.lock);
  }

  private readManager(): boolean {
    const { memory } = this;
    try {
      this.manager = structuredClone(this.env.files.read(this.node).manager_status);
    } catch (error) {
      this.log("err", `updating service status from manager failed: ${errorText(error)}`);
      return false;
    }
    if (memory.shutdownRequested) return true;
    if (this.manager.node_request?.[this.node]?.maintenance) memory.mode = "maintenance";
    else if (this.manager.disarm && knowsRules(this.env, this.node)) memory.mode = "disarm";
    else if (memory.mode === "maintenance" || memory.mode === "disarm") memory.mode = "active";
    return true;
  }

  private writeStatus(): boolean {
    if (!this.isQuorate()) return false;
    const { state, mode, results } = this.memory;
    const status = { state, mode, results: structuredClone(results), timestamp: this.now() };
    try {
      this.env.files.write(this.node, (files) => {
        files.lrm_status[this.node] = status;
      });
      return true;
    } catch (error) {
      this.log("err", `unable to write lrm status file - ${errorText(error)}`);
      return false;
    }
  }

  /**
   * Whether guests run here whose services a restart or disarming has frozen, without lock and watchdog. Once the
   * LRM says that it is active the manager thaws them, so the lock has to come before that: PVE leaves some seconds
   * in which a node that is cut off runs guests unguarded while they are recovered elsewhere.
   */
  private hasUnguarded(): boolean {
    if (!this.timing.closesGaps) return false;
    if (this.memory.state !== "wait_for_agent_lock" || this.memory.mode !== "active") return false;
    return Object.entries(this.manager.service_status).some(
      ([sid, { node, state }]) =>
        node === this.node && state === "freeze" && this.env.guests.isRunning(node, sid),
    );
  }

  /**
   * PVE disarms an LRM at once, even while the manager still defers it for other services and would recover those of
   * this node. Here it waits until its own are frozen, or nothing is on its way.
   */
  private mayDisarm(): boolean {
    if (this.memory.mode !== "disarm") return false;
    if (!this.timing.closesGaps) return true;
    if (this.manager.disarm?.mode === "freeze") return this.activeCount() === 0;
    return !Object.values(this.manager.service_status).some(isUnsettled);
  }

  private isFenceRequested(): boolean {
    const { node_status, service_status } = this.manager;
    return node_status[this.node] === "fence" || countFenced(service_status, this.node) > 0;
  }

  private isQuorate(): boolean {
    return this.env.cluster.isQuorate(this.node);
  }

  private inMaintenance(): boolean {
    return this.memory.mode === "maintenance";
  }

  private activeCount(): number {
    return countActive(this.manager.service_status, this.node);
  }

  private become(state: LrmState): void {
    const { memory } = this;
    if (state === memory.state) return;
    this.log("info", `status change ${memory.state} => ${state}`);
    memory.state = state;
    memory.since = this.now();
  }

  private restOf(begun: number, period: number): number {
    return Math.max(0, period - (this.env.clock.now() - begun) / 1000);
  }

  private now(): number {
    return seconds(this.env.clock);
  }

  private log(level: LogLevel, text: string): void {
    this.env.log(this.node, "lrm", level, text);
  }
}
