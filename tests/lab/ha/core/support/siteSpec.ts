import type {
  DatacenterSettings,
  GroupConfig,
  Load,
  ManagerStatus,
  RequestState,
  RuleConfig,
} from "../../../../../lab/ha/core/types";

/** `site.yaml` of a scenario. */
export interface SiteSpec {
  /** `simulator`: fixed phases and no delays, nodes come up when the commands say so. `cluster`: as real nodes. */
  timing: "simulator" | "cluster";
  seed?: number;
  nodes: string[];
  /** A QDevice with one vote. */
  witness?: boolean;
  resources: Record<string, ResourceSpec>;
  rules?: Record<string, RuleConfig>;
  groups?: Record<string, GroupConfig>;
  /** Of pve-manager on nodes that have another than 9.1.3. */
  versions?: Record<string, string>;
  /** What an earlier master has left behind. */
  manager_status?: Partial<ManagerStatus>;
  settings?: DatacenterSettings;
  /** CPUs and bytes of the nodes, for the schedulers that count loads. */
  loads?: Record<string, Load>;
  durations?: Partial<Durations>;
}

/** A resource and the guest behind it. */
export interface ResourceSpec {
  node: string;
  state?: RequestState;
  max_restart?: number;
  max_relocate?: number;
  failback?: boolean;
  group?: string;
  lock?: string;
  load?: Load;
  /** How many starts, or migrations, fail before one succeeds; on one node only if it is named. */
  failingStarts?: number;
  failingMigrations?: number;
  failsOn?: string;
  /** It does not stop, however long one waits. */
  unstoppable?: boolean;
}

/** Seconds. */
export interface Durations {
  start: number;
  stop: number;
  migrate: number;
  boot: number;
  /** Until the nodes of the quorate part notice a change; the part without quorum takes `lonely`. */
  membership: number;
  lonely: number;
}

export const DURATIONS: Record<SiteSpec["timing"], Durations> = {
  // A reset node stays off, one that reboots is back before its next round.
  simulator: { start: 0, stop: 0, migrate: 0, boot: 1, membership: 0, lonely: 0 },
  cluster: { start: 3, stop: 8, migrate: 15, boot: 60, membership: 8, lonely: 12 },
};
