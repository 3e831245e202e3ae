import type { StorageConfig } from "../state/types";

/** What a storage type can do, and the keys that its entry in storage.cfg may have (pve-storage plugins). */
export interface StorageType {
  content: readonly string[];
  /** What an entry without `content` is for. */
  defaultContent: readonly string[];
  /** Of guests' disks; the first is the default. */
  formats: readonly string[];
  shared: boolean;
  /** Volumes are files below `path` (else bare names, as LVM volumes are). */
  files: boolean;
  /** Needed when it is made. */
  required: readonly string[];
  fixed: readonly string[];
  optional: readonly string[];
  /** Kept below /etc/pve/priv/storage, never shown again. */
  sensitive?: readonly string[];
}

const FILES = ["images", "rootdir", "vztmpl", "iso", "backup", "snippets", "import"] as const;
const DISKS = ["images", "rootdir"] as const;

const COMMON = ["content", "nodes", "disable", "bwlimit"];
const BACKUPS = ["prune-backups", "max-protected-backups"];
const DIRECTORY = [
  ...COMMON,
  ...BACKUPS,
  "format",
  "preallocation",
  "content-dirs",
  "create-base-path",
  "create-subdirs",
  "mkdir",
];
const FILE_FORMATS = ["raw", "qcow2", "vmdk"] as const;

/** The types that the lab has. Proxmox VE knows more, for hardware that the lab's site does not have. */
export const STORAGE_TYPES: Record<string, StorageType> = {
  dir: {
    content: [...FILES, "none"],
    defaultContent: DISKS,
    formats: [...FILE_FORMATS, "subvol"],
    shared: false,
    files: true,
    required: ["path"],
    fixed: ["path", "snapshot-as-volume-chain"],
    optional: [...DIRECTORY, "shared", "is_mountpoint"],
  },
  nfs: {
    content: FILES,
    defaultContent: ["images"],
    formats: FILE_FORMATS,
    shared: true,
    files: true,
    required: ["path", "server", "export"],
    fixed: ["path", "server", "export", "snapshot-as-volume-chain"],
    optional: [...DIRECTORY, "options"],
  },
  cifs: {
    content: FILES,
    defaultContent: ["images"],
    formats: FILE_FORMATS,
    shared: true,
    files: true,
    required: ["path", "server", "share"],
    fixed: ["path", "server", "share", "snapshot-as-volume-chain"],
    optional: [...DIRECTORY, "options", "subdir", "username", "domain", "smbversion"],
    sensitive: ["password"],
  },
  lvm: {
    content: DISKS,
    defaultContent: DISKS,
    formats: ["raw", "qcow2"],
    shared: false,
    files: false,
    required: ["vgname"],
    fixed: ["vgname", "base"],
    optional: [
      ...COMMON,
      "shared",
      "saferemove",
      "saferemove-stepsize",
      "saferemove_throughput",
      "tagged_only",
      "snapshot-as-volume-chain",
    ],
  },
  lvmthin: {
    content: DISKS,
    defaultContent: DISKS,
    formats: ["raw"],
    shared: false,
    files: false,
    required: ["vgname", "thinpool"],
    fixed: ["vgname", "thinpool"],
    optional: COMMON,
  },
  zfspool: {
    content: DISKS,
    defaultContent: DISKS,
    formats: ["raw", "subvol"],
    shared: false,
    files: false,
    required: ["pool"],
    fixed: ["pool"],
    optional: [...COMMON, "blocksize", "sparse", "mountpoint"],
  },
  pbs: {
    content: ["backup", "none"],
    defaultContent: ["backup"],
    formats: [],
    shared: true,
    files: false,
    required: ["server", "datastore"],
    fixed: ["server", "datastore"],
    optional: [
      ...COMMON.filter((key) => key !== "bwlimit"),
      ...BACKUPS,
      "namespace",
      "port",
      "username",
      "fingerprint",
    ],
    sensitive: ["password", "encryption-key", "master-pubkey"],
  },
};

/** All that Proxmox VE knows. */
export const TYPE_NAMES = [
  "btrfs",
  "cephfs",
  "cifs",
  "dir",
  "esxi",
  "iscsi",
  "iscsidirect",
  "lvm",
  "lvmthin",
  "nfs",
  "pbs",
  "rbd",
  "zfs",
  "zfspool",
];

export const contentOf = (config: StorageConfig): string[] =>
  config.content === undefined
    ? [...(STORAGE_TYPES[config.type]?.defaultContent ?? [])]
    : config.content.split(",").filter((entry) => entry !== "");

export const nodesOf = (config: StorageConfig): string[] | undefined =>
  config.nodes === undefined || config.nodes === "" ? undefined : config.nodes.split(",");

/** Where a storage of files lies on a node. */
export const pathOf = (id: string, config: StorageConfig): string =>
  config.path ?? `/mnt/pve/${id}`;

/** What a fresh Proxmox VE installation comes with. */
export const INSTALLED_STORAGES: Record<string, StorageConfig> = {
  local: { type: "dir", path: "/var/lib/vz", content: "backup,iso,vztmpl,import" },
  "local-lvm": { type: "lvmthin", vgname: "pve", thinpool: "data", content: "images,rootdir" },
};
