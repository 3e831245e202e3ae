/**
 * What the HA manager writes down. All of it is plain JSON: `/etc/pve/ha/manager_status`, `nodes/<node>/lrm_status`
 * and what its daemons keep in memory. Times are whole seconds since the epoch, as in PVE's files.
 */

export type NodeState = "online" | "maintenance" | "unknown" | "fence" | "gone";

export type ServiceState =
  | "stopped"
  | "request_stop"
  | "request_start"
  | "request_start_balance"
  | "started"
  | "fence"
  | "recovery"
  | "migrate"
  | "relocate"
  | "freeze"
  | "error";

/** What a resource asks for; PVE's `enabled` is read as `started`. */
export type RequestState = "started" | "stopped" | "disabled" | "ignored";

export type Motion = "migrate" | "relocate";

/** A crm command that waits for its service: a motion to a node, or a stop with a timeout in seconds. */
export type ServiceCommand = { kind: Motion; target: string } | { kind: "stop"; timeout: number };

/** One service in the manager's status. */
export interface ServiceStatus {
  state: ServiceState;
  node: string;
  /** Names the order that this state gives, so that its result is not taken for another's. */
  uid: string;
  target?: string;
  timeout?: number;
  /** Nodes where the start failed since the last success. */
  failed_nodes?: string[];
  /** Where the service goes back to after maintenance. */
  maintenance_node?: string;
  /** Set by the first successful start in state `started`. */
  running?: 1;
  cmd?: ServiceCommand;
}

export type DisarmMode = "freeze" | "ignore";

export interface ManagerStatus {
  master_node?: string;
  timestamp?: number;
  node_status: Record<string, NodeState>;
  service_status: Record<string, ServiceStatus>;
  node_request?: Record<string, { maintenance?: 1 }>;
  disarm?: { mode: DisarmMode; state: "disarming" | "disarmed" };
}

export type CrmState = "startup" | "wait_for_quorum" | "master" | "lost_manager_lock" | "slave";

export type LrmState =
  "startup" | "wait_for_agent_lock" | "active" | "maintenance" | "lost_agent_lock";

/** `restart`: services are frozen; `shutdown`: they fail over; `unknown`: the file is gone. */
export type LrmMode = "active" | "restart" | "shutdown" | "maintenance" | "disarm" | "unknown";

/** The LRM's answer to the order `uid`. */
export interface OrderResult {
  sid: string;
  state: ServiceState;
  exit_code: number;
}

export interface LrmStatus {
  state: LrmState;
  mode: LrmMode;
  results: Record<string, OrderResult>;
  timestamp: number;
}

/** Exit codes of a resource agent (Tools.pm). */
export const EXIT = {
  success: 0,
  error: 1,
  /** The LRM tries again and tells nobody. */
  tryAgain: 2,
  wrongNode: 3,
  invalidParameter: 6,
  unknownService: 7,
  ignored: 8,
} as const;

/** A resource with defaults filled in and the node where its guest's config lies. */
export interface Resource {
  /** Absent when the guest does not exist (any more). */
  node?: string;
  state: RequestState;
  max_restart: number;
  max_relocate: number;
  failback: boolean;
  group?: string;
  comment?: string;
}

/** A section of `rules.cfg`, values as PVE writes them: lists with commas, booleans `1`. */
export type RuleConfig = Record<string, string> & { type: string };

/** A section of `groups.cfg` (release 8). */
export interface GroupConfig {
  nodes: string;
  restricted?: boolean;
  nofailback?: boolean;
  comment?: string;
}

export type ShutdownPolicy = "conditional" | "freeze" | "failover" | "migrate";

/** What of `datacenter.cfg` concerns HA. */
export interface DatacenterSettings {
  shutdown_policy?: ShutdownPolicy;
  max_workers?: number;
  crs?: CrsSettings;
}

export interface CrsSettings {
  ha?: "basic" | "static" | "dynamic";
  rebalanceOnStart?: boolean;
  autoRebalance?: boolean;
  /** Imbalance that has to be exceeded, 0.3 by default. */
  threshold?: number;
  /** Rounds for which it has to be, 3 by default. */
  holdDuration?: number;
  /** Least relative gain of a move, 0.1 by default. */
  margin?: number;
}

/** CPUs and bytes; `cpu` and `mem` are what is in use now. */
export interface Load {
  maxcpu: number;
  maxmem: number;
  cpu?: number;
  mem?: number;
}

export type LogLevel = "debug" | "info" | "notice" | "warning" | "err";

export interface Lock {
  node: string;
  time: number;
  /** Epoch milliseconds at which somebody asked to remove the expired lock; it is free a moment later. */
  released?: number;
}

/** The HA manager's own files in pmxcfs. */
export interface HaFiles {
  manager_status: ManagerStatus;
  lrm_status: Record<string, LrmStatus>;
  crm_commands: string[];
  locks: Record<string, Lock>;
}

export function emptyFiles(): HaFiles {
  return {
    manager_status: { node_status: {}, service_status: {} },
    lrm_status: {},
    crm_commands: [],
    locks: {},
  };
}
