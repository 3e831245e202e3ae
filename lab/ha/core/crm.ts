import type { HaEnvironment } from "./environment";
import { type Locks, MANAGER_LOCK } from "./locks";
import type { Round } from "./loop";
import { Manager, takeOver } from "./manager/manager";
import { countFenced } from "./manager/services";
import type { CrmMemory } from "./memory";
import { errorText } from "./text";
import { IDLE_ROUNDS, SECONDS } from "./timing";
import type { CrmState, LogLevel, ManagerStatus } from "./types";
import type { Watchdog } from "./watchdog";

/**
 * The cluster resource manager of one node (`pve-ha-crm`). Every CRM of a quorate partition tries for the manager
 * lock when there is something to do; the one that has it runs the manager, every ten seconds.
 */
export class Crm {
  private manager: Manager | undefined;
  private fresh = false;

  constructor(
    private readonly env: HaEnvironment,
    private readonly node: string,
    readonly memory: CrmMemory,
    private readonly locks: Locks,
    private readonly watchdog: Watchdog,
  ) {
    if (memory.state === "startup") this.become("wait_for_quorum");
    if (memory.manager) this.manager = new Manager(env, node, memory.manager, locks);
  }

  requestShutdown(): void {
    if (!this.memory.shutdownRequested) this.log("info", "server received shutdown request");
    this.memory.shutdownRequested = true;
  }

  *round(): Round {
    this.fresh = this.env.files.refresh(this.node);
    yield* this.changeState();
    return yield* this.work();
  }

  private *changeState(): Generator<number, void> {
    switch (this.memory.state) {
      case "wait_for_quorum":
        if (this.mayWork()) {
          this.become((yield* this.guardLock()) ? "master" : "slave");
        }
        return;
      case "slave":
        if (!this.mayWork()) this.become("wait_for_quorum");
        else if (yield* this.guardLock()) this.become("master");
        return;
      case "lost_manager_lock":
        if (this.isHealthy() && (yield* this.guardLock())) this.become("master");
        return;
      case "master":
        if (yield* this.guardLock()) this.countIdleRounds();
        else this.become("lost_manager_lock");
        return;
      case "startup":
        return;
      default: {
        const never: never = this.memory.state;
        throw new Error(`unknown CRM state ${String(never)}`);
      }
    }
  }

  private *work(): Round {
    const { state, shutdownRequested } = this.memory;
    switch (state) {
      case "wait_for_quorum":
        if (shutdownRequested) return false;
        yield SECONDS.idleSleep;
        return true;
      case "slave":
        return !shutdownRequested;
      case "lost_manager_lock":
        // A CRM runs no guests, so it may go without a reset as long as it leaves the manager's status alone.
        this.watchdog.close("crm");
        if (shutdownRequested) return false;
        this.become("wait_for_quorum");
        return true;
      case "master": {
        const begun = this.env.clock.now();
        if (shutdownRequested) {
          this.stepDown();
          return false;
        }
        this.manage();
        yield SECONDS.round - (this.env.clock.now() - begun) / 1000;
        return true;
      }
      case "startup":
        return true;
      default: {
        const never: never = state;
        throw new Error(`unknown CRM state ${String(never)}`);
      }
    }
  }

  private manage(): void {
    if (!this.fresh) {
      this.log("notice", "temporary inconsistent cluster state (cfs restart?), skip round");
      return;
    }
    const { manager } = this;
    if (!manager) throw new Error("a master without a manager");
    try {
      manager.round();
    } catch (error) {
      this.log("err", `got unexpected error - ${errorText(error)}`);
    }
    const disarmed = manager.isDisarmed();
    if (disarmed && !this.memory.disarmed) {
      this.log("info", "HA stack fully disarmed, releasing CRM watchdog");
      this.watchdog.close("crm");
    } else if (!disarmed && this.memory.disarmed) {
      // The next round's lock opens the watchdog again.
      this.log("info", "re-arming HA stack");
    }
    this.memory.disarmed = disarmed;
  }

  private stepDown(): void {
    this.watchdog.close("crm");
    this.log("info", "voluntary release CRM lock");
    if (!this.locks.release(MANAGER_LOCK)) {
      this.log("notice", "CRM lock release failed, let the lock timeout");
    }
  }

  private guardLock(): Generator<number, boolean> {
    return this.locks.guard(MANAGER_LOCK, () => {
      if (this.memory.disarmed) return false;
      if (this.status()?.disarm?.state !== "disarmed") return true;
      this.log("info", "taking over as disarmed master, skipping watchdog");
      this.memory.disarmed = true;
      return false;
    });
  }

  private countIdleRounds(): void {
    if (!this.mayGoIdle()) {
      this.memory.idleRounds = 0;
      return;
    }
    this.memory.idleRounds++;
    if (this.memory.idleRounds <= IDLE_ROUNDS.crm) return;
    this.memory.idleRounds = 0;
    this.log(
      "info",
      `cluster had no service configured for ${IDLE_ROUNDS.crm} rounds, going idle.`,
    );
    this.locks.release(MANAGER_LOCK);
    this.watchdog.close("crm");
    this.become("wait_for_quorum");
  }

  /** Quorate, with an up-to-date view, and not itself the node that others wait to see fenced. */
  private isHealthy(status = this.status()): boolean {
    if (!this.env.cluster.isQuorate(this.node) || !this.fresh || !status) return false;
    return countFenced(status.service_status, this.node) === 0;
  }

  /** Whether there is anything a master would have to do. */
  private mayWork(): boolean {
    const status = this.status();
    if (!status || !this.isHealthy(status)) return false;
    const services = this.serviceCount();
    if (services !== 0) return services !== undefined;
    const { master_node: master } = status;
    const led = master && status.node_status[master] === "online" && master !== this.node;
    return !led && this.hasLeftovers(status);
  }

  /** What wants a master although no service is configured. */
  private hasLeftovers(status: ManagerStatus): boolean {
    const returning = Object.entries(status.node_status).some(
      ([node, state]) => state === "maintenance" && !status.node_request?.[node]?.maintenance,
    );
    const pending = this.env.files.read(this.node).crm_commands.length > 0;
    const stale = Object.keys(status.service_status).length > 0;
    return returning || pending || stale || status.disarm !== undefined;
  }

  private mayGoIdle(): boolean {
    const status = this.status();
    if (!status || !this.isHealthy(status) || status.disarm) return false;
    return this.serviceCount() === 0 && Object.keys(status.service_status).length === 0;
  }

  private status(): ManagerStatus | undefined {
    try {
      return this.env.files.read(this.node).manager_status;
    } catch (error) {
      this.log("err", `could not read manager status: ${errorText(error)}`);
      return undefined;
    }
  }

  private serviceCount(): number | undefined {
    try {
      return Object.keys(this.env.config.resources(this.node)).length;
    } catch (error) {
      this.log("err", `could not read service config: ${errorText(error)}`);
      return undefined;
    }
  }

  private become(state: CrmState): void {
    if (state === this.memory.state) return;
    this.log("info", `status change ${this.memory.state} => ${state}`);
    this.memory.state = state;
    delete this.memory.manager;
    this.manager = undefined;
    if (state === "master") {
      const memory = takeOver(this.env, this.node);
      this.memory.manager = memory;
      this.manager = new Manager(this.env, this.node, memory, this.locks);
    }
  }

  private log(level: LogLevel, text: string): void {
    this.env.log(this.node, "crm", level, text);
  }
}
