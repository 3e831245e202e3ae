import { UNKNOWN } from "../../../policy/facts/known";
import type { SiteFacts } from "../../../policy/facts/site";
import { requireRecoveryPoint } from "../../../policy/rules/requireRecoveryPoint";
import { backupJob, disk, guest, judge, site, web } from "../support/facts";

const verdict = (changes: Partial<SiteFacts> = {}, config: object = {}) =>
  judge(requireRecoveryPoint, site(changes), config);

type Job = Parameters<typeof backupJob>[0];
const only = (tags: string[], ...jobs: Job[]): Partial<SiteFacts> => ({
  guests: [web({ tags })],
  backupJobs: jobs.map(backupJob),
});
const WHAT =
  "Let a job run more often, site.backups.*.schedule, or let the guest lose more, as by a tag rpo-7d.";

describe("a guest is backed up often enough", () => {
  it.each<[string, Partial<SiteFacts>]>([
    ["once a day", {}],
    ["as its tag says", only(["rpo-7d"], { schedule: "sat 02:00" })],
    ["by several jobs together", only(["rpo-12h"], {}, { schedule: "14:00" })],
    ["whatever other jobs do", only([], {}, { schedule: UNKNOWN }, { enabled: UNKNOWN })],
    ["or is in no job, of which another rule speaks", only([], { all: false, guests: ["100"] })],
    ["or has no data", { ...only([]), guests: [web({ disks: [disk({ data: false })] })] }],
    ["or is a template", { ...only([]), guests: [web({ template: true })] }],
    ["or needs no backup", only(["no-backup"], { schedule: "sat 02:00" })],
  ])("%s", (_what, changes) => {
    expect(verdict(changes)).toEqual([]);
  });

  it("as the configuration asks", () => {
    const weekly = only(["lab"], { schedule: "sat 02:00" });
    expect(verdict(weekly, { objective: "1w" })).toEqual([]);
    expect(verdict(weekly, { classes: { lab: "7d" } })).toEqual([]);
    expect(verdict(weekly, { exceptTag: "lab" })).toEqual([]);
  });
});

describe("a guest is backed up too rarely", () => {
  it.each<[string[], Job, object, string]>([
    [
      [],
      { schedule: "mon..fri 22:00" },
      {},
      "may lose 24 hours of data by the objective of all guests, and 3 days pass between its backups by nightly (mon..fri 22:00)",
    ],
    [
      ["rpo-4h"],
      {},
      {},
      "may lose 4 hours of data by its tag rpo-4h, and 24 hours pass between its backups by nightly (02:00)",
    ],
    [
      ["db"],
      { schedule: "0/6:00" },
      { classes: { db: "90m" } },
      "may lose 90 minutes of data by its tag db, and 6 hours pass between its backups by nightly (0/6:00)",
    ],
    [
      [],
      { schedule: "2026-12-31 02:00" },
      {},
      "may lose 24 hours of data by the objective of all guests, and its backups end one day by nightly (2026-12-31 02:00)",
    ],
  ])("tagged %j by %j with %j", (tags, job, config, fact) => {
    expect(verdict(only(tags, job), config)).toEqual([["urn:web", `guest web ${fact}. ${WHAT}`]]);
  });

  it("by all of its jobs", () => {
    const jobs = only(["rpo-6h"], {}, { name: "noon", schedule: "12:00" });
    expect(verdict(jobs)).toEqual([
      [
        "urn:web",
        "guest web may lose 6 hours of data by its tag rpo-6h, and 14 hours pass between its backups by " +
          `nightly (02:00), noon (12:00). ${WHAT}`,
      ],
    ]);
  });

  it.each(["rpo-24", "rpo-1day", "rpo-"])("by its tag %s, which says nothing", (tag) => {
    expect(verdict(only([tag], {}))).toEqual([
      [
        "urn:web",
        `guest web: its tag ${tag} says no recovery point objective. Write a number and m, h, d or w, as in rpo-24h.`,
      ],
    ]);
  });
});

describe("the recovery point cannot be judged", () => {
  it.each<[string, Partial<SiteFacts>]>([
    ["whether it is a template is", { guests: [web({ template: UNKNOWN })] }],
    ["its tags are", { guests: [web({ tags: UNKNOWN })] }],
    ["its disks are", { guests: [web({ disks: UNKNOWN })] }],
    ["the schedule of backup job nightly is", only([], { schedule: UNKNOWN })],
    ["the guests of all backup jobs are", only([], { enabled: UNKNOWN })],
    [
      "the guests of all backup jobs are",
      only([], { schedule: "sat 02:00" }, { all: UNKNOWN, schedule: "02:00" }),
    ],
  ])("until %s known", (until, changes) => {
    expect(verdict(changes)).toEqual([
      ["urn:web", `cannot judge the recovery point of guest web until ${until} known.`],
    ]);
  });

  it("of guests in a job whose schedule nobody can read, which is said once", () => {
    const backupJobs = [backupJob({ schedule: "nightly" })];
    expect(verdict({ guests: [guest(), web()], backupJobs })).toEqual([
      [
        "urn:nightly",
        "cannot judge the recovery point of guests in backup job nightly, whose schedule nightly is no calendar event. " +
          "Write one, as in 02:00 or mon..fri 22:00: site.backups.nightly.schedule.",
      ],
    ]);
  });
});
