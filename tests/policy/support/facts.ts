import type {
  AccountFacts,
  FirewallFacts,
  FirewallRule,
  RoleFacts,
} from "../../../policy/facts/security";
import type {
  BackupJobFacts,
  BridgeFacts,
  ClusterFacts,
  CopyFacts,
  DiskFacts,
  GuestFacts,
  HaResourceFacts,
  HaRuleFacts,
  NicFacts,
  NodeFacts,
  ReplicationFacts,
  SiteFacts,
  StorageFacts,
} from "../../../policy/facts/site";
import { configured, type Rule } from "../../../policy/rules/rule";

const GIB = 1024 ** 3;

const node = (name: string, address: string, memory: number): NodeFacts => ({
  name,
  address,
  votes: 1,
  memory: memory * GIB,
  cpus: 4,
  cpuLevel: undefined,
  cpuVendor: undefined,
  links: 1,
});

export const PVE01 = node("pve01", "192.168.18.251", 3.75);
export const PVE02 = node("pve02", "192.168.18.100", 15.6);
export const PVE03 = node("pve03", "192.168.18.103", 15.6);
export const NAS = { name: "nas", address: "192.168.18.200" };

export const cluster = (changes: Partial<ClusterFacts> = {}): ClusterFacts => ({
  urn: "urn:mizar",
  name: "mizar",
  nodes: [PVE01, PVE02],
  witness: NAS,
  qdevice: true,
  release: 9,
  ...changes,
});

export const haResource = (changes: Partial<HaResourceFacts> = {}): HaResourceFacts => ({
  urn: "urn:ha-win2016",
  name: "win2016",
  sid: "vm:100",
  state: "started",
  maxRestart: 1,
  maxRelocate: 1,
  ...changes,
});

/** A strict rule that lets win2016 run on pve02 alone. */
export const haRule = (changes: Partial<HaRuleFacts> = {}): HaRuleFacts => ({
  urn: "urn:prefer-win2016",
  name: "prefer-win2016",
  type: "node-affinity",
  sids: ["vm:100"],
  nodes: ["pve02"],
  strict: true,
  disabled: false,
  apart: false,
  ...changes,
});

export const guest = (changes: Partial<GuestFacts> = {}): GuestFacts => ({
  urn: "urn:win2016",
  name: "win2016",
  kind: "vm",
  vmid: 100,
  node: "pve02",
  disks: [disk()],
  addresses: [],
  tags: ["virtio"],
  pool: undefined,
  template: false,
  protected: true,
  running: true,
  memory: 2048,
  balloon: 0,
  vcpus: 2,
  cpuType: "x86-64-v2-AES",
  osType: "win10",
  bridges: ["vmbr0"],
  hostName: changes.name ?? "win2016",
  nics: [nic()],
  scsiHardware: "virtio-scsi-single",
  image: undefined,
  devices: [],
  ordered: false,
  shutdown: 0,
  agent: true,
  unprivileged: undefined,
  ...changes,
});

/** The container beside it. */
export const web = (changes: Partial<GuestFacts> = {}): GuestFacts =>
  guest({
    urn: "urn:web",
    name: "web",
    kind: "ct",
    vmid: 102,
    disks: [disk({ slot: "rootfs" })],
    addresses: ["192.168.18.30"],
    tags: [],
    hostName: changes.name ?? "web",
    nics: [nic({ model: "veth" })],
    scsiHardware: undefined,
    memory: 256,
    vcpus: 1,
    cpuType: undefined,
    osType: "debian",
    agent: undefined,
    unprivileged: true,
    ...changes,
  });

export const nic = (changes: Partial<NicFacts> = {}): NicFacts => ({
  slot: "net0",
  bridge: "vmbr0",
  vlan: 0,
  trunk: false,
  model: "virtio",
  firewall: true,
  ...changes,
});

/** A bridge of a node, or of the whole cluster without one. */
export const bridge = (
  name: string,
  node?: string,
  changes: Partial<BridgeFacts> = {},
): BridgeFacts => ({
  urn: `urn:${name}`,
  name,
  bridge: name,
  node,
  vlanAware: false,
  vids: "2-4094",
  ports: ["eno1"],
  ...changes,
});

export const disk = (changes: Partial<DiskFacts> = {}): DiskFacts => ({
  slot: "scsi0",
  storage: "Data",
  data: true,
  cache: "none",
  size: 40,
  backedUp: true,
  replicated: true,
  ...changes,
});

export const storage = (changes: Partial<StorageFacts> = {}): StorageFacts => ({
  urn: "urn:Data",
  name: "Data",
  id: "Data",
  type: "nfs",
  shared: true,
  nodes: undefined,
  disabled: false,
  protected: true,
  server: "192.168.18.201",
  export: "/backup/pve-data",
  contents: ["images", "rootdir"],
  options: [],
  retention: undefined,
  ...changes,
});

/** Each quarter of an hour to pve01, as Proxmox VE does unless told. */
export const replication = (changes: Partial<ReplicationFacts> = {}): ReplicationFacts => ({
  urn: "urn:win2016-copy",
  name: "win2016-copy",
  guest: "100",
  target: "pve01",
  schedule: "*/15",
  disabled: false,
  ...changes,
});

/** On another host than the disks and the witness. */
export const backupStorage = (changes: Partial<StorageFacts> = {}): StorageFacts =>
  storage({
    urn: "urn:Backup",
    name: "Backup",
    id: "Backup",
    server: "192.168.18.202",
    export: "/backup/pve-backup",
    contents: ["backup"],
    retention: { last: 3, daily: 7 },
    ...changes,
  });

export const backupJob = (changes: Partial<BackupJobFacts> = {}): BackupJobFacts => ({
  urn: "urn:nightly",
  name: "nightly",
  storage: "Backup",
  enabled: true,
  all: true,
  guests: [],
  excluded: [],
  pool: undefined,
  node: undefined,
  mode: "snapshot",
  compress: "zstd",
  retention: undefined,
  schedule: "02:00",
  bandwidth: 0,
  mail: [],
  ...changes,
});

/** Each morning to a box of its own. */
export const archiveCopy = (changes: Partial<CopyFacts> = {}): CopyFacts => ({
  urn: "urn:usb",
  name: "usb",
  from: "Backup",
  to: "Second",
  schedule: "06:00",
  maxAge: 172_800,
  retention: { last: 4 },
  ...changes,
});

export const account = (changes: Partial<AccountFacts> = {}): AccountFacts => ({
  urn: "urn:pulumi-dev",
  name: "pulumi-dev",
  user: "proxmox-ha-dev@pve",
  separated: true,
  age: 30,
  left: undefined,
  ...changes,
});

export const role = (changes: Partial<RoleFacts> = {}): RoleFacts => ({
  urn: "urn:pulumi-dev",
  name: "pulumi-dev",
  id: "proxmox-ha-dev",
  privileges: ["Sys.Audit", "VM.GuestAgent.Audit"],
  ...changes,
});

export const firewall = (changes: Partial<FirewallFacts> = {}): FirewallFacts => ({
  urn: "urn:firewall",
  name: "firewall",
  place: { kind: "cluster" },
  enabled: true,
  inputPolicy: "DROP",
  outputPolicy: "ACCEPT",
  ...changes,
});

export const firewallRule = (changes: Partial<FirewallRule>): FirewallRule => ({
  enabled: true,
  type: "in",
  action: "ACCEPT",
  group: undefined,
  macro: undefined,
  proto: undefined,
  port: undefined,
  source: undefined,
  dest: undefined,
  iface: undefined,
  ...changes,
});

export const guestFirewall = (vmid: number, changes: Partial<FirewallFacts> = {}): FirewallFacts =>
  firewall({
    urn: `urn:firewall-${vmid}`,
    name: `firewall-${vmid}`,
    place: { kind: "guest", vmid },
    outputPolicy: "DROP",
    ...changes,
  });

/** Two nodes and a witness, one HA guest on a storage that both nodes share, a container beside it, backups of both. */
export const site = (changes: Partial<SiteFacts> = {}): SiteFacts => ({
  clusters: [cluster()],
  haResources: [haResource()],
  haRules: [],
  guests: [guest(), web()],
  storages: [storage(), backupStorage()],
  replications: [],
  backupJobs: [backupJob()],
  copies: [],
  bridges: [],
  interfaces: [],
  options: [],
  users: [],
  notifications: [],
  providers: [{ urn: "urn:pve", name: "pve", account: "proxmox-ha-dev@pve", insecure: false }],
  accounts: [account()],
  roles: [role()],
  firewalls: [firewall(), guestFirewall(100), guestFirewall(102)],
  firewallRules: [],
  securityGroups: [],
  ipSets: [
    {
      urn: "urn:management",
      name: "management",
      place: { kind: "cluster" },
      id: "management",
      networks: ["10.8.0.0/24"],
    },
  ],
  connections: [{ urn: "urn:found", name: "found", pinned: true }],
  order: [
    { urn: "urn:qdevice", name: "qdevice", parent: "urn:mizar", needs: [] },
    { urn: "urn:pve", name: "pve", parent: "", needs: ["urn:qdevice"] },
    { urn: "urn:ha-win2016", name: "win2016", parent: "", needs: ["urn:pve"] },
  ],
  ...changes,
});

export const NOTHING: SiteFacts = {
  clusters: [],
  haResources: [],
  haRules: [],
  guests: [],
  storages: [],
  replications: [],
  backupJobs: [],
  copies: [],
  bridges: [],
  interfaces: [],
  options: [],
  users: [],
  notifications: [],
  providers: [],
  accounts: [],
  roles: [],
  firewalls: [],
  firewallRules: [],
  securityGroups: [],
  ipSets: [],
  connections: [],
  order: [],
};

/** What a rule says, each as the URN at fault and the whole message. */
export const judge = (
  rule: Rule,
  facts: SiteFacts,
  config: object = {},
): [urn: string, message: string][] =>
  rule.judge(facts, configured(rule, config)).map(({ urn, message }) => [urn, message]);
