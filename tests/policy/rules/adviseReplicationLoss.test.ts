import { UNKNOWN } from "../../../policy/facts/known";
import type { SiteFacts } from "../../../policy/facts/site";
import { adviseReplicationLoss } from "../../../policy/rules/adviseReplicationLoss";
import { cluster, disk, guest, judge, replication, site } from "../support/facts";
import { cannotJudge, UNKNOWN_HA_GUEST, type UnknownCase } from "../support/unknown";

const local = (changes: Parameters<typeof disk>[0] = {}) =>
  disk({ storage: "local-zfs", ...changes });
const verdict = (changes: Partial<SiteFacts> = {}) =>
  judge(
    adviseReplicationLoss,
    site({ guests: [guest({ disks: [local()] })], replications: [replication()], ...changes }),
  );

describe("nothing is lost", () => {
  it("of disks on a shared storage, replicated or not", () => {
    expect(verdict({ guests: [guest()] })).toEqual([]);
  });

  it("of guests that are not in HA", () => {
    expect(verdict({ haResources: [] })).toEqual([]);
  });

  it("of what holds no data", () => {
    const disks = [disk(), local({ slot: "efidisk0", data: false })];
    expect(verdict({ guests: [guest({ disks })] })).toEqual([]);
  });

  it("of disks that are not replicated, which another rule is about", () => {
    expect(verdict({ replications: [] })).toEqual([]);
    expect(verdict({ replications: [replication({ target: "pve02" })] })).toEqual([]);
  });
});

describe("what is written since the last copy is lost", () => {
  it("of a guest on local disks", () => {
    expect(verdict()).toEqual([
      [
        "urn:win2016",
        "HA guest win2016: scsi0 on local-zfs gets to pve01 by replication job win2016-copy (*/15) alone. " +
          "When the node that runs it is lost, so is up to 15 minutes of what it has written. " +
          "Let the job run more often, or put the disk on a shared storage.",
      ],
    ]);
  });

  it.each([
    ["02:00", "up to 24 hours"],
    ["mon..fri 22:00", "up to 3 days"],
    ["2020-1-1", "everything since its last run"],
  ])("by a job at %s: %s", (schedule, lost) => {
    expect(verdict({ replications: [replication({ schedule })] })).toEqual([
      [
        "urn:win2016",
        expect.stringContaining(
          `(${schedule}) alone. When the node that runs it is lost, so is ${lost} of what`,
        ),
      ],
    ]);
  });

  it("of each of its disks, by each job", () => {
    const disks = [local(), local({ slot: "scsi1" })];
    const replications = [replication(), replication({ name: "again", target: "pve03" })];
    expect(verdict({ guests: [guest({ disks })], replications })).toEqual([
      [
        "urn:win2016",
        expect.stringContaining(
          "scsi0 on local-zfs, scsi1 on local-zfs gets to pve01 by replication job win2016-copy",
        ),
      ],
      ["urn:win2016", expect.stringContaining("gets to pve03 by replication job again")],
    ]);
  });
});

describe("the replication cannot be judged", () => {
  it("where its schedule is no calendar event", () => {
    expect(verdict({ replications: [replication({ schedule: "often" })] })).toEqual([
      [
        "urn:win2016-copy",
        "cannot judge replication job win2016-copy, whose schedule often is no calendar event. Write one, as in */15.",
      ],
    ]);
  });

  it.each<UnknownCase>([
    ...UNKNOWN_HA_GUEST,
    [
      "its disks are unknown",
      { guests: [guest({ disks: UNKNOWN })] },
      "urn:win2016",
      "its disks are",
    ],
    [
      "the storage of one is unknown",
      { guests: [guest({ disks: [disk({ storage: UNKNOWN })] })] },
      "urn:win2016",
      "the storage of scsi0 is",
    ],
    [
      "its nodes are unknown",
      { clusters: [cluster({ nodes: UNKNOWN })] },
      "urn:win2016",
      "the cluster's nodes and HA rules are",
    ],
    [
      "the schedule is unknown",
      { replications: [replication({ schedule: UNKNOWN })] },
      "urn:win2016",
      "the schedule of win2016-copy is",
    ],
    [
      "the target is unknown",
      { replications: [replication({ target: UNKNOWN })] },
      "urn:win2016",
      "the target of win2016-copy is",
    ],
  ])("while %s", (_what, changes, urn, what) => {
    expect(verdict(changes)).toEqual([[urn, cannotJudge("the replication of win2016", what)]]);
  });
});
