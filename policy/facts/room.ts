import { coverage, enabledJobs, keptPoints, retentionOf } from "./backup";
import { need } from "./known";
import type { GuestFacts, SiteFacts } from "./site";
import { storagesById } from "./storage";

/** What the backups on a storage take, in GiB. */
export interface BackupNeed {
  storage: string;
  /** Of the storage, or of a job where nothing describes it. */
  urn: string;
  guests: number;
  /** Disks as they are, each guest once. */
  disks: number;
  total: number;
  /** Disks of which nobody says how large they are. */
  unsized: string[];
}

/** For each storage that jobs write to, unless they keep all backups, of which another rule speaks. Throws `NotKnown`. */
export function backupNeeds(facts: SiteFacts, packed: number): BackupNeed[] {
  const storages = storagesById(facts);
  const covers = coverage(facts);
  const jobs = enabledJobs(facts);
  const targets = new Map(
    jobs.map((job) => [need(job.storage, `the storage of backup job ${job.name} is`), job]),
  );
  return [...targets].flatMap(([storage, first]) => {
    const found = {
      storage,
      urn: storages.get(storage)?.urn ?? first.urn,
      unsized: [] as string[],
    };
    const sums = { guests: 0, disks: 0, total: 0, largest: 0 };
    for (const guest of facts.guests) {
      const taking = jobs.filter(
        (job) =>
          job.storage === storage &&
          need(covers(job, guest), `the guests of backup job ${job.name} are`),
      );
      if (taking.length === 0) continue;
      const kept = taking.map((job) => retentionOf(job, storages));
      if (kept.some((retention) => !retention || retention.all)) return [];
      const points = Math.max(...kept.map((retention) => keptPoints(retention ?? {})));
      const size = sizeOf(guest, found.unsized);
      // A Proxmox Backup Server keeps what is equal once.
      const times = storages.get(storage)?.type === "pbs" ? 1 : points;
      sums.guests += 1;
      sums.disks += size;
      sums.total += size * packed * times;
      sums.largest = Math.max(sums.largest, size * packed);
    }
    const { largest, ...rest } = sums;
    return rest.guests === 0 ? [] : [{ ...found, ...rest, total: rest.total + largest }];
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
