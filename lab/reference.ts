const GIB = 1024 ** 3;

export interface ReferenceHost {
  name: string;
  address: string;
  role: "node" | "witness";
  /** Debian 13 with SSH, on which Proxmox VE is not installed yet. */
  bare?: boolean;
  cpus?: number;
  cpuModel?: string;
  /** Bytes that the node reports. */
  memory?: number;
  rootDisk?: number;
}

/** The site that the lab stands in for: two old PCs and a NAS on one network. */
export const REFERENCE_HOSTS: ReferenceHost[] = [
  {
    name: "pve01",
    address: "192.168.18.251",
    role: "node",
    cpus: 4,
    cpuModel: "Intel(R) Core(TM) i5-3337U CPU @ 1.80GHz",
    memory: 3.75 * GIB,
    rootDisk: 465 * GIB,
  },
  {
    name: "pve02",
    address: "192.168.18.100",
    role: "node",
    cpus: 4,
    cpuModel: "Intel(R) Core(TM) i5-2400 CPU @ 3.10GHz",
    memory: Math.round(15.6 * GIB),
    rootDisk: 111 * GIB,
  },
  { name: "nas", address: "192.168.18.200", role: "witness" },
];

/** Directories that the NAS exports over NFS. */
export const NAS_EXPORTS = ["/backup/pve-data", "/backup/pve-backup"];

/** Hosts of a new lab where they are not the reference site's. */
export interface Layout {
  /** Names of nodes that start as bare Debian. */
  bare: string[];
  /** Nodes besides. */
  extra: { name: string; address: string }[];
  /** Names of nodes that are not there. */
  without: string[];
  /** NAS boxes besides, which export the same directories. */
  nas?: { name: string; address: string }[];
}

export const USUAL_LAYOUT: Layout = { bare: [], extra: [], without: [], nas: [] };

/** @throws where a name or an address does not fit. */
export function hostsOf({ bare, extra, without, nas = [] }: Layout): ReferenceHost[] {
  const nodes = REFERENCE_HOSTS.filter(({ role }) => role === "node");
  const unknown = without.find((name) => !nodes.some((node) => node.name === name));
  if (unknown !== undefined) throw new Error(`the lab has no node ${unknown} to leave out`);
  const [, model] = nodes;
  const hosts = [
    ...nodes.filter(({ name }) => !without.includes(name)),
    ...extra.map(({ name, address }): ReferenceHost => ({ ...model, role: "node", name, address })),
    // The witness is the first that is no node.
    ...REFERENCE_HOSTS.filter(({ role }) => role === "witness"),
    ...nas.map(({ name, address }): ReferenceHost => ({ role: "witness", name, address })),
  ];
  hosts.forEach(({ name, address }, index) => {
    const twin = hosts.findIndex((other) => other.name === name || other.address === address);
    if (twin !== index) throw new Error(`two hosts of the lab are called ${name} or ${address}`);
  });
  const stray = bare.find(
    (one) => !hosts.some(({ name, role }) => name === one && role === "node"),
  );
  if (stray !== undefined) throw new Error(`the lab has no node ${stray} to start as bare Debian`);
  return hosts.map((host) => (bare.includes(host.name) ? { ...host, bare: true } : host));
}
