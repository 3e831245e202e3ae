/**
 * Calendar events, in which Proxmox VE writes when a job runs: `[WEEKDAY] [[YEAR-]MONTH-DAY] [HOUR:MINUTE[:SECOND]]`
 * (Proxmox VE Administration Guide, Calendar Events).
 */
export interface CalendarEvent {
  /** Sunday is 0. */
  weekdays: Set<number>;
  months: Set<number>;
  days: Set<number>;
  /** Seconds of the day, ascending. */
  times: number[];
  /** It is bound to years, and over one day. */
  ends: boolean;
}

/** Least and greatest value. */
type Limits = readonly [number, number];

const YEAR: Limits = [1970, 2199];
const MONTH: Limits = [1, 12];
const DAY: Limits = [1, 31];
const HOUR: Limits = [0, 23];
const SIXTIETH: Limits = [0, 59];

const KEYWORDS: Record<string, string> = {
  minutely: "*-* *:*",
  hourly: "*-* *:0",
  daily: "*-* 0:0",
  weekly: "mon 0:0",
  monthly: "*-1 0:0",
  quarterly: "1,4,7,10-1 0:0",
  semiannually: "1,7-1 0:0",
  "semi-annually": "1,7-1 0:0",
  yearly: "1-1 0:0",
  annually: "1-1 0:0",
};

/** The event that Proxmox VE reads there; undefined where it reads none. */
export function parseCalendarEvent(text: string): CalendarEvent | undefined {
  const event = text.trim().replace(/\s*UTC$/, "");
  const words = (KEYWORDS[event] ?? event).split(/\s+/);
  const weekdays = /^[a-z]/i.test(words[0] ?? "")
    ? weekdaysIn(words.shift() ?? "")
    : weekdaysIn("sun..sat");
  const date = (words[0]?.includes("-") ? (words.shift() ?? "") : "*-*").split("-");
  const times = timesIn(words.shift() ?? "0:0");
  const [day = "", month = "", year] = date.reverse();
  const [days, months, years] = [
    valuesIn(day, DAY),
    valuesIn(month, MONTH),
    valuesIn(year ?? "*", YEAR),
  ];
  if (event === "" || words.length > 0 || date.length > 3) return undefined;
  if (!weekdays || !days || !months || !years || !times) return undefined;
  const ends = year !== undefined && year !== "*";
  return { weekdays, months: new Set(months), days: new Set(days), times, ends };
}

const WEEK = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const LONG = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/** `mon,wed`, `mon..fri`. A week begins on Monday; a range may begin on Sunday as well. */
function weekdaysIn(text: string): Set<number> | undefined {
  const found = new Set<number>();
  for (const part of text.toLowerCase().split(",")) {
    const [first = "", last = first, ...more] = part.split("..");
    const [from = -1, to = -1] = [first, last].map((name) =>
      Math.max(WEEK.indexOf(name), LONG.indexOf(name)),
    );
    const end = to === 0 && from > 0 ? 7 : to;
    if (from < 0 || to < 0 || end < from || more.length > 0) return undefined;
    for (let day = from; day <= end; day++) found.add(day % 7);
  }
  return found;
}

/** `22:00`, `8..17:0/15`; without a colon it is minutes, as in `0/5`. */
function timesIn(text: string): number[] | undefined {
  const parts = text.split(":");
  const [hour = "", minute = "", second = "0"] = parts.length === 1 ? ["*", text] : parts;
  const [hours, minutes, seconds] = [
    valuesIn(hour, HOUR),
    valuesIn(minute, SIXTIETH),
    valuesIn(second, SIXTIETH),
  ];
  if (!hours || !minutes || !seconds || parts.length > 3) return undefined;
  return hours.flatMap((h) => minutes.flatMap((m) => seconds.map((s) => h * 3600 + m * 60 + s)));
}

/** Values `5`, ranges `1..7` and repetitions `0/15`, in a list; `*` is all. Ascending. */
function valuesIn(text: string, [least, greatest]: Limits): number[] | undefined {
  const found = new Set<number>();
  for (const part of text.split(",")) {
    const match = /^(\*|\d{1,4})(?:\.\.(\d{1,4}))?(?:\/(\d{1,4}))?$/.exec(part);
    if (!match) return undefined;
    const [, first = "", last, step] = match;
    const from = first === "*" ? least : Number(first);
    const open = first === "*" || step !== undefined ? greatest : from;
    const to = last === undefined ? open : Number(last);
    const every = step === undefined ? 1 : Number(step);
    if (from < least || to < from || to > greatest || every < 1) return undefined;
    for (let value = from; value <= to; value += every) found.add(value);
  }
  return [...found].sort((a, b) => a - b);
}

const DAY_SECONDS = 86_400;
/** After 28 years weekdays, dates and leap years come round again. */
const CYCLE = 28 * 365.25 + 366;

/**
 * The longest time in seconds that passes without any of the events; Infinity where they end. Days have 24 hours: the
 * night when clocks go back is left out.
 */
export function longestGap(events: CalendarEvent[]): number {
  const lasting = events.filter(({ ends }) => !ends);
  const timesOf = merged(lasting);
  let last: number | undefined;
  let longest = 0;
  let seen = 0;
  for (let number = 0; number < CYCLE; number++) {
    const date = new Date(Date.UTC(2024, 0, 1 + number));
    const times = timesOf(date);
    if (!times) continue;
    const start = number * DAY_SECONDS;
    if (last !== undefined) longest = Math.max(longest, start + times.first - last);
    longest = Math.max(longest, times.inside);
    last = start + times.final;
    seen++;
  }
  return seen < 2 ? Infinity : longest;
}

/** A year with a day more, which begins on a Monday. */
const YEAR_DAYS = 366;

/**
 * How many of the events there are at most in any time of so many seconds, those at the same moment each by itself; no
 * more than `enough`. Looks at one year.
 */
export function mostWithin(events: CalendarEvent[], seconds: number, enough: number): number {
  const recent: number[] = [];
  let most = 0;
  for (let number = 0; number < YEAR_DAYS; number++) {
    const date = new Date(Date.UTC(2024, 0, 1 + number));
    const times = events.filter((event) => isOn(event, date)).flatMap((event) => event.times);
    for (const time of times.sort((a, b) => a - b)) {
      const now = number * DAY_SECONDS + time;
      recent.push(now);
      while ((recent[0] ?? now) <= now - seconds) recent.shift();
      most = Math.max(most, recent.length);
      if (most >= enough) return enough;
    }
  }
  return most;
}

interface Times {
  first: number;
  final: number;
  /** The longest gap between them. */
  inside: number;
}

/** The times of all events that are on a day; undefined where none is. */
function merged(events: CalendarEvent[]): (date: Date) => Times | undefined {
  const made = new Map<string, Times>();
  return (date) => {
    const on = events.filter((event) => isOn(event, date));
    if (on.length === 0) return undefined;
    const key = on.map((event) => events.indexOf(event)).join();
    const known = made.get(key);
    if (known) return known;
    const times = [...new Set(on.flatMap((event) => event.times))].sort((a, b) => a - b);
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time));
    // A list of a time for each second is too long for arguments.
    const inside = gaps.reduce((most, gap) => Math.max(most, gap), 0);
    const found = { first: times[0] ?? 0, final: times[times.length - 1] ?? 0, inside };
    made.set(key, found);
    return found;
  };
}

function isOn({ weekdays, months, days }: CalendarEvent, date: Date): boolean {
  return (
    weekdays.has(date.getUTCDay()) &&
    months.has(date.getUTCMonth() + 1) &&
    days.has(date.getUTCDate())
  );
}
