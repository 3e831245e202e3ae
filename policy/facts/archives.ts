import { coverage, enabledJobs, keptPoints, retentionOf } from "./backup";
import { mostWithin, parseCalendarEvent } from "./calendar";
import type { Violation } from "./judge";
import { need } from "./known";
import { gapOf } from "./recovery";
import type { BackupJobFacts, CopyFacts, GuestFacts, Retention, SiteFacts } from "./site";
import { storagesById } from "./storage";

/** A copy whose storages are known. */
interface PlacedCopy extends CopyFacts {
  from: string;
  to: string;
}

/** What writes backups of a guest to a storage. */
export interface Writers {
  jobs: BackupJobFacts[];
  copies: PlacedCopy[];
}

/** Where backups get to, by copies of copies too. What it returns throws `NotKnown`. */
export interface Archives {
  /** Storages that jobs and copies write to, each with the URN of the first that does. */
  targets: Map<string, string>;
  copies: PlacedCopy[];
  writers(storage: string, guest: GuestFacts): Writers;
  /** Backups of a guest that stay on a storage; Infinity where a writer removes none. */
  points(storage: string, guest: GuestFacts): number;
  /** Backups of a guest that one run of a copy writes at most. */
  brought(copy: PlacedCopy, guest: GuestFacts): number;
}

/** Throws `NotKnown`. */
export function archivesOf(facts: SiteFacts): Archives {
  const storages = storagesById(facts);
  const covers = coverage(facts);
  const jobs = enabledJobs(facts).map((job) => ({
    job,
    to: need(job.storage, `the storage of backup job ${job.name} is`),
  }));
  const copies = facts.copies.map((copy) => ({
    ...copy,
    from: need(copy.from, `what copy ${copy.name} copies is`),
    to: need(copy.to, `the storage of copy ${copy.name} is`),
  }));
  const targets = new Map<string, string>();
  for (const { to, urn } of [...jobs.map(({ job, to }) => ({ to, urn: job.urn })), ...copies])
    if (!targets.has(to)) targets.set(to, urn);

  const directly = (storage: string, guest: GuestFacts): BackupJobFacts[] =>
    jobs
      .filter(({ to }) => to === storage)
      .map(({ job }) => job)
      .filter((job) => need(covers(job, guest), `the guests of backup job ${job.name} are`));

  /** Jobs whose backups get there. What has come through `seen` does not come back by copies in a circle. */
  const behind = (storage: string, guest: GuestFacts, seen: string[]): BackupJobFacts[] => [
    ...directly(storage, guest),
    ...copies
      .filter(({ to, from }) => to === storage && !seen.includes(from))
      .flatMap(({ from }) => behind(from, guest, [...seen, storage])),
  ];

  const writers = (storage: string, guest: GuestFacts): Writers => ({
    jobs: directly(storage, guest),
    copies: copies.filter(
      ({ to, from }) => to === storage && behind(from, guest, [storage]).length > 0,
    ),
  });

  const points = (storage: string, guest: GuestFacts): number => {
    const found = writers(storage, guest);
    return Math.max(
      ...found.jobs.map((job) => limitOf(retentionOf(job, storages))),
      ...found.copies.map((copy) => limitOf(retentionOfCopy(copy))),
    );
  };

  const counts = new Map<string, number>();
  const brought = (copy: PlacedCopy, guest: GuestFacts): number => {
    const schedule = need(copy.schedule, `the schedule of copy ${copy.name} is`);
    const times = behind(copy.from, guest, [copy.to]).map((job) =>
      need(job.schedule, `the schedule of backup job ${job.name} is`),
    );
    const there = points(copy.from, guest);
    // Most guests are in the same jobs.
    const key = [schedule, there, ...times].join("\n");
    const counted = counts.get(key);
    if (counted !== undefined) return counted;
    const events = times.flatMap((text) => parseCalendarEvent(text) ?? []);
    // Of a schedule that nobody can read is spoken elsewhere.
    const count = Math.max(1, mostWithin(events, gapOf([copy]), there));
    counts.set(key, count);
    return count;
  };

  return { targets, copies, writers, points, brought };
}

/** Copies that remove nothing where they write, and have something to copy. Throws `NotKnown`. */
export function endlessCopies(facts: SiteFacts): Violation[] {
  const { copies, writers } = archivesOf(facts);
  return copies.flatMap((copy) => {
    const { urn, name, to } = copy;
    if (limitOf(retentionOfCopy(copy)) < Infinity) return [];
    if (!facts.guests.some((guest) => writers(to, guest).copies.includes(copy))) return [];
    const message =
      `copy ${name} says not how many copies stay, so they pile up until ${to} is full ` +
      `and none is made any more. Say how many: site.copies.${name}.retention, or that of its storage.`;
    return [{ urn, message }];
  });
}

function retentionOfCopy({ name, retention }: CopyFacts): Retention | undefined {
  return need(retention, `the retention of copy ${name} is`);
}

function limitOf(retention: Retention | undefined): number {
  return !retention || retention.all ? Infinity : keptPoints(retention);
}
