import { backupLimit } from "../options/plan";
import type { Site } from "../schema";
import type { Retention } from "../storage/plan";

export interface BackupPlan {
  id: string;
  schedule: string;
  storage: string;
  /** VMIDs as text, or all guests. */
  guests: string[] | "all";
  mode: "snapshot" | "suspend" | "stop";
  compress: "zstd" | "gzip" | "lzo";
  retention?: Retention;
  /** KiB a second; 0 is without a limit. */
  bandwidth: number;
  /** Reads of a VM's disks at a time. */
  workers?: number;
  enabled: boolean;
}

export function planBackups(site: Site): BackupPlan[] {
  return Object.entries(site.backups).map(([id, backup]) => {
    const { guests, retention, bandwidth, workers, ...rest } = backup;
    const vmids = (keys: string[]): string[] =>
      keys.map((key) => String(site.guests[key]?.vmid ?? "")).sort();
    return {
      id,
      ...rest,
      guests: guests === "all" ? "all" : vmids(guests),
      ...(retention ? { retention } : {}),
      bandwidth: bandwidth ?? backupLimit(site),
      ...(workers === undefined ? {} : { workers }),
    };
  });
}
