import { archivesOf } from "./archives";
import { need } from "./known";
import type { GuestFacts, SiteFacts } from "./site";
import { storagesById } from "./storage";

/** What the backups on a storage take, in GiB. */
export interface BackupNeed {
  storage: string;
  /** Of the storage, or of a job or copy where nothing describes it. */
  urn: string;
  guests: number;
  /** Disks as they are, each guest once. */
  disks: number;
  total: number;
  /** Disks of which nobody says how large they are. */
  unsized: string[];
  /** Where the site file says how many of them stay. */
  settings: string[];
}

/**
 * For each storage that jobs or copies write to, unless one of them keeps all backups: of such a job another rule speaks,
 * of such a copy `endlessCopies`. Throws `NotKnown`.
 */
export function backupNeeds(facts: SiteFacts, packed: number): BackupNeed[] {
  const storages = storagesById(facts);
  const archives = archivesOf(facts);
  return [...archives.targets].flatMap(([storage, urn]) => {
    const unsized: string[] = [];
    const settings = new Set<string>();
    const sums = { guests: 0, disks: 0, total: 0 };
    const besides = { largest: 0, copied: 0 };
    for (const guest of facts.guests) {
      const { jobs, copies } = archives.writers(storage, guest);
      if (jobs.length + copies.length === 0) continue;
      const points = archives.points(storage, guest);
      if (points === Infinity) return [];
      const size = sizeOf(guest, unsized);
      const archive = size * packed;
      sums.guests += 1;
      sums.disks += size;
      // A Proxmox Backup Server keeps what is equal once.
      sums.total += archive * (storages.get(storage)?.type === "pbs" ? 1 : points);
      if (jobs.length > 0) {
        settings.add("site.backups.*.retention");
        besides.largest = Math.max(besides.largest, archive);
      }
      for (const copy of copies) {
        settings.add("site.copies.*.retention");
        besides.copied += archive * archives.brought(copy, guest);
      }
    }
    if (sums.guests === 0) return [];
    // A job removes old backups after each guest, a copy when those of all guests are there.
    const total = sums.total + Math.max(besides.largest, besides.copied);
    const from = { urn: storages.get(storage)?.urn ?? urn, settings: [...settings] };
    return [{ storage, ...from, ...sums, total, unsized }];
  });
}

function sizeOf({ name, disks }: GuestFacts, unsized: string[]): number {
  return need(disks, `the disks of ${name} are`)
    .filter(({ data }) => data)
    .filter(({ slot, backedUp }) => need(backedUp, `whether ${name}, ${slot} is backed up is`))
    .reduce((sum, { slot, size }) => {
      const told = need(size, `the size of ${name}, ${slot} is`);
      if (told === undefined) unsized.push(`${name}, ${slot}`);
      return sum + (told ?? 0);
    }, 0);
}

/** `500 GiB` and `2 TiB` in GiB. */
export const SIZE = "^[0-9]+(\\.[0-9]+)? [GT]iB$";

export function gibibytesIn(size: string): number {
  return Number(size.slice(0, -4)) * (size.endsWith("TiB") ? 1024 : 1);
}
