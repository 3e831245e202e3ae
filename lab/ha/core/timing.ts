import type { Daemon } from "./environment";

/** Seconds, from the HA manager's sources (CRM.pm, LRM.pm, NodeStatus.pm, Env/PVE2.pm, watchdog-mux.c, memdb.c). */
export const SECONDS = {
  round: 10,
  idleSleep: 5,
  maintenanceRound: 5,
  lockLifetime: 120,
  lockRetry: 5,
  workersPerRound: 8,
  fenceDelay: 60,
  goneAfter: 3600,
  watchdogWarning: 50,
  watchdogClient: 60,
  stopTimeout: 60,
  lostLockGiveUp: 90,
} as const;

/** Rounds without a service after which the daemon gives up lock and watchdog. */
export const IDLE_ROUNDS = { crm: 90, lrm: 60 } as const;

/** When daemons run. All values are milliseconds unless they say otherwise. */
export interface Timing {
  /**
   * How long a daemon that is not within a round has to wait before its next one; asked again after that until it
   * is 0. `begun` is when its last round began, undefined for a daemon that has just started, at `started`.
   */
  untilRound(node: string, daemon: Daemon, now: number, started: number, begun?: number): number;
  /** What a sleep within a round really takes; 0 for none. */
  pause(seconds: number): number;
  /** A daemon comes to life, or has ended. */
  entered(node: string, daemon: Daemon): void;
  left(node: string, daemon: Daemon): void;
  /**
   * pmxcfs: the first attempt on an expired lock only removes it, the next one gets it, and nobody inherits a lock
   * from an earlier life. `taken`: at once and by anyone.
   */
  staleLocks: "released" | "taken";
  /**
   * Closes gaps of PVE's, in which guests run for a while on a node whose LRM has neither lock nor watchdog, and so
   * twice if that node is cut off just then: see Lrm.hasUnguarded, Lrm.mayDisarm and Orders.isStillFenced.
   */
  closesGaps: boolean;
  /** Seconds from an expired watchdog client to the reset: the device's own timeout. */
  watchdogDevice: number;
}

/** Between two rounds of which the first did not sleep, as on a change of state. */
const GAP = 10;

/** As on real nodes: rounds follow their own sleeps, and every daemon has a phase of its own. */
export function clusterTiming(random: () => number): Timing {
  const phases = new Map<string, number>();
  return {
    entered: (node, daemon) => {
      phases.set(`${node} ${daemon}`, Math.floor(random() * SECONDS.round * 1000));
    },
    left: () => undefined,
    untilRound: (node, daemon, now, started, begun) => {
      const due =
        begun === undefined ? started + (phases.get(`${node} ${daemon}`) ?? 0) : begun + GAP;
      return Math.max(0, due - now);
    },
    pause: (seconds) => seconds * 1000,
    staleLocks: "released",
    closesGaps: true,
    watchdogDevice: 10,
  };
}

/**
 * As the HA manager's simulator has it: rounds of 20 s (longer with more than ten nodes), in which the daemons that
 * live run one second after the other, CRM before LRM, in the order of the nodes' names. No time passes within one.
 */
export function simulatorTiming(nodes: string[], epoch: number): Timing {
  const order = [...nodes].sort().flatMap((node) => [`${node} crm`, `${node} lrm`]);
  const period = Math.max(2 * SECONDS.round, order.length) * 1000;
  const living = new Set<string>();
  /** Begin of the last loop in which a daemon had its turn, which counts even if it ended with that. */
  const served = new Map<string, number>();
  return {
    entered: (node, daemon) => void living.add(`${node} ${daemon}`),
    left: (node, daemon) => void living.delete(`${node} ${daemon}`),
    untilRound: (node, daemon, now, started, begun) => {
      const base = now - ((now - epoch) % period);
      const key = `${node} ${daemon}`;
      const counts = (other: string): boolean => living.has(other) || served.get(other) === base;
      const slot = base + order.slice(0, order.indexOf(key)).filter(counts).length * 1000;
      const late = started > base && (started > slot || served.get(key) === base);
      // One that starts within a loop, after its turn, waits for the next loop.
      const missed = begun === undefined ? late : begun >= base;
      if (missed) return base + period - now;
      if (now >= slot) served.set(key, base);
      return Math.max(0, slot - now);
    },
    pause: () => 0,
    staleLocks: "taken",
    closesGaps: false,
    watchdogDevice: 0,
  };
}

/** A small seeded generator (mulberry32) of numbers from 0 to below 1. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
