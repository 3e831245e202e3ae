import { UNKNOWN } from "../../../policy/facts/known";
import type { SiteFacts } from "../../../policy/facts/site";
import { requireBackupRoom } from "../../../policy/rules/requireBackupRoom";
import {
  archiveCopy,
  backupJob,
  backupStorage,
  disk,
  guest,
  judge,
  site,
  storage,
  web,
} from "../support/facts";

const verdict = (sizes: Record<string, string>, changes: Partial<SiteFacts> = {}, packed = 0.5) =>
  judge(requireBackupRoom, site(changes), { sizes, packed });

/** 40 GiB of win2016 and 40 of web, of which ten are kept and the largest stands once more: 420 GiB. */
const full = (size: string, total: number, guests = 2, disks = 80): [string, string][] => [
  [
    "urn:Backup",
    `storage Backup has ${size}, and the backups that are kept of ${guests} guests with ${disks} GiB of disks ` +
      `take about ${total} GiB when all are there. Keep fewer, site.backups.*.retention, or give it more.`,
  ],
];
const open = (what: string): [string, string][] => [
  [
    "urn:Backup",
    `not judged: whether backups fit ${what}Say what the storage has: require-backup-room.sizes.`,
  ],
];

describe("backups fit their storage", () => {
  it.each<[string, string, Partial<SiteFacts>]>([
    ["exactly", "420 GiB", {}],
    ["in tebibytes", "0.5 TiB", {}],
    [
      "of a backup server, which keeps what is equal once",
      "60 GiB",
      { storages: [backupStorage({ type: "pbs" })] },
    ],
    [
      "of jobs that are switched on",
      "220 GiB",
      { backupJobs: [backupJob({ excluded: ["102"] }), backupJob({ enabled: false })] },
    ],
    [
      "without disks that are left out",
      "220 GiB",
      { guests: [guest(), web({ disks: [disk({ backedUp: false })] })] },
    ],
    [
      "without what is no data",
      "220 GiB",
      { guests: [guest(), web({ disks: [disk({ data: false })] })] },
    ],
    [
      "by the job that keeps most",
      "420 GiB",
      { backupJobs: [backupJob(), backupJob({ name: "b", retention: { last: 2 } })] },
    ],
  ])("%s", (_how, size, changes) => {
    expect(verdict({ Backup: size }, changes)).toEqual([]);
  });

  it("or keep all of them, of which another rule speaks", () => {
    expect(verdict({}, { storages: [backupStorage({ retention: undefined })] })).toEqual([]);
    expect(verdict({}, { storages: [backupStorage({ retention: { all: 1 } })] })).toEqual([]);
    expect(verdict({}, { guests: [] })).toEqual([]);
  });
});

describe("backups do not fit", () => {
  it("when one GiB is missing", () => {
    expect(verdict({ Backup: "419 GiB" })).toEqual(full("419 GiB", 420));
  });

  it("when less can be packed", () => {
    expect(verdict({ Backup: "0.5 TiB" }, {}, 1)).toEqual(full("0.5 TiB", 840));
  });

  it("on a backup server that has no room for one of each", () => {
    const storages = [backupStorage({ type: "pbs" })];
    expect(verdict({ Backup: "59 GiB" }, { storages })).toEqual(full("59 GiB", 60));
  });

  it("of the guests in the job", () => {
    const backupJobs = [backupJob({ all: false, guests: ["100"] })];
    expect(verdict({ Backup: "200 GiB" }, { backupJobs })).toEqual(full("200 GiB", 220, 1, 40));
  });
});

describe("backups are not judged", () => {
  it("where nobody says what the storage has", () => {
    expect(verdict({})).toEqual(open("Backup (about 420 GiB needed). "));
  });

  it("once for all storages", () => {
    const backupJobs = [backupJob(), backupJob({ storage: "Away", retention: { last: 1 } })];
    expect(verdict({}, { backupJobs })).toEqual(
      open("Backup (about 420 GiB needed), Away (about 60 GiB needed). "),
    );
    expect(verdict({ Backup: "1 TiB" }, { backupJobs })).toHaveLength(1);
  });

  it("at the first job where nothing describes the storage", () => {
    const jobs = ["early", "late"].map((name) =>
      backupJob({ urn: `urn:${name}`, name, storage: "Away", retention: { last: 1 } }),
    );
    expect(verdict({}, { backupJobs: jobs }).map(([urn]) => urn)).toEqual(["urn:early"]);
  });

  it("where nobody says the size of a disk", () => {
    const guests = [guest({ disks: [disk({ size: undefined })] }), web()];
    expect(verdict({ Backup: "1 TiB" }, { guests })).toEqual(
      open("Backup (about 220 GiB needed). Nobody says the size of win2016, scsi0. "),
    );
  });

  it.each<[string, Partial<SiteFacts>]>([
    ["the storage of backup job nightly is", { backupJobs: [backupJob({ storage: UNKNOWN })] }],
    ["the guests of backup job nightly are", { backupJobs: [backupJob({ all: UNKNOWN })] }],
    ["its retention is", { backupJobs: [backupJob({ retention: UNKNOWN })] }],
    ["the id of Data is", { storages: [storage({ id: UNKNOWN })] }],
    ["the disks of win2016 are", { guests: [guest({ disks: UNKNOWN })] }],
    ["the size of win2016, scsi0 is", { guests: [guest({ disks: [disk({ size: UNKNOWN })] })] }],
    [
      "whether win2016, scsi0 is backed up is",
      { guests: [guest({ disks: [disk({ backedUp: UNKNOWN })] })] },
    ],
  ])("until %s known", (until, changes) => {
    expect(verdict({ Backup: "1 TiB" }, changes)).toEqual([
      ["urn:nightly", `cannot judge the room for backups until ${until} known.`],
    ]);
  });
});

describe("copies", () => {
  const SIZES = { Backup: "1 TiB" };
  const second = (changes: Parameters<typeof backupStorage>[0] = {}) =>
    backupStorage({ urn: "urn:Second", name: "Second", id: "Second", ...changes });
  const copied = (copy: Parameters<typeof archiveCopy>[0] = {}): Partial<SiteFacts> => ({
    copies: [archiveCopy(copy)],
    storages: [storage(), backupStorage(), second()],
  });
  const needed = (changes: Partial<SiteFacts>): string | undefined =>
    /Second \(about (\d+ GiB) needed\)/.exec(verdict(SIZES, changes)[0]?.[1] ?? "")?.[1];

  // Four of each guest stay, and the next of each comes before the oldest go.
  it("fit exactly", () => {
    expect(verdict({ ...SIZES, Second: "200 GiB" }, copied())).toEqual([]);
  });

  it("do not fit when one GiB is missing", () => {
    expect(verdict({ ...SIZES, Second: "199 GiB" }, copied())).toEqual([
      [
        "urn:Second",
        "storage Second has 199 GiB, and the backups that are kept of 2 guests with 80 GiB of disks " +
          "take about 200 GiB when all are there. Keep fewer, site.copies.*.retention, or give it more.",
      ],
    ]);
  });

  it("do not fit beside the backups of a job", () => {
    const changes = {
      ...copied(),
      backupJobs: [backupJob(), backupJob({ storage: "Second", all: false, guests: ["100"] })],
    };
    // Ten of win2016, which are more than four, four of web, and the next copy of both.
    expect(verdict({ ...SIZES, Second: "319 GiB" }, changes)).toEqual([
      [
        "urn:Second",
        "storage Second has 319 GiB, and the backups that are kept of 2 guests with 80 GiB of disks " +
          "take about 320 GiB when all are there. " +
          "Keep fewer, site.backups.*.retention and site.copies.*.retention, or give it more.",
      ],
    ]);
    expect(verdict({ ...SIZES, Second: "320 GiB" }, changes)).toEqual([]);
  });

  it("are not judged where nobody says what their storage has", () => {
    expect(verdict(SIZES, copied())).toEqual([
      [
        "urn:Second",
        "not judged: whether backups fit Second (about 200 GiB needed). Say what the storage has: require-backup-room.sizes.",
      ],
    ]);
    expect(verdict({}, copied())).toEqual(
      open("Backup (about 420 GiB needed), Second (about 200 GiB needed). "),
    );
  });

  it("are not judged at the copy where nothing describes their storage", () => {
    const storages = [storage(), backupStorage()];
    expect(verdict(SIZES, { ...copied(), storages })).toEqual([
      ["urn:usb", expect.stringMatching(/^not judged: whether backups fit Second /)],
    ]);
  });

  it.each<[string, string, Partial<SiteFacts>]>([
    ["200 GiB", "one when copies come as often as backups", copied()],
    ["200 GiB", "one when copies come more often", copied({ schedule: "*:0/30" })],
    ["440 GiB", "all of a week", copied({ schedule: "sun 06:00" })],
    [
      "360 GiB",
      "all of a week with five backups",
      {
        ...copied({ schedule: "sun 06:00" }),
        backupJobs: [backupJob({ schedule: "mon..fri 02:00" })],
      },
    ],
    [
      "280 GiB",
      "no more than there are on the storage that they come from",
      { ...copied({ schedule: "sun 06:00" }), backupJobs: [backupJob({ retention: { last: 3 } })] },
    ],
    [
      "240 GiB",
      "those of all jobs",
      { ...copied(), backupJobs: [backupJob(), backupJob({ name: "noon", schedule: "12:00" })] },
    ],
    [
      "220 GiB",
      "those of each guest's own jobs",
      {
        ...copied(),
        backupJobs: [
          backupJob(),
          backupJob({ name: "noon", schedule: "12:00", all: false, guests: ["100"] }),
        ],
      },
    ],
    [
      "440 GiB",
      "those of jobs that keep all, of which another rule speaks",
      {
        ...copied({ schedule: "sun 06:00" }),
        backupJobs: [backupJob({ retention: { all: 1 } })],
      },
    ],
    [
      "200 GiB",
      "one where no schedule can be read",
      { ...copied(), backupJobs: [backupJob({ schedule: "soon" })] },
    ],
    [
      "560 GiB",
      "all that are there where the copy's schedule comes but once",
      copied({ schedule: "2027-01-01 06:00" }),
    ],
  ])("need %s: beside what stays %s", (room, _what, changes) => {
    expect(needed(changes)).toBe(room);
  });

  it("are of what comes to their storage by other copies", () => {
    const changes = {
      copies: [
        archiveCopy({ name: "attic", urn: "urn:attic", from: "Backup", to: "Attic" }),
        archiveCopy({ from: "Attic", retention: { last: 2 } }),
      ],
    };
    expect(verdict({ ...SIZES, Attic: "199 GiB", Second: "119 GiB" }, changes)).toEqual([
      ["urn:attic", expect.stringMatching(/^storage Attic .* about 200 GiB /)],
      ["urn:usb", expect.stringMatching(/^storage Second .* about 120 GiB /)],
    ]);
    expect(verdict({ ...SIZES, Attic: "200 GiB", Second: "120 GiB" }, changes)).toEqual([]);
  });

  it("of each other count what is not there yet", () => {
    const changes = {
      ...copied(),
      copies: [
        archiveCopy(),
        archiveCopy({ name: "back", urn: "urn:back", from: "Second", to: "Backup" }),
      ],
    };
    expect(verdict({ Backup: "420 GiB", Second: "200 GiB" }, changes)).toEqual([]);
    expect(verdict({ Backup: "419 GiB", Second: "199 GiB" }, changes)).toHaveLength(2);
  });

  it("in a circle count what each storage gets from the others", () => {
    const ring = ["Backup", "Second", "Attic"];
    const copies = ring.map((from, index) =>
      archiveCopy({ name: `to-${index}`, from, to: ring[(index + 1) % 3] ?? "" }),
    );
    // Nothing comes back to where the job has put it.
    const enough = { Backup: "420 GiB", Second: "200 GiB", Attic: "200 GiB" };
    expect(verdict(enough, { copies })).toEqual([]);
    const less = { Backup: "419 GiB", Second: "199 GiB", Attic: "199 GiB" };
    expect(verdict(less, { copies })).toHaveLength(3);
  });

  it("of each other bring what jobs write to the other storage alone", () => {
    const noon = backupJob({ name: "noon", schedule: "12:00", storage: "Second" });
    const changes = {
      ...copied(),
      backupJobs: [backupJob(), { ...noon, retention: { last: 2 } }],
      copies: [archiveCopy(), archiveCopy({ name: "back", from: "Second", to: "Backup" })],
    };
    // Four of each guest stay on Second, and one more comes from Backup.
    expect(verdict({ Backup: "440 GiB", Second: "200 GiB" }, changes)).toEqual([]);
    expect(verdict({ Backup: "439 GiB", Second: "199 GiB" }, changes)).toHaveLength(2);
  });

  it("need nothing where there is nothing to copy", () => {
    expect(verdict(SIZES, copied({ from: "Data" }))).toEqual([]);
    expect(verdict(SIZES, copied({ from: "Data", retention: undefined }))).toEqual([]);
    expect(verdict({}, { ...copied(), backupJobs: [backupJob({ enabled: false })] })).toEqual([]);
    expect(verdict({}, { ...copied(), backupJobs: [] })).toEqual([]);
  });

  it.each([undefined, { all: 1 }])("pile up where %j of them stay", (retention) => {
    expect(verdict(SIZES, copied({ retention }))).toEqual([
      [
        "urn:usb",
        "copy usb says not how many copies stay, so they pile up until Second is full and none is made any more. " +
          "Say how many: site.copies.usb.retention, or that of its storage.",
      ],
    ]);
    expect(verdict({}, copied({ retention }))).toHaveLength(2);
    const backupJobs = [backupJob({ all: false, guests: ["100"] })];
    expect(verdict(SIZES, { ...copied({ retention }), backupJobs })).toHaveLength(1);
  });

  it.each<[string, Partial<SiteFacts>]>([
    ["what copy usb copies is", copied({ from: UNKNOWN })],
    ["the storage of copy usb is", copied({ to: UNKNOWN })],
    ["the retention of copy usb is", copied({ retention: UNKNOWN })],
    ["the schedule of copy usb is", copied({ schedule: UNKNOWN })],
    [
      "the schedule of backup job nightly is",
      { ...copied(), backupJobs: [backupJob({ schedule: UNKNOWN })] },
    ],
  ])("are not judged until %s known", (until, changes) => {
    expect(verdict({ ...SIZES, Second: "1 TiB" }, changes)).toEqual([
      ["urn:nightly", `cannot judge the room for backups until ${until} known.`],
    ]);
  });
});
