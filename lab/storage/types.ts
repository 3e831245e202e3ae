import type { StorageConfig } from "../state/types";

/** What a storage type can do, and the keys of storage.cfg that are fixed once it exists (pve-storage plugins). */
export interface StorageType {
  content: readonly string[];
  shared: boolean;
  /** Volumes are files below `path` (else bare names, as LVM volumes are). */
  files: boolean;
  required: readonly string[];
  fixed: readonly string[];
  optional: readonly string[];
}

const DIRECTORY_CONTENT = [
  "images",
  "rootdir",
  "vztmpl",
  "iso",
  "backup",
  "snippets",
  "import",
] as const;

const DIRECTORY_OPTIONS = [
  "content",
  "nodes",
  "disable",
  "prune-backups",
  "max-protected-backups",
  "format",
  "preallocation",
  "bwlimit",
  "content-dirs",
  "create-base-path",
  "create-subdirs",
  "mkdir",
];

export const STORAGE_TYPES: Record<string, StorageType> = {
  dir: {
    content: DIRECTORY_CONTENT,
    shared: false,
    files: true,
    required: ["path"],
    fixed: ["path", "snapshot-as-volume-chain"],
    optional: [...DIRECTORY_OPTIONS, "shared"],
  },
  nfs: {
    content: DIRECTORY_CONTENT,
    shared: true,
    files: true,
    required: ["server", "export"],
    fixed: ["server", "export", "path", "snapshot-as-volume-chain"],
    optional: [...DIRECTORY_OPTIONS, "options"],
  },
  lvmthin: {
    content: ["images", "rootdir"],
    shared: false,
    files: false,
    required: ["vgname", "thinpool"],
    fixed: ["vgname", "thinpool"],
    optional: ["content", "nodes", "disable", "bwlimit"],
  },
};

export const contentOf = (config: StorageConfig): string[] =>
  (config.content ?? "images").split(",").filter((entry) => entry !== "");

export const nodesOf = (config: StorageConfig): string[] | undefined =>
  config.nodes === undefined || config.nodes === "" ? undefined : config.nodes.split(",");

/** What a fresh Proxmox VE installation comes with. */
export const INSTALLED_STORAGES: Record<string, StorageConfig> = {
  local: { type: "dir", path: "/var/lib/vz", content: "backup,iso,vztmpl,import" },
  "local-lvm": { type: "lvmthin", vgname: "pve", thinpool: "data", content: "images,rootdir" },
};
