import type { AfterLoss } from "../../policy/facts/failover";
import type { Endings } from "../../policy/facts/failures";
import type { Operation, Plan } from "./read";

/** What is known, or what has to be known first: `the memory of pve01 is`. */
export type Told<T> = { value: T } | { until: string };

/** What a report shows: plain data, cells of tables as texts. */
export interface Report {
  stack: string;
  /** Undefined for a report of the state. */
  plan: Plan | undefined;
  clusters: ClusterReport[];
  storages: StorageReport[];
  guests: GuestReport[];
  jobs: JobReport[];
  copies: CopyReport[];
  settings: Settings;
}

/** What the rules are given of the same name. */
export interface Settings {
  /** MiB of each node that guests do not get. */
  reserve: number;
  balloonTag: string;
  objective: string;
  classes: Record<string, string>;
  exceptTag: string;
}

export interface Marked {
  name: string;
  /** What the update does to it; a deleted element is as it was. */
  mark?: Operation | undefined;
}

export interface ClusterReport extends Marked {
  nodes: NodeReport[];
  witness: (Marked & { address: string }) | undefined;
  endings: Told<Endings>;
  rooms: Told<AfterLoss[]>;
}

export interface NodeReport extends Marked {
  address: string;
  memory: string;
  cpus: string;
  links: string;
  votes: number;
}

export interface StorageReport extends Marked {
  type: string;
  server: string;
  export: string;
  contents: string;
  nodes: string;
}

export interface GuestReport extends Marked {
  kind: "VM" | "container";
  vmid: string;
  home: string;
  memory: string;
  ha: string;
  storages: string[];
  backup: BackupReport;
}

export interface BackupReport {
  jobs: string;
  /** The longest time between two backups. */
  gap: string;
  objective: string;
  kept: string;
  /** False where data may be lost for good, or more of it than is allowed. */
  good: boolean;
}

export interface JobReport extends Marked {
  schedule: string;
  storage: string;
  kept: string;
}

/** A second copy of the backups on a storage. */
export interface CopyReport extends Marked {
  from: string;
  to: string;
  schedule: string;
  /** How old the newest copy of a guest may be. */
  maxAge: string;
}
