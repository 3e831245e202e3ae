import type {
  ClusterFacts,
  DiskFacts,
  GuestFacts,
  HaResourceFacts,
  HaRuleFacts,
  NodeFacts,
  SiteFacts,
  StorageFacts,
} from "../../../policy/facts/site";
import type { Rule } from "../../../policy/rules/rule";

export const PVE01: NodeFacts = { name: "pve01", address: "192.168.18.251", votes: 1 };
export const PVE02: NodeFacts = { name: "pve02", address: "192.168.18.100", votes: 1 };
export const PVE03: NodeFacts = { name: "pve03", address: "192.168.18.103", votes: 1 };
export const NAS = { name: "nas", address: "192.168.18.200" };

export const cluster = (changes: Partial<ClusterFacts> = {}): ClusterFacts => ({
  urn: "urn:mizar",
  name: "mizar",
  nodes: [PVE01, PVE02],
  witness: NAS,
  qdevice: true,
  ...changes,
});

export const haResource = (changes: Partial<HaResourceFacts> = {}): HaResourceFacts => ({
  urn: "urn:ha-win2016",
  name: "win2016",
  sid: "vm:100",
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
  ...changes,
});

export const guest = (changes: Partial<GuestFacts> = {}): GuestFacts => ({
  urn: "urn:win2016",
  name: "win2016",
  kind: "vm",
  vmid: 100,
  disks: [disk()],
  addresses: [],
  ...changes,
});

export const disk = (changes: Partial<DiskFacts> = {}): DiskFacts => ({
  slot: "scsi0",
  storage: "Data",
  ...changes,
});

export const storage = (changes: Partial<StorageFacts> = {}): StorageFacts => ({
  urn: "urn:Data",
  name: "Data",
  id: "Data",
  shared: true,
  nodes: undefined,
  ...changes,
});

/** Two nodes and a witness, one HA guest on a storage that both nodes share, a container beside it. */
export const site = (changes: Partial<SiteFacts> = {}): SiteFacts => ({
  clusters: [cluster()],
  haResources: [haResource()],
  haRules: [],
  guests: [
    guest(),
    guest({ urn: "urn:web", name: "web", kind: "ct", vmid: 102, addresses: ["192.168.18.30"] }),
  ],
  storages: [storage()],
  ...changes,
});

/** What a rule says, each as the URN at fault and the whole message. */
export const judge = (rule: Rule, facts: SiteFacts): [urn: string, message: string][] =>
  rule.judge(facts).map(({ urn, message }) => [urn, message]);
