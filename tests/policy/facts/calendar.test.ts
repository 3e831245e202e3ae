import {
  type CalendarEvent,
  longestGap,
  mostWithin,
  parseCalendarEvent,
} from "../../../policy/facts/calendar";

const HOUR = 3600;
const DAY = 24 * HOUR;

const parsed = (texts: string[]): CalendarEvent[] =>
  texts.map((text) => {
    const event = parseCalendarEvent(text);
    if (!event) throw new Error(`${text} is no calendar event`);
    return event;
  });

const gap = (...texts: string[]): number => longestGap(parsed(texts));

describe("the longest gap of a calendar event", () => {
  it.each([
    ["minutely", 60],
    ["hourly", HOUR],
    ["daily", DAY],
    ["weekly", 7 * DAY],
    ["monthly", 31 * DAY],
    ["quarterly", 92 * DAY],
    ["semiannually", 184 * DAY],
    ["semi-annually", 184 * DAY],
    ["yearly", 366 * DAY],
    ["annually", 366 * DAY],
    ["02:00", DAY],
    ["2:00", DAY],
    ["  02:00 UTC ", DAY],
    ["*:*:*", 1],
    ["*/5", 300],
    ["0/25", 1500],
    ["10", HOUR],
    ["0..30/15", 1800],
    ["8..17:00", 15 * HOUR],
    ["8,20:00", 12 * HOUR],
    ["0/4:00", 4 * HOUR],
    ["22:00:30", DAY],
    ["mon..fri 22:00", 3 * DAY],
    ["Mon..Friday 22:00", 3 * DAY],
    ["sun..tue 22:00", 5 * DAY],
    ["fri..sun 22:00", 5 * DAY],
    ["mon,wed,fri", 3 * DAY],
    ["sat", 7 * DAY],
    ["sat 10,14:00", 7 * DAY - 4 * HOUR],
    ["sat *-1..7 15:00", 35 * DAY],
    ["*-*-* 02:00", DAY],
    ["*-1 02:00", 31 * DAY],
    ["*-31 02:00", 61 * DAY],
    ["2-29", 1461 * DAY],
    ["2/2-1 02:00", 62 * DAY],
  ])("%s is %i seconds", (text, seconds) => {
    expect(gap(text)).toBe(seconds);
  });

  it.each(["2026-12-31 02:00", "2026..2030-*-* 02:00", "2-30 02:00"])("%s has no end", (text) => {
    expect(gap(text)).toBe(Infinity);
  });

  it("is that of all events together", () => {
    expect(gap("02:00", "14:00")).toBe(12 * HOUR);
    expect(gap("mon..fri 22:00", "sat,sun 10:00")).toBe(36 * HOUR);
    expect(gap("02:00", "2026-12-31 08:00")).toBe(DAY);
  });

  it("has no end without events", () => {
    expect(gap()).toBe(Infinity);
  });
});

describe("a calendar event is none", () => {
  it.each([
    ["without words", ""],
    ["with a word that is none", "nightly"],
    ["with a day that is none", "mon,xyz 02:00"],
    ["with days in the wrong order", "fri..mon 02:00"],
    ["with a range of three days", "mon..tue..wed"],
    ["with hour 24", "24:00"],
    ["with minute 60", "02:60"],
    ["with second 60", "02:00:60"],
    ["with four parts of a time", "02:00:00:00"],
    ["with month 13", "*-13-1"],
    ["with day 32", "*-32"],
    ["with day 0", "*-0"],
    ["with year 1969", "1969-1-1"],
    ["with four parts of a date", "2026-1-1-1"],
    ["with a range that goes down", "17..8:00"],
    ["with a range beyond the day", "8..24:00"],
    ["with a step of nothing", "0/0"],
    ["with a number that is none", "two:00"],
    ["with words too many", "mon 02:00 03:00"],
  ])("%s: %s", (_why, text) => {
    expect(parseCalendarEvent(text)).toBeUndefined();
  });
});

describe("the most events within a time", () => {
  const most = (seconds: number, texts: string[], enough = 1000): number =>
    mostWithin(parsed(texts), seconds, enough);

  it.each<[number, string, number, string[]]>([
    [1, "one day", DAY, ["02:00"]],
    [1, "a moment", 1, ["02:00"]],
    [2, "one second more than a day", DAY + 1, ["02:00"]],
    [7, "a week", 7 * DAY, ["daily"]],
    [5, "a week", 7 * DAY, ["mon..fri 22:00"]],
    [3, "three days", 3 * DAY, ["mon..fri 22:00"]],
    [2, "half a day", DAY / 2, ["4,12,20:00"]],
    [4, "the night between two days", 5 * HOUR, ["22,23,0,1:00"]],
    [2, "a day, of two jobs at a time", DAY, ["02:00", "02:00"]],
    [3, "a day, of two jobs", DAY, ["sun 14:00", "2,4:00"]],
    [366, "all time", Infinity, ["02:00"]],
    [12, "a year", 366 * DAY, ["monthly"]],
    [2, "a week at the end of a year", 7 * DAY, ["12-30 00:00", "12-31 00:00"]],
    [0, "a week, of none", 7 * DAY, []],
  ])("is %d in %s", (count, _time, seconds, texts) => {
    expect(most(seconds, texts)).toBe(count);
  });

  it("is not counted any further than it takes", () => {
    expect(most(Infinity, ["minutely"], 10)).toBe(10);
    expect(most(DAY, ["minutely"], 1440)).toBe(1440);
    expect(most(DAY, ["02:00"], 1)).toBe(1);
  });
});
