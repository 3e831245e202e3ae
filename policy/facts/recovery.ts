import { longestGap, parseCalendarEvent } from "./calendar";
import { need, some, UNKNOWN } from "./known";
import type { Violation } from "./judge";
import type { BackupJobFacts, GuestFacts } from "./site";

/** How much data a guest may lose, in seconds, and who says so. */
export interface Objective {
  seconds: number;
  from: string;
}

const OWN = "rpo-";
const UNITS: Record<string, number> = { m: 60, h: 3600, d: 86_400, w: 604_800 };

/** A duration in minutes, hours, days or weeks: `90m`, `24h`, `7d`, `1w`. */
export const DURATION = "^[1-9][0-9]{0,4}[mhdw]$";

/** Undefined for what is no duration. */
export function secondsIn(duration: string): number | undefined {
  if (!new RegExp(DURATION).test(duration)) return undefined;
  return Number(duration.slice(0, -1)) * (UNITS[duration.slice(-1)] ?? 0);
}

/** A tag `rpo-…` that says no duration; a tag of Proxmox VE cannot have a `=`. */
function wrongTag(tags: string[]): string | undefined {
  return tags.find((tag) => tag.startsWith(OWN) && secondsIn(tag.slice(OWN.length)) === undefined);
}

/** A tag of its own comes before the classes that its tags name, and the strictest of several before the others. */
export function objectiveOf(
  tags: string[],
  classes: Record<string, string>,
  fallback: string,
): Objective {
  const said = (tag: string, duration: string | undefined): Objective[] =>
    duration === undefined ? [] : [{ seconds: secondsIn(duration) ?? 0, from: `its tag ${tag}` }];
  const own = tags.flatMap((tag) => (tag.startsWith(OWN) ? said(tag, tag.slice(OWN.length)) : []));
  const byClass = tags.flatMap((tag) => said(tag, classes[tag]));
  const [strictest] = (own.length > 0 ? own : byClass).sort((a, b) => a.seconds - b.seconds);
  return strictest ?? { seconds: secondsIn(fallback) ?? 0, from: "the objective of all guests" };
}

/** `24 hours`, `7 days`; rounded up, so that what is too long never reads as if it were not. */
export function inWords(seconds: number): string {
  const [size, unit] = unitOf(seconds);
  const count = Math.ceil(seconds / size);
  return `${count} ${count === 1 ? unit : `${unit}s`}`;
}

function unitOf(seconds: number): [number, string] {
  if (seconds >= 172_800 && seconds % 86_400 === 0) return [86_400, "day"];
  return seconds % 3600 === 0 ? [3600, "hour"] : [60, "minute"];
}

/** Most sites have one schedule for all guests. */
const gaps = new Map<string, number>();

/**
 * The longest time between runs of these jobs together, in seconds; Infinity where none comes. Schedules that are
 * unknown, or no calendar events, are left out.
 */
export function gapOf(jobs: Pick<BackupJobFacts, "schedule">[]): number {
  const texts = jobs.flatMap(({ schedule }) => (schedule === UNKNOWN ? [] : [schedule]));
  const key = texts.join("\n");
  const known = gaps.get(key);
  if (known !== undefined) return known;
  const gap = longestGap(texts.flatMap((text) => parseCalendarEvent(text) ?? []));
  gaps.set(key, gap);
  return gap;
}

/** What is wrong with the time between backups of a guest; undefined when nothing is. Throws `NotKnown`. */
export function whyTooRare(
  { name, tags }: GuestFacts,
  jobs: BackupJobFacts[],
  /** Whether another job may have it too. */
  unsure: boolean,
  objective: (tags: string[]) => Objective,
): string | undefined {
  const own = need(tags, "its tags are");
  const wrong = wrongTag(own);
  if (wrong !== undefined)
    return (
      `guest ${name}: its tag ${wrong} says no recovery point objective. ` +
      "Write a number and m, h, d or w, as in rpo-24h."
    );
  const { seconds, from } = objective(own);
  const gap = gapOf(jobs);
  if (gap <= seconds) return undefined;
  if (unsure) need(UNKNOWN, "the guests of all backup jobs are");
  for (const job of jobs) need(job.schedule, `the schedule of backup job ${job.name} is`);
  // Of a guest in no job, and of a schedule that nobody can read, is spoken elsewhere.
  if (jobs.length === 0 || jobs.some(isUnreadable)) return undefined;
  const by = some(jobs.map((job) => `${job.name} (${String(job.schedule)})`));
  const time =
    gap === Infinity
      ? "and its backups end one day"
      : `and ${inWords(gap)} pass between its backups`;
  return (
    `guest ${name} may lose ${inWords(seconds)} of data by ${from}, ${time} by ${by}. ` +
    "Let a job run more often, site.backups.*.schedule, or let the guest lose more, as by a tag rpo-7d."
  );
}

/** What a job says is no calendar event. */
export function isUnreadable({ schedule }: Pick<BackupJobFacts, "schedule">): boolean {
  return schedule !== UNKNOWN && parseCalendarEvent(schedule) === undefined;
}

export function unreadable({ urn, name, schedule }: BackupJobFacts): Violation {
  const message =
    `cannot judge the recovery point of guests in backup job ${name}, whose schedule ${String(schedule)} is no calendar event. ` +
    `Write one, as in 02:00 or mon..fri 22:00: site.backups.${name}.schedule.`;
  return { urn, message };
}
