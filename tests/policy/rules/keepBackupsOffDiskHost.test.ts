import { UNKNOWN } from "../../../policy/facts/known";
import type { SiteFacts } from "../../../policy/facts/site";
import { keepBackupsOffDiskHost } from "../../../policy/rules/keepBackupsOffDiskHost";
import { backupJob, backupStorage, disk, guest, judge, site, storage } from "../support/facts";

const verdict = (changes: Partial<SiteFacts> = {}, config: object = {}) =>
  judge(keepBackupsOffDiskHost, site(changes), config);

const oneHost = [storage({ server: "nas" }), backupStorage({ server: "NAS" })];

describe("backups stand apart", () => {
  it("on another host than the disks", () => {
    expect(verdict()).toEqual([]);
  });

  it.each<[string, Partial<SiteFacts>]>([
    ["no job is enabled", { storages: oneHost, backupJobs: [backupJob({ enabled: false })] }],
    [
      "the disks are the nodes' own",
      { storages: oneHost, guests: [guest({ disks: [disk({ storage: "local-lvm" })] })] },
    ],
    ["the backups are", { storages: oneHost, backupJobs: [backupJob({ storage: "local" })] }],
    [
      "both are one storage, which another rule is about",
      { backupJobs: [backupJob({ storage: "Data" })] },
    ],
  ])("when %s", (_what, changes) => {
    expect(verdict(changes)).toEqual([]);
  });
});

describe("backups give advice", () => {
  it("on the host of the disks, once for all jobs", () => {
    const backupJobs = [backupJob(), backupJob({ urn: "urn:weekly", name: "weekly" })];
    expect(verdict({ storages: oneHost, backupJobs })).toEqual([
      [
        "urn:Backup",
        "storage Backup takes the backups and Data the disks, both on the host 192.168.18.200: " +
          "when it breaks, both are gone. Back up to another host, or copy the backups to one.",
      ],
    ]);
  });

  it("on the node's own disks beside those of its guests", () => {
    const backupJobs = [backupJob({ storage: "local" })];
    const guests = [guest({ disks: [disk({ storage: "local-lvm" })] })];
    expect(verdict({ guests, backupJobs })).toEqual([
      [
        "urn:nightly",
        "storage local takes the backups and local-lvm the disks, both on the node of the guest: " +
          "when it breaks, both are gone. Back up to another host, or copy the backups to one.",
      ],
    ]);
  });

  it.each<[string, Partial<SiteFacts>]>([
    ["the storage of nightly is", { backupJobs: [backupJob({ storage: UNKNOWN })] }],
    ["the server of Backup is", { storages: [storage(), backupStorage({ server: UNKNOWN })] }],
    ["the server of Data is", { storages: [storage({ server: UNKNOWN }), backupStorage()] }],
    ["the disks of win2016 are", { guests: [guest({ disks: UNKNOWN })] }],
  ])("that they cannot be judged until %s known", (until, changes) => {
    expect(verdict(changes)).toEqual([
      ["urn:nightly", `cannot judge the hosts of backups until ${until} known.`],
    ]);
  });
});
