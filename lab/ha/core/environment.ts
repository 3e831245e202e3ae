import type { Clock } from "../../seams/clock";
import type {
  DatacenterSettings,
  GroupConfig,
  HaFiles,
  Load,
  LogLevel,
  RequestState,
  Resource,
  RuleConfig,
} from "./types";

export type Daemon = "crm" | "lrm";

/**
 * All that the HA manager asks of the site. Every question names the node that asks, because nodes see different
 * things: one that is cut off has its own members, no quorum, and files as they were.
 */
export interface HaEnvironment {
  readonly clock: Clock;
  readonly cluster: ClusterSeam;
  readonly files: FilesSeam;
  readonly config: ConfigSeam;
  readonly guests: GuestSeam;
  readonly power: PowerSeam;
  log(node: string, source: Daemon | "watchdog-mux", level: LogLevel, message: string): void;
  /** Mail about fencing, as PVE's notification system sends it. */
  notify(node: string, subject: string): void;
}

export interface ClusterSeam {
  isQuorate(node: string): boolean;
  /** Configured members and whether each is in the node's own partition. The node itself always is. */
  members(node: string): Record<string, boolean>;
  /** The version of pve-manager that `other` last told the cluster, as `node` knows it. */
  version(node: string, other: string): string | undefined;
}

/** The HA manager's files in pmxcfs. */
export interface FilesSeam {
  /** Brings the node's view up to date; false while that fails, as when pmxcfs restarts. */
  refresh(node: string): boolean;
  /** What the node sees; not to be changed. @throws when pmxcfs cannot be read. */
  read(node: string): HaFiles;
  /** @throws without quorum, or when pmxcfs cannot be written; nothing is changed then. */
  write(node: string, change: (files: HaFiles) => void): void;
}

/** Configuration that users write: `ha/resources.cfg`, `rules.cfg`, `groups.cfg` and `datacenter.cfg`. */
export interface ConfigSeam {
  resources(node: string): Record<string, Resource>;
  rules(node: string): Record<string, RuleConfig>;
  /** Empty once they have become rules. */
  groups(node: string): Record<string, GroupConfig>;
  settings(node: string): DatacenterSettings;
  /** @throws without quorum. */
  request(node: string, sid: string, state: RequestState): void;
  /** Replaces all rules. @throws without quorum. */
  writeRules(node: string, rules: Record<string, RuleConfig>): void;
  /** Takes resources out of their groups; those that shall not fail back are told so. @throws without quorum. */
  leaveGroups(node: string, failback: Record<string, boolean>): void;
  /** Deletes `ha/groups.cfg`. @throws without quorum. */
  deleteGroups(node: string): void;
  /** CPUs and memory of nodes, and what guests (HA or not) take of them, for the static and dynamic scheduler. */
  loads(node: string): SiteLoads;
}

export interface SiteLoads {
  nodes: Record<string, Load>;
  guests: Record<string, Load & { node: string; running: boolean }>;
}

/** A task that has been started. The site sets `done` when it ends; how it ended is asked afterwards. */
export interface GuestTask {
  done: boolean;
}

/** Guests as the LRM of a node handles them. A task dies with the power of its node. */
export interface GuestSeam {
  isRunning(node: string, sid: string): boolean;
  start(node: string, sid: string): GuestTask;
  /** Shuts down and, for a VM, kills after `timeout` seconds; 0 stops hard at once. */
  stop(node: string, sid: string, timeout: number): GuestTask;
  /** `online` keeps a running VM running; otherwise, and for containers, it is shut down before. */
  migrate(node: string, sid: string, target: string, online: boolean): GuestTask;
  /** Moves the config of a guest whose node was fenced. @throws when it is not there. */
  steal(node: string, sid: string, from: string, to: string): void;
  /** Removes the guest's lock if it is one of `locks`, and says which. */
  unlock(node: string, sid: string, locks: readonly string[]): string | undefined;
}

export interface PowerSeam {
  /** Whether the node is on its way down, and what for. */
  goingDown(node: string): "reboot" | "shutdown" | undefined;
  /** The watchdog device resets the machine. */
  reset(node: string): void;
  /** A daemon has ended in good order; a node that goes down waits for its LRM, then for its CRM. */
  exited(node: string, daemon: Daemon): void;
}
