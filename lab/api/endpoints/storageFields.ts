import { badParameters } from "../errors";
import {
  choice,
  flag,
  optional,
  type Properties,
  propertyString,
  type Schema,
  text,
  whole,
} from "../schema";
import type { Values } from "../verify";

const yes = optional(flag());
const words = optional(text());
const named = (format: string): Schema => optional(text({ format }));
const FINGERPRINT = "([A-Fa-f0-9]{2}:){31}[A-Fa-f0-9]{2}";

/** Limits in KiB/s. */
const BWLIMIT: Properties = Object.fromEntries(
  ["clone", "default", "migration", "move", "restore"].map((key) => [
    key,
    { type: "number", optional: 1, minimum: 0 },
  ]),
);

/** Keys of storage.cfg that every type of storage together has, and that can be changed later. */
export const CHANGEABLE: Record<string, Schema> = {
  blocksize: words,
  bwlimit: optional(propertyString(BWLIMIT)),
  comstar_hg: words,
  comstar_tg: words,
  content: named("pve-storage-content-list"),
  "content-dirs": named("pve-dir-override-list"),
  "create-base-path": yes,
  "create-subdirs": yes,
  "data-pool": words,
  disable: yes,
  domain: optional(text({ maxLength: 256 })),
  "encryption-key": words,
  fingerprint: optional(text({ pattern: FINGERPRINT })),
  format: optional(choice("raw", "qcow2", "subvol", "vmdk")),
  "fs-name": named("pve-configid"),
  fuse: yes,
  is_mountpoint: words,
  keyring: words,
  krbd: yes,
  lio_tpg: words,
  "master-pubkey": words,
  "max-protected-backups": optional(whole(-1)),
  mkdir: yes,
  monhost: named("pve-storage-portal-dns-list"),
  mountpoint: named("pve-storage-path"),
  namespace: words,
  nocow: yes,
  nodes: named("pve-node-list"),
  nowritecache: yes,
  options: named("pve-storage-options"),
  password: optional(text({ maxLength: 256 })),
  pool: words,
  port: optional(whole(1, 65_535)),
  preallocation: optional(choice("off", "metadata", "falloc", "full")),
  "prune-backups": named("prune-backups"),
  saferemove: yes,
  "saferemove-stepsize": optional({ ...whole(), enum: ["1", "2", "4", "8", "16", "32"] }),
  saferemove_throughput: words,
  server: named("pve-storage-server"),
  shared: yes,
  "skip-cert-verification": yes,
  smbversion: optional(choice("default", "2.0", "2.1", "3", "3.0", "3.11")),
  "snapshot-as-volume-chain": yes,
  sparse: yes,
  subdir: named("pve-storage-path"),
  tagged_only: yes,
  username: words,
  "zfs-base-path": named("pve-storage-path"),
};

/** Those that PUT does not even know. */
export const FIXED: Record<string, Schema> = {
  authsupported: words,
  base: named("pve-volume-id"),
  datastore: words,
  export: named("pve-storage-path"),
  iscsiprovider: words,
  path: named("pve-storage-path"),
  portal: named("pve-storage-portal-dns"),
  share: words,
  target: words,
  thinpool: named("pve-storage-vgname"),
  vgname: named("pve-storage-vgname"),
};

/** Keeping all and keeping some exclude each other (PVE::Storage::Plugin::validate_prune_backups). */
export function requireRetention(fields: Values): void {
  const kept = [...String(fields["prune-backups"] ?? "").matchAll(/keep-(\w+)=(\w+)/g)]
    .filter(([, , count]) => count !== "0")
    .map(([, kind]) => kind);
  if (kept.includes("all") && kept.length > 1) {
    throw badParameters({
      "prune-backups":
        "invalid format - format error\nkeep-all cannot be set together with other options.\n",
    });
  }
}
