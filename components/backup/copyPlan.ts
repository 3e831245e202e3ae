import { backupLimit } from "../options/plan";
import type { Site } from "../schema";
import { nodesWith, retentionOf } from "../storage/places";
import { type Retention, pruneBackups } from "../storage/plan";

export interface CopyPlan {
  id: string;
  from: string;
  to: string;
  /** In systemd's words. */
  onCalendar: string;
  /** The first of these that is online copies. */
  nodes: string[];
  /** KiB a second; 0 is without a limit. */
  bandwidth: number;
  /** Nothing is removed where nobody says how many stay. */
  retention?: Retention;
  /** Seconds that the newest copy of a guest may be old. */
  maxAge: number;
}

const UNITS: Record<string, number> = { h: 3600, d: 86_400, w: 604_800 };

export function planCopies(site: Site): CopyPlan[] {
  return Object.entries(site.copies).map(([id, { from, to, schedule, node, maxAge, ...copy }]) => {
    const sources = nodesWith(site, from);
    const both = nodesWith(site, to).filter((name) => sources.includes(name));
    const retention = copy.retention ?? retentionOf(site, to) ?? retentionOf(site, from);
    return {
      ...{ id, from, to },
      onCalendar: systemdCalendar(schedule),
      nodes: node === undefined ? both.sort() : [node],
      bandwidth: copy.bandwidth ?? backupLimit(site),
      ...(retention ? { retention } : {}),
      maxAge: Number(maxAge.slice(0, -1)) * (UNITS[maxAge.slice(-1)] ?? 0),
    };
  });
}

/** As `pvesm prune-backups` takes it. */
export function keepOptions(retention: Retention): string {
  return Object.entries(pruneBackups(retention))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, count]) => `--${key} ${count}`)
    .join(" ");
}

/**
 * A calendar event of Proxmox VE for systemd, which asks for the hour before the minute and for a number before a step
 * (systemd.time(7); PVE::CalendarEvent).
 */
export function systemdCalendar(event: string): string {
  const words = event.trim().split(/\s+/);
  const zone = words.at(-1) === "UTC" ? words.splice(-1) : [];
  const last = words.at(-1) ?? "";
  if (/^[\d*]/.test(last) && !last.includes("-")) words.splice(-1, 1, time(last));
  return [...words, ...zone].join(" ");
}

function time(text: string): string {
  const stepped = text.replace(/\*\//g, "0/");
  return stepped.includes(":") ? stepped : `*:${stepped}`;
}
