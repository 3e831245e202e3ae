/**
 * Calendar events as PVE's schedules have them: `[WEEKDAY] [[YEAR-]MONTH-DAY] [HOUR:MINUTE[:SECOND]]`, a subset of
 * systemd's (pve-docs, calendar-events.adoc). The lab's nodes live in UTC.
 */
export interface CalendarEvent {
  /** Days on which it may be; Sunday is 0. Empty for all. */
  weekdays: ReadonlySet<number>;
  year: Field;
  month: Field;
  day: Field;
  hour: Field;
  minute: Field;
  second: Field;
}

/** Values that match; undefined for all. `end` and `step` make a range or a repetition of `start`. */
type Field = readonly { start: number; end: number; step: number }[] | undefined;

const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const NAMES = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const ZERO: Field = [{ start: 0, end: 0, step: 1 }];

/** Least and greatest values. */
const LIMITS = {
  year: [1970, 2199],
  month: [1, 12],
  day: [1, 31],
  hour: [0, 23],
  minute: [0, 59],
  second: [0, 59],
} as const;
type Unit = keyof typeof LIMITS;

const KEYWORDS: Record<string, string> = {
  minutely: "*-*-* *:*:00",
  hourly: "*-*-* *:00:00",
  daily: "*-*-* 00:00:00",
  weekly: "mon *-*-* 00:00:00",
  monthly: "*-*-01 00:00:00",
  yearly: "*-01-01 00:00:00",
  annually: "*-01-01 00:00:00",
  quarterly: "*-01,04,07,10-01 00:00:00",
  semiannually: "*-01,07-01 00:00:00",
  "semi-annually": "*-01,07-01 00:00:00",
};

/** @throws Error that says which part makes no sense. */
export function parseCalendarEvent(text: string): CalendarEvent {
  const given = text.trim().replace(/\s*UTC$/, "");
  if (given === "") throw new Error("unable to parse calendar event - event is empty");
  const words = (KEYWORDS[given] ?? given).split(/\s+/);
  const weekdays = /^[a-z]/i.test(words[0] ?? "")
    ? weekdaysOf(words.shift() ?? "")
    : new Set<number>();
  const date = words[0]?.includes("-") ? dateOf(words.shift() ?? "") : {};
  const time = words.length > 0 ? timeOf(words.shift() ?? "") : { hour: ZERO, minute: ZERO };
  if (words.length > 0) throw new Error("unable to parse calendar event - unused parts");
  return {
    year: undefined,
    month: undefined,
    day: undefined,
    second: ZERO,
    weekdays,
    ...date,
    ...time,
  };
}

export function isCalendarEvent(text: string): boolean {
  try {
    parseCalendarEvent(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * The first moment of the event after `last`, both epoch seconds; undefined when there is none, as for a day that is
 * over or that does not exist.
 */
export function nextEvent(event: CalendarEvent, last: number): number | undefined {
  const date = new Date((last + 1) * 1000);
  const limit = LIMITS.year[1] + 1;
  while (date.getUTCFullYear() < limit) {
    if (!matches(event.year, date.getUTCFullYear())) startOf(date, "year");
    else if (!matches(event.month, date.getUTCMonth() + 1)) startOf(date, "month");
    else if (!isDay(event, date)) startOf(date, "day");
    else if (!matches(event.hour, date.getUTCHours())) startOf(date, "hour");
    else if (!matches(event.minute, date.getUTCMinutes())) startOf(date, "minute");
    else if (!matches(event.second, date.getUTCSeconds()))
      date.setUTCSeconds(date.getUTCSeconds() + 1);
    else return Math.floor(date.getTime() / 1000);
  }
  return undefined;
}

function isDay({ day, weekdays }: CalendarEvent, date: Date): boolean {
  return matches(day, date.getUTCDate()) && (weekdays.size === 0 || weekdays.has(date.getUTCDay()));
}

/** Moves to the beginning of the next `unit`. */
function startOf(date: Date, unit: "year" | "month" | "day" | "hour" | "minute"): void {
  const parts = [
    date.getUTCFullYear(),
    date.getUTCMonth(),
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
  ];
  const index = ["year", "month", "day", "hour", "minute"].indexOf(unit);
  const first = [0, 0, 1, 0, 0];
  const [year = 0, month = 0, day = 1, hour = 0, minute = 0] = parts.map((part, position) =>
    position < index ? part : position === index ? part + 1 : (first[position] ?? 0),
  );
  date.setTime(Date.UTC(year, month, day, hour, minute));
}

function matches(field: Field, value: number): boolean {
  return (
    field === undefined ||
    field.some(
      ({ start, end, step }) => value >= start && value <= end && (value - start) % step === 0,
    )
  );
}

function weekdaysOf(text: string): Set<number> {
  const days = new Set<number>();
  for (const part of text.split(",")) {
    const [first = "", last = first, ...more] = part.split("..");
    const [from, to] = [weekdayOf(first), weekdayOf(last)];
    // A week begins on Monday, but `sun..sat` is all of it.
    const order = (day: number): number => (from === 0 ? day : (day + 6) % 7);
    if (more.length > 0 || order(from) > order(to))
      throw new Error(`wrong order in range '${part}'`);
    for (let day = 0; day < 7; day++) {
      if (order(day) >= order(from) && order(day) <= order(to)) days.add(day);
    }
  }
  return days;
}

function weekdayOf(text: string): number {
  const name = text.toLowerCase();
  const day = Math.max(WEEKDAYS.indexOf(name), NAMES.indexOf(name));
  if (day < 0) throw new Error(`unable to parse weekday '${text}'`);
  return day;
}

function dateOf(text: string): Pick<CalendarEvent, "month" | "day"> & { year?: Field } {
  const parts = text.split("-");
  if (parts.length > 3) throw new Error(`unable to parse date '${text}'`);
  const [day = "", month = "*", year] = parts.reverse();
  return {
    ...(year === undefined ? {} : { year: fieldOf(year, "year") }),
    month: fieldOf(month, "month"),
    day: fieldOf(day, "day"),
  };
}

/** Without a colon it is minutes. */
function timeOf(text: string): Pick<CalendarEvent, "hour" | "minute"> & { second?: Field } {
  const parts = text.split(":");
  if (parts.length > 3) throw new Error(`unable to parse time '${text}'`);
  if (parts.length === 1) return { hour: undefined, minute: fieldOf(text, "minute") };
  const [hour = "", minute = "", second] = parts;
  return {
    hour: fieldOf(hour, "hour"),
    minute: fieldOf(minute, "minute"),
    ...(second === undefined ? {} : { second: fieldOf(second, "second") }),
  };
}

function fieldOf(text: string, unit: Unit): Field {
  if (text === "*") return undefined;
  return text.split(",").map((part) => {
    const match = /^(\*|\d+)(?:\.\.(\d+))?(?:\/(\d+))?$/.exec(part);
    if (!match) throw new Error(`unable to parse ${unit} '${part}'`);
    const [, first = "", last, repeat] = match;
    const [least, greatest] = LIMITS[unit];
    const start = first === "*" ? least : inRange(first, unit);
    const open = repeat !== undefined || first === "*" ? greatest : start;
    const end = last === undefined ? open : inRange(last, unit);
    if (end < start) throw new Error(`wrong order in range '${part}'`);
    return { start, end, step: repeat === undefined ? 1 : stepOf(repeat, unit) };
  });
}

function inRange(text: string, unit: Unit): number {
  const value = Number(text);
  const [least, greatest] = LIMITS[unit];
  if (value < least || value > greatest) throw new Error(`value '${text}' out of range`);
  return value;
}

function stepOf(text: string, unit: Unit): number {
  const value = Number(text);
  if (value < 1 || value > LIMITS[unit][1]) throw new Error(`repetition '${text}' out of range`);
  return value;
}
