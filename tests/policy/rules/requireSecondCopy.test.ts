import { UNKNOWN } from "../../../policy/facts/known";
import type { BackupJobFacts, SiteFacts } from "../../../policy/facts/site";
import { requireSecondCopy } from "../../../policy/rules/requireSecondCopy";
import {
  archiveCopy,
  backupJob,
  backupStorage,
  disk,
  judge,
  site,
  storage,
  web,
} from "../support/facts";

const verdict = (changes: Partial<SiteFacts> = {}, config: object = {}) =>
  judge(requireSecondCopy, site(changes), config);

/** A second job, to a storage on `server`. */
const second = (
  server: string,
  job: Partial<BackupJobFacts> = {},
  changes: Parameters<typeof storage>[0] = {},
): Partial<SiteFacts> => ({
  backupJobs: [backupJob(), backupJob({ urn: "urn:away", name: "away", storage: "Away", ...job })],
  storages: [
    storage(),
    backupStorage(),
    backupStorage({ urn: "urn:Away", name: "Away", id: "Away", server, ...changes }),
  ],
});
const only = (where: string, names = "win2016, web"): string =>
  `storage ${where} has the only backups of ${names}: what takes that host takes them all. ` +
  "Copy them to another host, site.copies, add a job to one, or name a storage that is copied away: require-second-copy.elsewhere.";

describe("a second copy is there", () => {
  it.each<[string, Partial<SiteFacts>]>([
    ["on another host", second("192.168.18.210")],
    ["on a backup server", second("pbs.example.org", {}, { type: "pbs" })],
    ["on the node's own disks", second("", { storage: "local" })],
    ["on a storage that nobody describes", second("", { storage: "cephfs" })],
    [
      "whatever is unknown of a third job",
      {
        ...second("192.168.18.210"),
        backupJobs: [...(second("").backupJobs ?? []), backupJob({ all: UNKNOWN })],
      },
    ],
  ])("%s", (_what, changes) => {
    expect(verdict(changes)).toEqual([]);
  });

  it("by a copy of the stack's own", () => {
    const copy = archiveCopy({ to: "Away" });
    const away = { ...second("192.168.18.210"), backupJobs: [backupJob()] };
    expect(verdict({ ...away, copies: [copy] })).toEqual([]);
    expect(verdict({ copies: [{ ...copy, to: "local" }] })).toEqual([]);
    expect(verdict({ ...away, copies: [{ ...copy, from: "Data" }] })).toHaveLength(1);
    const beside = { ...second("192.168.18.202"), backupJobs: [backupJob()] };
    expect(verdict({ ...beside, copies: [copy] })).toHaveLength(1);
  });

  it("outside of Proxmox VE, as the configuration says", () => {
    expect(verdict({}, { elsewhere: ["Backup"] })).toEqual([]);
    expect(verdict({}, { elsewhere: ["Data"] })).toHaveLength(1);
  });

  it("or is not needed, without data, without backup, and where another rule speaks", () => {
    expect(verdict({ guests: [web({ disks: [disk({ data: false })] })] })).toEqual([]);
    expect(verdict({ guests: [web({ tags: ["no-backup"] })] })).toEqual([]);
    expect(verdict({ guests: [web({ tags: ["lab"] })] }, { exceptTag: "lab" })).toEqual([]);
    expect(verdict({ backupJobs: [backupJob({ enabled: false })] })).toEqual([]);
  });
});

describe("a second copy is missing", () => {
  it("of all guests, which is said once", () => {
    expect(verdict()).toEqual([["urn:Backup", only("Backup on the host 192.168.18.202")]]);
  });

  it.each<[string, Partial<SiteFacts>, string, string]>([
    [
      "when the second storage is on the same host",
      second("192.168.18.202"),
      "urn:Backup",
      only("Backup and Away on the host 192.168.18.202"),
    ],
    [
      "when the second host goes by the name of the first",
      {
        ...second("NAS"),
        storages: [
          storage(),
          backupStorage({ server: "192.168.18.200" }),
          backupStorage({ id: "Away", server: "NAS" }),
        ],
      },
      "urn:Backup",
      only("Backup and Away on the host 192.168.18.200"),
    ],
    [
      "when the second job is switched off",
      second("192.168.18.210", { enabled: false }),
      "urn:Backup",
      only("Backup on the host 192.168.18.202"),
    ],
    [
      "of the guests that the second job leaves out",
      second("192.168.18.210", { excluded: ["102"] }),
      "urn:Backup",
      only("Backup on the host 192.168.18.202", "web"),
    ],
    [
      "when backups lie on the node's own disks",
      { backupJobs: [backupJob({ storage: "local" })] },
      "urn:nightly",
      only("local on the node of the guest"),
    ],
  ])("%s", (_when, changes, urn, message) => {
    expect(verdict(changes)).toEqual([[urn, message]]);
  });

  it.each<[string, Partial<SiteFacts>]>([
    ["its tags are", { guests: [web({ tags: UNKNOWN })] }],
    [
      "the storage of backup job nightly is",
      { guests: [web()], backupJobs: [backupJob({ storage: UNKNOWN })] },
    ],
    [
      "the server of Backup is",
      { guests: [web()], storages: [backupStorage({ server: UNKNOWN })] },
    ],
    ["the guests of all backup jobs are", { guests: [web()], ...second("nas", { all: UNKNOWN }) }],
  ])("as far as it can be judged until %s known", (until, changes) => {
    expect(verdict(changes)).toEqual([
      ["urn:web", `cannot judge the copies of the backups of guest web until ${until} known.`],
    ]);
  });
});
