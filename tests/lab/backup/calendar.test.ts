import fc from "fast-check";
import { isCalendarEvent, nextEvent, parseCalendarEvent } from "../../../lab/backup/calendar";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const next = (schedule: string, last: number) => nextEvent(parseCalendarEvent(schedule), last);
const at = (text: string) => Date.parse(`${text}Z`) / 1000;

describe("the next run of a schedule", () => {
  // The epoch is a Thursday.
  it.each([
    ["*", 0, MINUTE],
    ["*", 59, MINUTE],
    ["*/10", 599, 600],
    ["*/10", 50 * MINUTE, HOUR],
    ["*/12:0", 10, 12 * HOUR],
    ["*/12:0", 13 * HOUR, DAY],
    ["1/12:0/15", 0, HOUR],
    ["1/12:0/15", HOUR + 45 * MINUTE, 13 * HOUR],
    ["1/12:0/15", 13 * HOUR + 45 * MINUTE, 25 * HOUR],
    ["1,4,6", 6 * MINUTE, HOUR + MINUTE],
    ["Mon", 0, 4 * DAY],
    ["Mon", 4 * DAY, 11 * DAY],
    ["sat..sun", 0, 2 * DAY],
    ["sat..sun", 3 * DAY, 9 * DAY],
    ["22/1:0", 22 * HOUR, 23 * HOUR],
    ["*/2:*", HOUR, 2 * HOUR],
    ["*/2:*", 2 * HOUR, 2 * HOUR + MINUTE],
    ["20..22:*/30", 20 * HOUR, 20 * HOUR + 30 * MINUTE],
    ["20..22:*/30", 22 * HOUR + 30 * MINUTE, 44 * HOUR],
    ["0,1,3..5", 5 * MINUTE, HOUR],
    ["2,4:0,1,3..5", 2 * HOUR + 5 * MINUTE, 4 * HOUR],
  ])("%s after %i s is at %i s", (schedule, last, expected) => {
    expect(next(schedule, last)).toBe(expected);
  });

  it.each([
    ["2:00", "2026-01-01T01:00:00", "2026-01-01T02:00:00"],
    ["2:00", "2026-01-01T02:00:00", "2026-01-02T02:00:00"],
    ["mon..fri 22:00", "2026-01-02T22:00:00", "2026-01-05T22:00:00"],
    ["sat *-1..7 15:00", "2026-01-03T15:00:00", "2026-02-07T15:00:00"],
    ["*-05", "2026-01-05T00:00:00", "2026-02-05T00:00:00"],
    ["2027-10-21", "2026-01-01T00:00:00", "2027-10-21T00:00:00"],
    ["*-02-29 12:00", "2026-01-01T00:00:00", "2028-02-29T12:00:00"],
    ["fri 12..13:5/20", "2026-01-02T12:45:00", "2026-01-02T13:05:00"],
    ["mon..wed 30/10", "2026-01-05T00:50:00", "2026-01-05T01:30:00"],
    ["1:2:3/30", "2026-01-01T01:02:03", "2026-01-01T01:02:33"],
    ["weekly", "2026-01-01T00:00:00", "2026-01-05T00:00:00"],
    ["monthly", "2026-01-01T00:00:00", "2026-02-01T00:00:00"],
    ["quarterly", "2026-01-01T00:00:00", "2026-04-01T00:00:00"],
    ["semiannually", "2026-01-01T00:00:00", "2026-07-01T00:00:00"],
    ["yearly", "2026-01-01T00:00:00", "2027-01-01T00:00:00"],
  ])("%s after %s is at %s", (schedule, last, expected) => {
    expect(next(schedule, at(last))).toBe(at(expected));
  });

  it("does not come when its day is over, or never is", () => {
    expect(next("2015-10-21", at("2026-01-01T00:00:00"))).toBeUndefined();
    expect(next("*-02-31", 0)).toBeUndefined();
  });

  it("is after the last one, and a whole minute where no seconds are named", () => {
    const schedule = fc.constantFrom(
      "*",
      "*/7",
      "3:15",
      "mon 8..17:0/15",
      "*-1..7 12/3:30",
      "daily",
    );
    fc.assert(
      fc.property(schedule, fc.integer({ min: 0, max: 4_000_000_000 }), (text, last) => {
        const found = next(text, last) ?? 0;
        expect(found).toBeGreaterThan(last);
        expect(found % MINUTE).toBe(0);
        expect(next(text, found - 1)).toBe(found);
      }),
    );
  });
});

describe("a schedule", () => {
  it.each([
    ["61", "value '61' out of range"],
    ["*/61", "repetition '61' out of range"],
    ["0..80", "value '80' out of range"],
    ["Fri..Mon", "wrong order in range 'Fri..Mon'"],
    ["5..1", "wrong order in range '5..1'"],
    [" mon 0 0", "unable to parse calendar event - unused parts"],
    ["", "unable to parse calendar event - event is empty"],
    ["someday", "unable to parse weekday 'someday'"],
    ["1:2:3:4", "unable to parse time '1:2:3:4'"],
    ["1-2-3-4", "unable to parse date '1-2-3-4'"],
    ["1.5:0", "unable to parse hour '1.5'"],
  ])("cannot be %j", (schedule, words) => {
    expect(() => parseCalendarEvent(schedule)).toThrow(words);
    expect(isCalendarEvent(schedule)).toBe(false);
  });

  it.each(["sun..sat", "wed,mon..tue,fri", "mon */15", "mon..fri 8..17,22:0/15", "daily UTC"])(
    "may be %s",
    (schedule) => {
      expect(isCalendarEvent(schedule)).toBe(true);
    },
  );
});
