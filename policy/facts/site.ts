import type { Known } from "./known";

/** What the rules judge: plain data from the inputs of all resources of a run. */
export interface SiteFacts {
  clusters: ClusterFacts[];
  haResources: HaResourceFacts[];
  haRules: HaRuleFacts[];
  guests: GuestFacts[];
  storages: StorageFacts[];
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
}

export interface NodeFacts {
  name: string;
  address: string;
  votes: number;
}

export interface HaResourceFacts extends Named {
  /** `vm:100` or `ct:103`. */
  sid: Known<string>;
}

export interface HaRuleFacts extends Named {
  type: Known<string>;
  sids: Known<string[]>;
  /** Names of the nodes; empty for a rule about resources. */
  nodes: Known<string[]>;
  strict: Known<boolean>;
  disabled: Known<boolean>;
}

export interface GuestFacts extends Named {
  kind: "vm" | "ct";
  vmid: Known<number | undefined>;
  disks: Known<DiskFacts[]>;
  addresses: Known<string[]>;
}

/** A volume of a guest and where it lies. */
export interface DiskFacts {
  slot: string;
  /** Id of a storage, or an absolute path on the node that the guest runs on. */
  storage: Known<string>;
}

export interface StorageFacts extends Named {
  id: Known<string>;
  /** Every node that has it sees the same volumes. */
  shared: Known<boolean>;
  /** Nodes that have it; undefined for all. */
  nodes: Known<string[] | undefined>;
}
