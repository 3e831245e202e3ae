import type { ClusterRun } from "../cluster/clusterRun";
import type { Release } from "../api/version";
import type { GuestTraits } from "../guests/traits";
import type { HostTraits } from "../node/hostTraits";
import type { HandMount } from "../node/mounts";
import type { WaitingBoot } from "../system/boot";
import type { DpkgState } from "../system/dpkg";
import type { UnitState } from "../system/units";
import type { HaMemory } from "../ha/core/memory";
import type { GroupConfig, HaFiles } from "../ha/core/types";
import type { ApiFault } from "../control/apiFaults";
import type { ClockRecord } from "../seams/scaledClock";
import type { Settings } from "./settings";

/**
 * Everything the lab remembers. Plain JSON, so that it can be saved, compared and read by a person. What a process
 * would lose on a real machine (open connections) is not in here.
 */
export interface LabState {
  /** Raised when an older state file can no longer be read; `lab reset` is then the way on. */
  format: 1;
  hosts: Record<string, HostState>;
  /** PEM certificates of every authority that a node has had, so that a client's bundle outlives a join. */
  authorities: string[];
  /** Cluster file systems by id. A fresh node has one of its own; members of a cluster share one. */
  pmxcfs: Record<string, Pmxcfs>;
  /** Files on NFS exports, by `<host>:<path>`. */
  exports: Record<string, Volume[]>;
  /** Other files on them, by the same key and the path in the export. */
  exportFiles?: Record<string, Record<string, FileState>>;
  /** How they are exported, where that is not the usual: `rw,sync,root_squash`. */
  exportOptions?: Record<string, string>;
  /** What the HA manager's daemons on the nodes have in mind. */
  haMemory?: HaMemory;
  /** What all guests of this lab are like, where they differ from the usual. */
  traits?: Partial<GuestTraits>;
  /** Cables that are out; all others are plugged in. */
  cables?: Cables;
  /** How the lab's time goes, once it has gone otherwise than the machine's. */
  clock?: ClockRecord;
  /** The lab's time when this was last written to disk, in epoch milliseconds. */
  writtenAt?: number;
  /** Disks on which nothing more can be written, by host: exports, or `/`. */
  fullDisks?: Record<string, string[]>;
  /** Nodes with a slow or flaky API. */
  apiFaults?: Record<string, ApiFault>;
  /** What corosync believes, by id in `pmxcfs`. */
  corosync?: Record<string, ClusterRun>;
}

export interface Cables {
  /** Hosts whose own plug is out. */
  unplugged: string[];
  /** Pairs of hosts between which nothing passes; names in order. */
  cut: [string, string][];
  /** Ports that a firewall closes between two hosts, in both directions. */
  blocked?: BlockedPort[];
}

export interface BlockedPort {
  /** Names in order. */
  hosts: [string, string];
  port: number;
}

export interface FileState {
  content: string;
  mode: number;
  /** Target of a symbolic link; `content` is empty then. */
  link?: string;
}

export interface HostState {
  name: string;
  address: string;
  role: "node" | "witness";
  /** Of Proxmox VE, on a node; 9 unless it says otherwise. */
  release?: Release;
  power: boolean;
  /** Speed of the host's network card in Mbit/s; without one nothing that is sent takes time. */
  linkMbit?: number;
  /** What the machine is like, where it differs from the usual. */
  traits?: Partial<HostTraits>;
  /** What `logger` was told; epoch milliseconds. */
  journal?: { time: number; unit: string; message: string }[];
  /** NFS mounts that were made by hand. */
  mounts?: HandMount[];
  /** Epoch milliseconds of the last power-on. */
  bootedAt: number;
  /** Epoch milliseconds at which a host that is booting will be up. */
  bootsAt?: number;
  /** Its system is on its way down, to boot again or not. */
  goingDown?: "reboot" | "shutdown";
  /** It has booted and waits for quorum, to start the guests that start with it. */
  startsGuests?: true;
  sshPort: number;
  /** PEM of the host's Ed25519 key. */
  sshHostKey: string;
  /** Names of all that is unpacked. */
  packages: string[];
  /** What dpkg and apt know besides. */
  dpkg?: DpkgState;
  /** Units that run, without `.service`. */
  services: string[];
  /** It has booted, and services that somebody has written come first. */
  waitingBoot?: WaitingBoot;
  /** Kernel modules of watchdogs in the order in which they were loaded; absent in a state of an older lab. */
  watchdogs?: string[];
  /** Units that are otherwise than their package makes them; absent in a state of an older lab. */
  units?: Record<string, UnitState>;
  /** The kernel that was booted, as `uname -r` names it. */
  kernel?: string;
  /** What a machine brings into the node that is made of it. */
  machine?: MachineState;
  files: Record<string, FileState>;
  node?: NodeState;
}

/** Hardware and access of a machine that may become a node. Memory and disk are bytes. */
export interface MachineState extends Pick<
  NodeState,
  "apiPort" | "cpus" | "cpuModel" | "memory" | "rootDisk"
> {
  /** root's, as scrypt hash. */
  password: string;
}

/** What only a Proxmox VE node has. */
export interface NodeState {
  apiPort: number;
  cpus: number;
  cpuModel: string;
  /** Bytes. */
  memory: number;
  rootDisk: number;
  /** Id in `LabState.pmxcfs`. */
  pmxcfs: string;
  /** Its database is among the host's files; absent in a state of an older lab. */
  database?: true;
  /**
   * It has joined a cluster and has no certificate of it yet; `blank` until it has had quorum, and with it all that the
   * cluster's file system holds.
   */
  joining?: "blank" | "synced";
  certificate: KeyPair;
  /** Volumes of node-local storages, by storage id. */
  volumes: Record<string, Volume[]>;
  tasks: TaskState[];
  /** Guests that run on this node, by VMID. */
  running: Record<string, RunState>;
  /** What this node's scheduler knows of the cluster's backup jobs, by id. */
  jobs?: Record<string, JobState>;
  /** What it knows of the copies of its guests, by VMID and target (pve-replication-state.json). */
  replication?: Record<string, Record<string, ReplicationState>>;
}

/** A replication job as its guest's node has run it. Times are epoch seconds, 0 for never. */
export interface ReplicationState {
  lastTry: number;
  lastSync: number;
  failCount: number;
  error?: string;
  duration?: number;
}

/** A job as one node has run it (PVE::Jobs). Times are epoch seconds. */
export interface JobState {
  state: "created" | "starting" | "started" | "stopped";
  time?: number;
  upid?: string;
  msg?: string;
  /** Runs that were due before this are forgotten. */
  updated?: number;
  /** `schedule` and `enabled` as they were last seen. */
  config: Record<string, string>;
}

export interface KeyPair {
  certificate: string;
  key: string;
}

export interface RunState {
  pid: number;
  /** Epoch seconds. */
  startedAt: number;
  /** Epoch milliseconds at which the system has booted and answers. */
  answersAt?: number;
  /** Stopped in its tracks: by a user, or for the moment in which it changes nodes. */
  paused?: "user" | "migration";
  /** The agent has frozen the file systems. */
  frozen?: true;
}

export interface TaskState {
  upid: string;
  node: string;
  pid: number;
  pstart: number;
  starttime: number;
  endtime?: number;
  type: string;
  id: string;
  user: string;
  /** Absent while the task runs; then "OK", "WARNINGS: n" or the error. */
  exitstatus?: string;
  log: string[];
}

export interface Volume {
  /** Without the storage id: `100/vm-100-disk-0.qcow2`, `vztmpl/x.tar.zst`. */
  name: string;
  content: "images" | "rootdir" | "vztmpl" | "iso" | "backup" | "snippets" | "import";
  format: string;
  /** Bytes. */
  size: number;
  ctime: number;
  vmid?: number;
  /** Name of the template's volume that a linked clone stands on, where its own name does not say so. */
  base?: string;
  /** Bytes that it takes, where that is more or less than its format tells. */
  used?: number;
  /** Bytes of the disk in an image file that can be imported. */
  virtual?: number;
  /** Of a file that was fetched: `sha256:…`, as it was checked. */
  checksum?: string;
  notes?: string;
  /** Of a backup: nothing deletes it. */
  protected?: boolean;
  /** Of a backup: what a restore brings back. */
  archive?: Archive;
  /** Of a container's volume or its backup: false once its files have lost ACLs and extended attributes. */
  xattrs?: false;
}

/** The guest in a backup. */
export interface Archive {
  config: Record<string, string>;
  /** The volumes that were included. */
  volumes: { key: string; storage: string; format: string; size: number; used: number }[];
}

/** The cluster file system of one cluster, or of a node that is in none. */
export interface Pmxcfs extends Settings {
  id: string;
  version: number;
  ca: KeyPair;
  /** Key of the login tickets. */
  ticketSecret: string;
  corosync?: Corosync;
  authorizedKeys: string;
  knownHosts: string;
  users: Record<string, User>;
  roles: Record<string, string[]>;
  acl: AclEntry[];
  storages: Record<string, StorageConfig>;
  guests: Record<string, Guest>;
  ha: {
    resources: Record<string, HaResource>;
    rules: Record<string, HaRule>;
    /** Groups of release 8, until they have become rules. */
    groups?: Record<string, GroupConfig>;
    /** manager_status, lrm_status, crm_commands and locks, once somebody has written them. */
    files?: HaFiles;
  };
  jobs: Record<string, BackupJob>;
}

export interface Corosync {
  clusterName: string;
  configVersion: number;
  nodes: CorosyncNode[];
  qdevice?: { host: string; algorithm: "ffsplit" | "lms"; votes: number };
}

export interface CorosyncNode {
  name: string;
  nodeid: number;
  votes: number;
  /** On link 0. */
  address: string;
  /** On link 1, in a cluster with two. */
  link1?: string;
}

export interface User {
  enable: boolean;
  /** Epoch seconds, 0 for never. */
  expire: number;
  comment?: string;
  email?: string;
  firstname?: string;
  lastname?: string;
  keys?: string;
  /** Password of realm pve or pam, as scrypt hash. */
  password?: string;
  tokens: Record<string, Token>;
}

export interface Token {
  secret: string;
  privsep: boolean;
  expire: number;
  comment?: string;
}

export interface AclEntry {
  path: string;
  type: "user" | "group" | "token";
  ugid: string;
  roleid: string;
  propagate: boolean;
}

/** `type` plus the keys of storage.cfg, as strings. */
export type StorageConfig = Record<string, string> & { type: string };

export interface Guest {
  vmid: number;
  type: "qemu" | "lxc";
  node: string;
  /** Keys of the guest's file, as strings, the way PVE writes them. */
  config: Record<string, string>;
  /** Changes that wait until the guest stops. */
  pending?: Pending;
  snapshots?: Record<string, Snapshot>;
  /** Cloud-init values on the guest's drive, kept once its configuration says something else. */
  cloudInit?: Record<string, string>;
  /** Loopback port that answers while the guest does. */
  port?: number;
  traits?: Partial<GuestTraits>;
}

export interface Pending {
  set: Record<string, string>;
  /** Keys to delete; true where the volume is to be freed with it. */
  delete: Record<string, boolean>;
}

export interface Snapshot {
  config: Record<string, string>;
  /** Epoch seconds. */
  time: number;
  description?: string;
  /** Name of the snapshot before. */
  parent?: string;
  /** Volume that holds the memory. */
  vmstate?: string;
}

export interface HaResource {
  state: "started" | "stopped" | "disabled" | "ignored";
  max_relocate?: number;
  max_restart?: number;
  failback?: boolean;
  group?: string;
  comment?: string;
}

export type HaRule = Record<string, string> & { type: "node-affinity" | "resource-affinity" };

export type BackupJob = Record<string, string>;
