import { UNKNOWN } from "../../../policy/facts/known";
import type { SiteFacts } from "../../../policy/facts/site";
import { requireBackupRetention } from "../../../policy/rules/requireBackupRetention";
import { backupJob, backupStorage, judge, site, storage } from "../support/facts";

const verdict = (changes: Partial<SiteFacts> = {}, config: object = {}) =>
  judge(requireBackupRetention, site(changes), config);

const kept = (
  retention: Record<string, number> | undefined,
  ofStorage?: Record<string, number>,
) => ({
  backupJobs: [backupJob({ retention })],
  storages: [backupStorage({ retention: ofStorage })],
});

describe("a retention is taken", () => {
  it.each([{ last: 3 }, { last: 1, weekly: 2 }, { yearly: 3 }])("of %j", (retention) => {
    expect(verdict(kept(retention))).toEqual([]);
    expect(verdict(kept(undefined, retention))).toEqual([]);
  });

  it("of the job before that of its storage", () => {
    expect(verdict(kept({ last: 3 }, { all: 1 }))).toEqual([]);
  });

  it("of fewer points, where the configuration says that they are enough", () => {
    expect(verdict(kept({ last: 1 }), { points: 1 })).toEqual([]);
  });

  it("of any kind, while the job is switched off", () => {
    expect(verdict({ ...kept(undefined), backupJobs: [backupJob({ enabled: false })] })).toEqual(
      [],
    );
  });
});

describe("a retention is refused", () => {
  const WHERE = "site.backups.nightly.retention, or that of its storage";

  it("of too few points", () => {
    expect(verdict(kept({ last: 1, daily: 1 }, { last: 9 }))).toEqual([
      [
        "urn:nightly",
        "backup job nightly keeps 2 (last 1, daily 1) and 3 are needed: " +
          `damage that is found late is in all of them. Keep more: ${WHERE}.`,
      ],
    ]);
  });

  it.each([
    ["says not how many backups it keeps", kept(undefined)],
    ["says not how many backups it keeps", { ...kept(undefined), storages: [] }],
    ["keeps all backups", kept({ all: 1 }, { last: 3 })],
    ["keeps all backups", kept(undefined, { all: 1 })],
  ])("that %s", (why, changes) => {
    expect(verdict(changes)).toEqual([
      [
        "urn:nightly",
        `backup job nightly ${why}, so they pile up until the storage is full ` +
          `and no backup succeeds any more. Say how many: ${WHERE}.`,
      ],
    ]);
  });

  it.each<[string, Partial<SiteFacts>]>([
    ["whether it is enabled is", { backupJobs: [backupJob({ enabled: UNKNOWN })] }],
    ["its retention is", { backupJobs: [backupJob({ retention: UNKNOWN })] }],
    ["its storage is", { backupJobs: [backupJob({ storage: UNKNOWN })] }],
    ["the retention of Backup is", { storages: [backupStorage({ retention: UNKNOWN })] }],
    ["the id of Data is", { storages: [storage({ id: UNKNOWN }), backupStorage()] }],
  ])("that cannot be judged until %s known", (until, changes) => {
    expect(verdict(changes)).toEqual([
      ["urn:nightly", `cannot judge the retention of backup job nightly until ${until} known.`],
    ]);
  });
});
