import type { Known } from "./known";
import type {
  AccountFacts,
  FirewallFacts,
  FirewallRulesFacts,
  IpSetFacts,
  RoleFacts,
  SecurityGroupFacts,
} from "./security";

/** What the rules judge: plain data from the inputs of all resources of a run. */
export interface SiteFacts {
  clusters: ClusterFacts[];
  haResources: HaResourceFacts[];
  haRules: HaRuleFacts[];
  guests: GuestFacts[];
  storages: StorageFacts[];
  replications: ReplicationFacts[];
  backupJobs: BackupJobFacts[];
  copies: CopyFacts[];
  bridges: BridgeFacts[];
  interfaces: InterfaceFacts[];
  options: OptionsFacts[];
  users: UserFacts[];
  notifications: NotificationFacts[];
  providers: ProviderFacts[];
  accounts: AccountFacts[];
  roles: RoleFacts[];
  firewalls: FirewallFacts[];
  firewallRules: FirewallRulesFacts[];
  securityGroups: SecurityGroupFacts[];
  ipSets: IpSetFacts[];
  connections: ConnectionFacts[];
  order: OrderFacts[];
}

export interface Named {
  urn: string;
  /** Logical name, which is the key in the site file. */
  name: string;
}

export interface ClusterFacts extends Named {
  nodes: Known<NodeFacts[]>;
  witness: Known<{ name: string; address: string } | undefined>;
  /** The witness's vote counts. */
  qdevice: Known<boolean>;
  /** Major release of Proxmox VE; undefined where nobody says. */
  release: Known<number | undefined>;
}

export interface NodeFacts {
  name: string;
  address: string;
  votes: number;
  /** Bytes; undefined where nobody says. */
  memory: Known<number | undefined>;
  cpus: Known<number | undefined>;
  /** The highest level of x86-64 that its CPU has, as `x86-64-v3`; undefined where nobody says. */
  cpuLevel: Known<string | undefined>;
  /** Who made its CPU; undefined where nobody says. */
  cpuVendor: Known<string | undefined>;
  /** How many links corosync has there. */
  links: Known<number>;
}

export interface HaResourceFacts extends Named {
  /** `vm:100` or `ct:103`. */
  sid: Known<string>;
  state: Known<string>;
  /** How often it is started again on the node where its start has failed. */
  maxRestart: Known<number>;
  /** How often it is started on another node after that. */
  maxRelocate: Known<number>;
}

export interface HaRuleFacts extends Named {
  type: Known<string>;
  sids: Known<string[]>;
  /** Names of the nodes; empty for a rule about resources. */
  nodes: Known<string[]>;
  strict: Known<boolean>;
  disabled: Known<boolean>;
  /** The guests of a rule about resources run on different nodes, not together on one. */
  apart: Known<boolean>;
}

export interface GuestFacts extends Named {
  kind: "vm" | "ct";
  vmid: Known<number | undefined>;
  /** Home node. */
  node: Known<string>;
  disks: Known<DiskFacts[]>;
  addresses: Known<string[]>;
  tags: Known<string[]>;
  pool: Known<string | undefined>;
  template: Known<boolean>;
  /** Pulumi or Proxmox VE refuses to delete it. */
  protected: Known<boolean>;
  /** It is started when it is made, or with its node. */
  running: Known<boolean>;
  /** MiB. */
  memory: Known<number>;
  /** MiB that a balloon driver may leave it; zero without a balloon. */
  balloon: Known<number>;
  vcpus: Known<number>;
  /** CPU model of a VM; undefined for a container, which has the node's. */
  cpuType: Known<string | undefined>;
  osType: Known<string>;
  bridges: Known<string[]>;
  /** What it is called in Proxmox VE; undefined where nobody says. */
  hostName: Known<string | undefined>;
  nics: Known<NicFacts[]>;
  /** SCSI controller of a VM; undefined for a container. */
  scsiHardware: Known<string | undefined>;
  /** What is in a VM's CD drive: `Data:iso/virtio-win.iso`, `none`. */
  image: Known<string | undefined>;
  /** What is in its second one, for drivers. */
  drivers?: Known<string>;
  /** Devices of one node that it uses: `hostpci0`, `usb0`, `/dev/ttyS0`. */
  devices: Known<string[]>;
  /** It has a place in the node's order of starting. */
  ordered: Known<boolean>;
  /** Seconds that it is given to shut down; zero where nobody says. */
  shutdown: Known<number>;
  /** The guest agent is expected in it; undefined for a container, which needs none. */
  agent: Known<boolean | undefined>;
  /** Root in it is nobody on the node; undefined for a VM. */
  unprivileged: Known<boolean | undefined>;
}

/** A network card of a guest. */
export interface NicFacts {
  /** `net0`. */
  slot: string;
  bridge: string;
  /** Its VLAN; zero for none. */
  vlan: number;
  /** It gets several VLANs and tells them apart itself. */
  trunk: boolean;
  /** `virtio`, `e1000` … */
  model: string;
  /** The guest's firewall filters it. */
  firewall: boolean;
}

/** A volume of a guest and where it lies. */
export interface DiskFacts {
  slot: string;
  /** Id of a storage, or an absolute path on the node that the guest runs on. */
  storage: Known<string>;
  /** It holds the guest's own data: no firmware, installation image or script. */
  data: boolean;
  cache: Known<string>;
  /** GiB; undefined where nobody says. */
  size?: Known<number | undefined>;
  /** vzdump takes it along. */
  backedUp: Known<boolean>;
  /** Replication jobs of the guest take it along, where it lies on a node's own ZFS. */
  replicated: Known<boolean>;
}

export interface StorageFacts extends Named {
  id: Known<string>;
  /** `nfs`, `lvmthin` … */
  type: string;
  /** Every node that has it sees the same volumes. */
  shared: Known<boolean>;
  /** Nodes that have it; undefined for all. */
  nodes: Known<string[] | undefined>;
  disabled: Known<boolean>;
  /** Pulumi refuses to delete it. */
  protected: Known<boolean>;
  /** Address or name of the host that serves it. */
  server: Known<string | undefined>;
  /** What the server calls it: an NFS export, a CIFS share with its folder. */
  export: Known<string | undefined>;
  /** What it holds: `images`, `rootdir`, `backup` … */
  contents: Known<string[]>;
  /** Mount options. */
  options: Known<string[]>;
  retention: Known<Retention | undefined>;
}

/** A job that copies a guest's local disks to another node. */
export interface ReplicationFacts extends Named {
  /** VMID. */
  guest: Known<string>;
  /** The node that gets the copy. */
  target: Known<string>;
  /** When it runs: a calendar event. */
  schedule: Known<string>;
  disabled: Known<boolean>;
}

/** Backups that are kept, by period: `last`, `daily` …; `all` is 1 where none is removed. */
export type Retention = Record<string, number>;

export interface BackupJobFacts extends Named {
  storage: Known<string>;
  enabled: Known<boolean>;
  all: Known<boolean>;
  /** VMIDs. */
  guests: Known<string[]>;
  excluded: Known<string[]>;
  pool: Known<string | undefined>;
  /** It runs on this node alone, and so for the guests that are there. */
  node: Known<string | undefined>;
  mode: Known<string>;
  compress: Known<string>;
  retention: Known<Retention | undefined>;
  /** When it runs: a calendar event. */
  schedule: Known<string>;
  /** KiB/s; zero without a limit. */
  bandwidth: Known<number>;
  /** Addresses that are told how it went. */
  mail: Known<string[]>;
}

/** Backups of one storage that are copied to another outside Proxmox VE. */
export interface CopyFacts extends Named {
  /** Ids of the storages. */
  from: Known<string>;
  to: Known<string>;
  /** In systemd's words. */
  schedule: Known<string>;
  /** Seconds that the newest copy of a guest may be old. */
  maxAge: Known<number>;
  /** Of all backups on `to`; undefined where every copy stays. */
  retention: Known<Retention | undefined>;
}

export interface BridgeFacts extends Named {
  bridge: Known<string>;
  /** The node that has it; undefined for a network of the whole cluster. */
  node: Known<string | undefined>;
  /** It keeps the VLANs of guests apart itself. */
  vlanAware: Known<boolean>;
  /** VLANs that it lets through, as `2-4094` or `1 20 130`. */
  vids: Known<string>;
  /** What it goes out by. */
  ports: Known<string[]>;
}

/** A node's bridge, bond or VLAN. */
export interface InterfaceFacts extends Named {
  kind: "bridge" | "bond" | "vlan";
  /** What the node calls it: `vmbr0`. */
  id: Known<string>;
  node: Known<string>;
  /** Undefined where nobody says. */
  mtu: Known<number | undefined>;
  /** What it lies on: the ports of a bridge, the cards of a bond, the interface of a VLAN. */
  on: Known<string[]>;
  /** Of a bond. */
  mode: Known<string | undefined>;
  /** With prefix: `192.168.18.251/24`. */
  addresses: Known<string[]>;
}

/** Options of the whole cluster. */
export interface OptionsFacts extends Named {
  /** KiB/s, by `migration`, `clone`, `move`, `restore` and `default`; zero for none. */
  limits: Known<Record<string, number>>;
}

export interface UserFacts extends Named {
  /** `user@realm`. */
  user: Known<string>;
  email: Known<string | undefined>;
}

/** Who is told what, where the program decides it. */
export interface NotificationFacts extends Named {
  targets: Known<{ name: string; enabled: boolean }[]>;
  matchers: Known<MatcherFacts[]>;
  /** Address of root@pam; undefined where nobody says. */
  rootMail: Known<string | undefined>;
}

export interface MatcherFacts {
  name: string;
  enabled: boolean;
  targets: string[];
  /** None is all. */
  severities: string[];
  /** It looks at more than the severity. */
  narrow: boolean;
}

/** How a program reaches the API. */
export interface ProviderFacts extends Named {
  /** `user@realm` of its token or login; undefined where the environment says. */
  account: Known<string | undefined>;
  insecure: Known<boolean>;
}

/** An SSH connection of a command. */
export interface ConnectionFacts extends Named {
  /** Every host on the way is known by its key. */
  pinned: Known<boolean>;
}

/** What the engine creates before a resource. */
export interface OrderFacts extends Named {
  /** URN of the component that it belongs to; empty at the top. */
  parent: string;
  /** URNs, its provider among them. */
  needs: string[];
}
