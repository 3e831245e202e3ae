/**
 * Calendar events, in which Proxmox VE writes when a job runs: `[WEEKDAY] [[YEAR-]MONTH-DAY] [HOUR:MINUTE[:SECOND]]`,
 * a subset of systemd's (Proxmox VE Administration Guide, Calendar Events).
 */

const KEYWORDS = [
  ...["minutely", "hourly", "daily", "weekly", "monthly", "quarterly"],
  ...["semiannually", "semi-annually", "yearly", "annually"],
];

/** A week begins on Monday; a range may begin on Sunday as well. */
const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const WEEKDAY = /^(mon(day)?|tue(sday)?|wed(nesday)?|thu(rsday)?|fri(day)?|sat(urday)?|sun(day)?)$/;

/** Least and greatest value. */
type Limits = readonly [number, number];

const YEAR: Limits = [1970, 2199];
const MONTH: Limits = [1, 12];
const DAY: Limits = [1, 31];
const HOUR: Limits = [0, 23];
const MINUTE: Limits = [0, 59];
const SECOND: Limits = [0, 59];

/** Whether Proxmox VE takes it as a job's schedule, as it does `02:00`, `mon..fri 22:00` and `sat *-1..7 15:00`. */
export function isCalendarEvent(text: string): boolean {
  const event = text.trim().replace(/\s*UTC$/, "");
  if (KEYWORDS.includes(event)) return true;
  const words = event.split(/\s+/);
  if (/^[a-z]/i.test(words[0] ?? "") && !areWeekdays(words.shift() ?? "")) return false;
  if (words[0]?.includes("-") && !isDate(words.shift() ?? "")) return false;
  const time = words.shift();
  return words.length === 0 && (time === undefined || isTime(time));
}

/** `mon,wed,fri`, `mon..fri`. */
function areWeekdays(text: string): boolean {
  return text.split(",").every((part) => {
    const [first = "", last = first, ...more] = part.toLowerCase().split("..");
    if (more.length > 0 || !WEEKDAY.test(first) || !WEEKDAY.test(last)) return false;
    const [from, to] = [first, last].map((name) => WEEKDAYS.indexOf(name.slice(0, 3)));
    return first.startsWith("sun") || Number(from) <= Number(to);
  });
}

/** `*-1..7`, `2026-12-31`. */
function isDate(text: string): boolean {
  const parts = text.split("-");
  const limits = parts.length === 3 ? [YEAR, MONTH, DAY] : [MONTH, DAY];
  return haveLimits(parts, limits);
}

/** `22:00`, `8..17:0/15`; without a colon it is minutes, as in `0/5`. */
function isTime(text: string): boolean {
  const parts = text.split(":");
  if (parts.length === 1) return isField(text, MINUTE);
  return haveLimits(parts, parts.length === 3 ? [HOUR, MINUTE, SECOND] : [HOUR, MINUTE]);
}

function haveLimits(parts: string[], limits: Limits[]): boolean {
  return (
    parts.length === limits.length &&
    limits.every((limit, index) => isField(parts[index] ?? "", limit))
  );
}

/** Values `5`, ranges `1..7` and repetitions `0/15`, in a list; `*` is all. */
function isField(text: string, [least, greatest]: Limits): boolean {
  return text.split(",").every((part) => {
    const match = /^(\*|\d{1,4})(?:\.\.(\d{1,4}))?(?:\/(\d{1,4}))?$/.exec(part);
    if (!match) return false;
    const [, first = "", last, step] = match;
    const from = first === "*" ? least : Number(first);
    const to = last === undefined ? from : Number(last);
    const every = step === undefined ? 1 : Number(step);
    return from >= least && to >= from && to <= greatest && every >= 1 && every <= greatest;
  });
}
