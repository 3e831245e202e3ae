import { UNKNOWN } from "../../../policy/facts/known";
import type { SiteFacts } from "../../../policy/facts/site";
import { requireBackupOffDiskStorage } from "../../../policy/rules/requireBackupOffDiskStorage";
import { backupJob, disk, guest, judge, site, web } from "../support/facts";

const verdict = (changes: Partial<SiteFacts> = {}, config: object = {}) =>
  judge(requireBackupOffDiskStorage, site(changes), config);

const onData = { backupJobs: [backupJob({ storage: "Data" })] };

describe("backups are taken", () => {
  it("on another storage than the disks", () => {
    expect(verdict()).toEqual([]);
  });

  it.each<[string, Partial<SiteFacts>]>([
    [
      "beside disks of guests that the job is not about",
      { backupJobs: [backupJob({ storage: "Data", all: false, guests: ["109"] })] },
    ],
    [
      "of a job that is switched off",
      { backupJobs: [backupJob({ storage: "Data", enabled: false })] },
    ],
    [
      "beside images without data",
      { ...onData, guests: [guest({ disks: [disk({ data: false })] })] },
    ],
  ])("%s", (_what, changes) => {
    expect(verdict(changes)).toEqual([]);
  });
});

describe("backups are refused", () => {
  it("beside the disks that they are of, told once", () => {
    const disks = [disk(), disk({ slot: "scsi1" })];
    expect(verdict({ ...onData, guests: [guest({ disks }), web()] })).toEqual([
      [
        "urn:nightly",
        "backup job nightly writes to Data, where disks of win2016, web lie: " +
          "whatever takes the disks takes their backups. Choose another storage: site.backups.nightly.storage.",
      ],
    ]);
  });

  it.each<[string, Partial<SiteFacts>]>([
    ["it is", { backupJobs: [backupJob({ storage: UNKNOWN })] }],
    ["its guests are", { backupJobs: [backupJob({ all: UNKNOWN })] }],
    ["the disks of win2016 are", { guests: [guest({ disks: UNKNOWN })] }],
    [
      "the storage of win2016, scsi0 is",
      { guests: [guest({ disks: [disk({ storage: UNKNOWN })] })] },
    ],
  ])("that cannot be judged until %s known", (until, changes) => {
    expect(verdict(changes)).toEqual([
      ["urn:nightly", `cannot judge the storage of backup job nightly until ${until} known.`],
    ]);
  });
});
