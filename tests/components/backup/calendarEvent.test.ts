import { isCalendarEvent } from "../../../components/backup/calendarEvent";
import { refuses } from "../support/broken";
import { site } from "../support/site";

describe("a calendar event", () => {
  it.each([
    // Times, every day.
    ["02:00"],
    ["2:00"],
    ["02:00:30"],
    ["8..17,22:0/15"],
    ["*:00/5"],
    ["0/1:0/5"],
    ["2,14:00 UTC"],
    // Minutes of every hour.
    ["*/5"],
    ["0/15"],
    ["30"],
    // Days of the week.
    ["sat"],
    ["mon..fri 22:00"],
    ["mon..fri 22"],
    ["mon,wed,fri 01:30"],
    ["mon..wed,sat 01:30"],
    ["sun..sat 01:30"],
    ["Monday 01:30"],
    // Dates.
    ["*-1..7 15:00"],
    ["sat *-1..7 15:00"],
    ["*-01,04,07,10-01"],
    ["2026-12-31 23:59"],
    ["12-24 18:00"],
    // Keywords.
    ...["minutely", "hourly", "daily", "weekly", "monthly", "quarterly"].map((word) => [word]),
    ...["semiannually", "semi-annually", "yearly", "annually"].map((word) => [word]),
  ])("is %s", (text) => {
    expect(isCalendarEvent(text)).toBe(true);
  });

  it.each([
    [""],
    [" "],
    ["tomorrow at noon"],
    ["0 2 * * *"],
    ["2 am"],
    ["nightly"],
    ["24:00"],
    ["25:00"],
    ["02:60"],
    ["02:00:60"],
    ["02:00:00:00"],
    ["60"],
    ["-1:00"],
    ["2:"],
    ["17..8:00"],
    ["1...5:00"],
    ["2:0/0"],
    ["2:0/99"],
    ["2,,3:00"],
    ["fri..mon 02:00"],
    ["mon..tue..wed 02:00"],
    ["mond 02:00"],
    ["mon-fri 02:00"],
    ["mon wed 02:00"],
    ["daily 02:00"],
    ["02:00 mon"],
    ["02:00 2026-12-31"],
    ["2026-13-01"],
    ["2026-12-32"],
    ["0-1"],
    ["1-2026-12-31"],
  ])("is not %p", (text) => {
    expect(isCalendarEvent(text)).toBe(false);
  });
});

describe("a backup's schedule", () => {
  const REMEDY = "write a calendar event of Proxmox VE, as in 02:00, mon..fri 22:00 or */5";

  it("may be any calendar event", () => {
    const changed = site({ "backups.nightly.schedule": "sat *-1..7 15:00" });
    expect(changed.backups.nightly?.schedule).toBe("sat *-1..7 15:00");
  });

  refuses(
    ["tomorrow at noon", "25:00", "0 2 * * *"].map((text) => [
      `is refused: ${text}`,
      { "backups.nightly.schedule": text },
      `backups.nightly.schedule: "${text}"; ${REMEDY}`,
    ]),
  );
});
