import type { Daemon } from "./environment";
import type { CrmState, LrmMode, LrmState, ManagerStatus, OrderResult } from "./types";

/**
 * What daemons keep in memory. Plain JSON as well: a restart of the lab is no restart of the site's nodes, so their
 * daemons go on where they were. Loss of power is what empties it.
 */
export interface HaMemory {
  nodes: Record<string, NodeMemory>;
}

export interface NodeMemory {
  crm?: CrmMemory;
  lrm?: LrmMemory;
  watchdog: WatchdogMemory;
}

export interface WatchdogMemory {
  /** Epoch milliseconds of the last update of each client that holds the watchdog open. */
  clients: Partial<Record<Daemon, number>>;
  /** Since when the multiplexer no longer feeds the device: the reset cannot be averted any more. */
  expiredAt?: number;
}

/** What a process remembers of a lock that it tried; `time` is its last success, in seconds. */
export type Leases = Record<string, { time: number; held: boolean }>;

export interface CrmMemory {
  state: CrmState;
  idleRounds: number;
  disarmed: boolean;
  shutdownRequested: boolean;
  leases: Leases;
  manager?: ManagerMemory;
}

/** What the active manager knows besides what it writes. */
export interface ManagerMemory {
  status: ManagerStatus;
  /** Seconds when each node was last in the quorate partition, since this CRM is master. */
  lastOnline: Record<string, number>;
  scheduler?: string;
  /** Counts orders, so that their names differ. */
  orders: number;
  imbalancedRounds: number;
  disarmed: boolean;
  /** Rounds until it next tries to turn groups into rules. */
  groupMigrationIn?: number;
}

export interface LrmMemory {
  state: LrmState;
  /** Seconds of the last change of state. */
  since: number;
  mode: LrmMode;
  results: Record<string, OrderResult>;
  restartTries: Record<string, number>;
  /** Orders, by uid, whose work has begun and not ended. */
  begun: string[];
  idleRounds: number;
  /** Whether the status file has been written since the start. */
  announced: boolean;
  shutdownRequested: boolean;
  shutdownErrors: number;
  leases: Leases;
}

export function newCrm(): CrmMemory {
  return {
    state: "startup",
    idleRounds: 0,
    disarmed: false,
    shutdownRequested: false,
    leases: {},
  };
}

export function newLrm(now: number): LrmMemory {
  return {
    state: "startup",
    since: now,
    mode: "active",
    results: {},
    restartTries: {},
    begun: [],
    idleRounds: 0,
    announced: false,
    shutdownRequested: false,
    shutdownErrors: 0,
    leases: {},
  };
}
