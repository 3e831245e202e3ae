import { UNKNOWN } from "../../../policy/facts/known";
import type { SiteFacts } from "../../../policy/facts/site";
import { requireBackupRoom } from "../../../policy/rules/requireBackupRoom";
import { backupJob, backupStorage, disk, guest, judge, site, storage, web } from "../support/facts";

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
