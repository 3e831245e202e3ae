/**
 * What the lab's page shows: the answer of `GET /lab/site`. It is what a person would see who stands between the
 * machines, so it is true where nodes may be mistaken; what a node itself believes is marked so. Times are epoch
 * milliseconds on the lab's clock, sizes are bytes. No password, key or token is in it.
 */
export interface Picture {
  time: number;
  /** Nodes first. */
  hosts: HostPicture[];
  /** One for each pair of hosts. */
  cables: CablePicture[];
  /** In order of VMID. */
  guests: GuestPicture[];
  storages: StoragePicture[];
  /** Newest first; those that run before all others. */
  tasks: TaskPicture[];
  /** Newest first. */
  log: LogPicture[];
  rehearsal: Rehearsal;
}

/** What is rehearsed besides power, cables and services. */
export interface Rehearsal {
  /** Seconds of the lab for one of real time; 0 stands still. */
  speed: number;
  /** Nodes whose API is slow or flaky. */
  api: ApiFaultPicture[];
  /** Every disk that can be filled. */
  disks: DiskPicture[];
}

export interface ApiFaultPicture {
  node: string;
  delayMs: number;
  /** Share of requests that fail, 0 to 1. */
  failRate: number;
}

export interface DiskPicture {
  host: string;
  /** An export of the NAS, or `/`. */
  path: string;
  full: boolean;
}

export interface HostPicture {
  name: string;
  address: string;
  role: "node" | "witness";
  power: "on" | "off" | "booting";
  /** When it was switched on, or of a host that is booting, when it will be up. */
  since: number;
  /** Its own plug is in. */
  plugged: boolean;
  /** Mbit/s of its network card; null is as fast as can be. */
  linkMbit: number | null;
  services: ServicePicture[];
  /** Absent where it is none, or has no power. */
  node?: NodePicture;
}

/** A systemd unit that can be stopped and started. */
export interface ServicePicture {
  unit: string;
  running: boolean;
}

export interface NodePicture {
  /** Null while it is in no cluster. */
  cluster: string | null;
  quorum: QuorumPicture;
  ha: HaPicture;
  cpus: number;
  /** Share of its processors, 0 to 1. */
  cpu: number;
  memory: Usage;
  rootDisk: Usage;
}

export interface Usage {
  used: number;
  total: number;
}

/** As this node counts it. */
export interface QuorumPicture {
  quorate: boolean;
  votes: number;
  expected: number;
  /** Votes that are needed. */
  needed: number;
  /** Nodes that it hears, itself included. */
  members: string[];
  /** Whether the QDevice's vote is counted here; null without a QDevice. */
  device: boolean | null;
}

/** States of the HA manager's daemons on one node, in PVE's words; null for one that does not run. */
export interface HaPicture {
  crm: string | null;
  lrm: string | null;
  /** `active` unless the LRM holds still for a reboot, maintenance or a disarmed cluster. */
  mode: string | null;
  /** Somebody holds the watchdog open: without quorum the node is reset. */
  watchdog: boolean;
}

export interface CablePicture {
  /** In order of names. */
  between: [string, string];
  connected: boolean;
}

export type GuestState =
  "running" | "booting" | "paused" | "stalled" | "stopped" | "template" | "node is off";

export interface GuestPicture {
  /** Differs for guests of two clusters with one VMID. */
  key: string;
  vmid: number;
  name: string;
  type: "VM" | "container";
  /** Where its configuration lies, and so where it runs. */
  node: string;
  state: GuestState;
  /** Storages that its disks wait for. */
  waitsFor: string[];
  lock: string | null;
  /** Bytes that it may have. */
  memory: number;
  /** Null until it has run once. */
  port: number | null;
  answers: boolean;
  /** What the HA manager says of it, and what it was asked for; null when it is not HA. */
  ha: { state: string; wanted: string } | null;
}

export interface StoragePicture {
  key: string;
  name: string;
  type: string;
  shared: boolean;
  content: string[];
  /** How each node that may use it finds it. */
  places: PlacePicture[];
}

export interface PlacePicture extends Usage {
  node: string;
  state: "available" | "unavailable" | "node is off";
  /** Why it is unavailable, in PVE's words. */
  problem: string | null;
}

export interface TaskPicture {
  upid: string;
  node: string;
  type: string;
  /** Of the guest or storage it is about; may be empty. */
  id: string;
  user: string;
  start: number;
  end: number | null;
  /** `running`, `OK`, `WARNINGS: n` or the error. */
  status: string;
  failed: boolean;
}

export interface LogPicture {
  /** Tells lines of one time apart. */
  id: number;
  time: number;
  /** A host, or `lab`. */
  host: string;
  /** `crm`, `lrm`, `watchdog-mux`, or what of the lab has changed: `power`, `cable`, `task` … */
  source: string;
  level: "debug" | "info" | "notice" | "warning" | "err";
  message: string;
}
