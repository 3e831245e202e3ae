const GIB = 1024 ** 3;

export interface ReferenceHost {
  name: string;
  address: string;
  role: "node" | "witness";
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
