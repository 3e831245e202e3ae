import { seconds } from "../../seams/clock";
import type { Daemon, HaEnvironment } from "./environment";
import type { Leases } from "./memory";
import { SECONDS, type Timing } from "./timing";
import type { HaFiles } from "./types";
import type { Watchdog } from "./watchdog";

export const MANAGER_LOCK = "ha_manager_lock";

export function agentLock(node: string): string {
  return `ha_agent_${node}_lock`;
}

/** Why an attempt on a lock failed, in the words of pmxcfs; undefined when it succeeded. */
type Refusal = string | undefined;

const UPDATE_FAILED = "cfs lock update failed - Permission denied";
const NOT_FREE = "can't get cfs lock";

/** The cluster locks as one daemon handles them, together with its watchdog. */
export class Locks {
  constructor(
    private readonly env: HaEnvironment,
    private readonly timing: Timing,
    private readonly node: string,
    private readonly daemon: Daemon,
    private readonly leases: Leases,
    private readonly watchdog: Watchdog,
  ) {}

  /**
   * Gets or renews the daemon's lock, with up to six tries within five seconds, and feeds the watchdog, which is
   * opened with the first success unless `watched` says no.
   */
  *guard(lock: string, watched: () => boolean = () => true): Generator<number, boolean> {
    const begun = this.env.clock.now();
    for (let tries = 1; ; tries++) {
      if (this.attempt(lock)) {
        if (this.watchdog.isOpen(this.daemon) || watched()) this.watchdog.update(this.daemon);
        return true;
      }
      const late = this.env.clock.now() - begun > SECONDS.lockRetry * 1000;
      if (tries > SECONDS.lockRetry || late) return false;
      yield 1;
    }
  }

  /** One attempt. Only a change from having to not having the lock, or back, is logged. */
  attempt(lock: string): boolean {
    const now = seconds(this.env.clock);
    const lease = (this.leases[lock] ??= { time: 0, held: false });
    const refusal = this.ask(lock, now, now - lease.time < SECONDS.lockLifetime);
    const got = refusal === undefined;
    if (got) lease.time = now;
    if (got && !lease.held) {
      this.env.log(this.node, this.daemon, "info", `successfully acquired lock '${lock}'`);
    } else if (!got && lease.held) {
      // The quote that is not closed is PVE's.
      this.env.log(this.node, this.daemon, "err", `lost lock '${lock} - ${refusal}`);
    }
    lease.held = got;
    return got;
  }

  /** Gives the lock back in good order, so that the next one need not wait; false when that failed. */
  release(lock: string): boolean {
    delete this.leases[lock];
    try {
      this.env.files.write(this.node, ({ locks }) => {
        if (locks[lock]?.node === this.node) delete locks[lock];
      });
      return true;
    } catch {
      return false;
    }
  }

  private ask(lock: string, now: number, recent: boolean): Refusal {
    let refusal: Refusal;
    try {
      this.env.files.write(this.node, ({ locks }) => {
        refusal =
          this.timing.staleLocks === "taken"
            ? this.take(locks, lock, now)
            : this.createOrRenew(locks, lock, now, recent);
      });
    } catch {
      return recent ? UPDATE_FAILED : NOT_FREE;
    }
    return refusal;
  }

  private take(locks: HaFiles["locks"], lock: string, now: number): Refusal {
    const held = locks[lock];
    const stale = !held || now - held.time > SECONDS.lockLifetime;
    if (!stale && held.node !== this.node) return NOT_FREE;
    locks[lock] = { node: this.node, time: now };
    return undefined;
  }

  /** A lock is a directory: `recent` owners touch it, others make it, and an expired one has to go first. */
  private createOrRenew(
    locks: HaFiles["locks"],
    lock: string,
    now: number,
    recent: boolean,
  ): Refusal {
    const held = locks[lock];
    const clock = this.env.clock.now();
    if (recent) {
      if (held?.node !== this.node) return UPDATE_FAILED;
      locks[lock] = { node: this.node, time: now };
      return undefined;
    }
    if (!held || (held.released !== undefined && held.released < clock)) {
      locks[lock] = { node: this.node, time: now };
      return undefined;
    }
    // The removal is a message to the whole cluster: nobody finds the lock free within the same round.
    if (now - held.time > SECONDS.lockLifetime) held.released ??= clock;
    return NOT_FREE;
  }
}
