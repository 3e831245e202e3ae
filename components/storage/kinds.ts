/** What a storage of files can hold (pve-storage's DirPlugin and those that build on it). */
export const FILES = [
  "images",
  "rootdir",
  "iso",
  "vztmpl",
  "backup",
  "snippets",
  "import",
] as const;

/** What block storage can hold: no files, and so only raw disks. */
export const DISKS = ["images", "rootdir"] as const;

/** What a backup server holds. */
export const BACKUPS = ["backup"] as const;

export type Content = (typeof FILES)[number];

interface Kind {
  content: readonly Content[];
  /** Disks are files there, and may be of the format qcow2. */
  files: boolean;
  /** All nodes that have it see the same volumes. */
  shared: boolean;
}

/** The types that a storage of the site file may have. */
export const KINDS = {
  nfs: { content: FILES, files: true, shared: true },
  cifs: { content: FILES, files: true, shared: true },
  pbs: { content: BACKUPS, files: false, shared: true },
  directory: { content: FILES, files: true, shared: false },
  "lvm-thin": { content: DISKS, files: false, shared: false },
  zfs: { content: DISKS, files: false, shared: false },
} as const satisfies Record<string, Kind>;
