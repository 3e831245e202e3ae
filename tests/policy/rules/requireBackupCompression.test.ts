import { UNKNOWN } from "../../../policy/facts/known";
import type { SiteFacts } from "../../../policy/facts/site";
import { requireBackupCompression } from "../../../policy/rules/requireBackupCompression";
import { backupJob, backupStorage, judge, site, storage } from "../support/facts";

const verdict = (changes: Partial<SiteFacts> = {}, config: object = {}) =>
  judge(requireBackupCompression, site(changes), config);

const plain = { backupJobs: [backupJob({ compress: "0" })] };

describe("backups are compressed", () => {
  it.each(["zstd", "gzip", "lzo", "1"])("by %s", (compress) => {
    expect(verdict({ backupJobs: [backupJob({ compress })] })).toEqual([]);
  });

  it("by a Proxmox Backup Server itself", () => {
    expect(verdict({ ...plain, storages: [backupStorage({ type: "pbs" })] })).toEqual([]);
  });

  it("or not, while the job is switched off", () => {
    expect(verdict({ backupJobs: [backupJob({ compress: "0", enabled: false })] })).toEqual([]);
  });
});

describe("backups are refused", () => {
  it("as Proxmox VE writes them unless told", () => {
    expect(verdict(plain)).toEqual([
      [
        "urn:nightly",
        "backup job nightly does not compress, which is what Proxmox VE does unless told, " +
          "so Backup fills several times as fast. Choose zstd: site.backups.nightly.compress.",
      ],
    ]);
  });

  it.each<[string, Partial<SiteFacts>]>([
    ["it is", { backupJobs: [backupJob({ compress: UNKNOWN })] }],
    ["its storage is", { backupJobs: [backupJob({ compress: "0", storage: UNKNOWN })] }],
    ["the id of Data is", { ...plain, storages: [storage({ id: UNKNOWN })] }],
  ])("that cannot be judged until %s known", (until, changes) => {
    expect(verdict(changes)).toEqual([
      ["urn:nightly", `cannot judge the compression of backup job nightly until ${until} known.`],
    ]);
  });
});
