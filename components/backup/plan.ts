import { backupLimit } from "../options/plan";
import type { Backup, Site } from "../schema";
import { retentionOf } from "../storage/places";
import type { Retention } from "../storage/plan";

export interface BackupPlan {
  id: string;
  schedule: string;
  storage: string;
  selection: Selection;
  /** It runs on this node alone. */
  node?: string;
  mode: "snapshot" | "suspend" | "stop";
  compress: "zstd" | "gzip" | "lzo";
  /** The job's own, or what its storage keeps: the provider cannot take one away from a job that has had it. */
  retention?: Retention;
  protected: boolean;
  repeatMissed: boolean;
  notes?: string;
  mail?: { to: string[]; when: "always" | "failure" };
  /** Storage for what guests overwrite meanwhile. */
  fleecing?: string;
  /** KiB a second; 0 is without a limit. */
  bandwidth: number;
  /** Reads of a VM's disks at a time. */
  workers?: number;
  ioPriority: number;
  changeDetection?: "legacy" | "data" | "metadata";
  enabled: boolean;
}

/** Which guests; VMIDs as text, in order. */
export type Selection =
  | { kind: "all"; except: string[] }
  | { kind: "guests"; vmids: string[] }
  | { kind: "pool"; pool: string };

export function planBackups(site: Site): BackupPlan[] {
  return Object.entries(site.backups).map(([id, backup]) => {
    const { schedule, storage, mode, compress, repeatMissed, ioPriority, enabled } = backup;
    const { node, notes, mail, fleecing, workers, changeDetection } = backup;
    const retention = backup.retention ?? retentionOf(site, storage);
    return {
      ...{ id, schedule, storage, mode, compress, repeatMissed, ioPriority, enabled },
      selection: selectionOf(site, backup),
      protected: backup.protected,
      bandwidth: backup.bandwidth ?? backupLimit(site),
      ...(node === undefined ? {} : { node }),
      ...(retention ? { retention } : {}),
      ...(notes === undefined ? {} : { notes }),
      ...(mail ? { mail: { to: [...mail.to].sort(), when: mail.when } } : {}),
      ...(fleecing ? { fleecing: fleecing.storage } : {}),
      ...(workers === undefined ? {} : { workers }),
      ...(changeDetection ? { changeDetection } : {}),
    };
  });
}

function selectionOf(site: Site, { guests, except = [], pool }: Backup): Selection {
  const vmids = (keys: string[]): string[] =>
    keys.map((key) => String(site.guests[key]?.vmid ?? "")).sort();
  if (pool !== undefined) return { kind: "pool", pool };
  if (Array.isArray(guests)) return { kind: "guests", vmids: vmids(guests) };
  return { kind: "all", except: vmids(except) };
}
