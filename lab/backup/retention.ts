import { die } from "../api/errors";
import { PRUNE } from "../api/schema";
import { parsePropertyString } from "../api/propertyString";
import type { Site } from "../site";
import type { Volume } from "../state/types";
import { contentOf } from "../storage/types";
import { free } from "../storage/volumes";

/** How many backups to keep, by `keep-last`, `keep-daily`, … */
export type Retention = Record<string, number>;
export type Mark = "keep" | "remove" | "protected" | "renamed";

export interface PruneEntry {
  volid: string;
  /** Epoch seconds, from its name if that is of the usual form. */
  ctime: number;
  type: string;
  vmid?: number;
  mark: Mark;
}

const DAY = 86_400_000;

/** When two backups count as one, by the keys of a retention. Nodes live in UTC; weeks are ISO's. */
const PERIODS: [string, (time: Date) => string][] = [
  ["keep-last", (time) => String(time.getTime())],
  ["keep-hourly", (time) => time.toISOString().slice(0, 13)],
  ["keep-daily", (time) => time.toISOString().slice(0, 10)],
  ["keep-weekly", isoWeek],
  ["keep-monthly", (time) => time.toISOString().slice(0, 7)],
  ["keep-yearly", (time) => time.toISOString().slice(0, 4)],
];

export function parseRetention(text: string): Retention {
  const parsed = Object.entries(parsePropertyString(text, PRUNE));
  return Object.fromEntries(parsed.map(([key, value]) => [key, Number(value)]));
}

export function keepsAll(retention: Retention): boolean {
  const counted = Object.entries(retention).some(([key, count]) => key !== "keep-all" && count > 0);
  return (retention["keep-all"] ?? 0) > 0 || !counted;
}

/**
 * Marks the backups of one guest (PVE::Storage::prune_mark_backup_group): each period keeps the newest of as many
 * periods as it counts, where none is kept already; what no period keeps goes.
 */
export function markBackups(
  group: { ctime: number; mark?: Mark | undefined }[],
  retention: Retention,
): void {
  if (keepsAll(retention)) {
    for (const entry of group) entry.mark ??= "keep";
    return;
  }
  const newestFirst = [...group].sort((a, b) => b.ctime - a.ctime);
  for (const [key, periodOf] of PERIODS) {
    const count = retention[key] ?? 0;
    if (count > 0) markPeriod(newestFirst, count, periodOf);
  }
  for (const entry of newestFirst) entry.mark ??= "remove";
}

function markPeriod(
  entries: { ctime: number; mark?: Mark | undefined }[],
  count: number,
  periodOf: (time: Date) => string,
): void {
  const period = ({ ctime }: { ctime: number }): string => periodOf(new Date(ctime * 1000));
  const covered = new Set(entries.filter(({ mark }) => mark === "keep").map(period));
  const kept = new Set<string>();
  for (const entry of entries) {
    const id = period(entry);
    if (entry.mark !== undefined || covered.has(id)) continue;
    if (kept.has(id)) entry.mark = "remove";
    else if (kept.size >= count) return;
    else {
      kept.add(id);
      entry.mark = "keep";
    }
  }
}

const STANDARD =
  /^backup\/vzdump-(qemu|lxc|openvz)-([1-9]\d{2,8})-(\d{4})_(\d\d)_(\d\d)-(\d\d)_(\d\d)_(\d\d)\./;

/** What a prune would do with each backup on a storage, or with those of one guest or type. */
export function pruneList(
  site: Site,
  node: string,
  storage: string,
  retention: Retention,
  only: { vmid?: number; type?: string } = {},
): PruneEntry[] {
  const groups = new Map<string, Partial<PruneEntry>[]>();
  const entries = site.storages
    .volumes(node, storage)
    .filter(
      ({ content, vmid }) =>
        content === "backup" && (only.vmid === undefined || vmid === only.vmid),
    )
    .map((volume) => {
      const entry = entryOf(storage, volume);
      const group = `${entry.type}/${entry.vmid}`;
      if (entry.mark !== "renamed") groups.set(group, [...(groups.get(group) ?? []), entry]);
      return entry;
    })
    .filter(({ type }) => only.type === undefined || type === only.type);
  for (const group of groups.values()) markBackups(group as PruneEntry[], retention);
  return entries as PruneEntry[];
}

function entryOf(storage: string, volume: Volume): Omit<PruneEntry, "mark"> & { mark?: Mark } {
  const [, kind, vmid, ...moment] = STANDARD.exec(volume.name) ?? [];
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = moment.map(Number);
  const type = kind ?? /^backup\/vzdump-(\w+)-/.exec(volume.name)?.[1] ?? "unknown";
  const owner = vmid === undefined ? volume.vmid : Number(vmid);
  const mark = volume.protected ? "protected" : kind === undefined ? "renamed" : undefined;
  return {
    volid: `${storage}:${volume.name}`,
    ctime:
      kind === undefined
        ? volume.ctime
        : Date.UTC(year, month - 1, day, hour, minute, second) / 1000,
    type,
    ...(owner === undefined ? {} : { vmid: owner }),
    ...(mark === undefined ? {} : { mark }),
  };
}

/** Removes what a retention does not cover and tells of each by `log`; returns all entries with their marks. */
export function prune(
  site: Site,
  node: string,
  storage: string,
  retention: Retention,
  only: { vmid?: number; type?: string },
  log: (line: string) => void,
): PruneEntry[] {
  site.storages.requireUsable(node, storage);
  const entries = pruneList(site, node, storage, retention, only);
  for (const { volid } of entries.filter(({ mark }) => mark === "remove")) {
    log(`removing backup '${volid}'`);
    free(site, node, volid);
  }
  return entries;
}

/** The retention that a storage is configured with, unless one is `given`. */
export function retentionFor(site: Site, node: string, storage: string, given?: string): Retention {
  const config = site.storages.config(node, storage);
  if (!contentOf(config).includes("backup")) {
    throw die(`storage '${storage}' does not support backups`);
  }
  const text = given ?? config["prune-backups"];
  if (text === undefined) {
    throw die(`no prune-backups options configured for storage '${storage}'`);
  }
  return parseRetention(text);
}

/** `2026-W01`: the week that a Thursday lies in. */
function isoWeek(time: Date): string {
  const thursday = new Date(time);
  thursday.setUTCDate(time.getUTCDate() + 4 - (time.getUTCDay() || 7));
  const year = thursday.getUTCFullYear();
  const days = (thursday.getTime() - Date.UTC(year, 0, 1)) / DAY;
  return `${year}-W${Math.floor(days / 7) + 1}`;
}
