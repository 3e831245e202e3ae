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
  enabled: boolean;
}

export function planBackups(site: Site): BackupPlan[] {
  return Object.entries(site.backups).map(([id, backup]) => {
    const { guests, retention, ...rest } = backup;
    const vmids = (keys: string[]): string[] =>
      keys.map((key) => String(site.guests[key]?.vmid ?? "")).sort();
    return {
      id,
      ...rest,
      guests: guests === "all" ? "all" : vmids(guests),
      ...(retention ? { retention } : {}),
    };
  });
}
