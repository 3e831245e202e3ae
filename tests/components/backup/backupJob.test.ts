import { useConnections } from "../support/connections";
import type { Registered } from "../support/pulumi";
import { built, EVERYTHING } from "../support/reference";
import { get, inputsOf } from "../support/resources";

const connections = useConnections();

let everything: Registered[];
beforeAll(async () => {
  everything = await built(connections, EVERYTHING);
});

/** Said by every job, because the provider keeps the old value of one that is left out. */
const SAID = {
  storage: "Backup",
  mode: "snapshot",
  compress: "zstd",
  ionice: 7,
  protected: false,
  repeatMissed: false,
  enabled: true,
};
const KEPT = { "keep-daily": "7", "keep-last": "3", "keep-monthly": "3", "keep-weekly": "4" };

describe("a backup job", () => {
  it("says all that the provider would keep otherwise", async () => {
    const reference = await built(connections);
    expect(inputsOf(reference, "Job nightly")).toEqual({
      ...SAID,
      resourceId: "nightly",
      schedule: "02:00",
      all: true,
      bwlimit: 15258,
      pruneBackups: KEPT,
    });
  });

  it("leaves guests out of all", () => {
    expect(inputsOf(everything, "Job others")).toEqual({
      ...SAID,
      resourceId: "others",
      schedule: "12:00",
      all: true,
      excludes: ["101", "102"],
      bwlimit: 10240,
      pruneBackups: { ...KEPT, "keep-yearly": "1" },
    });
  });

  it("takes a pool", () => {
    expect(inputsOf(everything, "Job pooled")).toEqual({
      ...SAID,
      resourceId: "pooled",
      schedule: "13:00",
      pool: "office",
      bwlimit: 10240,
      pruneBackups: { ...KEPT, "keep-yearly": "1" },
    });
  });

  it("says everything that the site file says", () => {
    expect(inputsOf(everything, "Job weekly")).toEqual({
      resourceId: "weekly",
      schedule: "sun 03:00",
      storage: "Backup",
      vmids: ["101", "102"],
      node: "pve02",
      mode: "stop",
      compress: "zstd",
      bwlimit: 5120,
      ionice: 8,
      performance: { maxWorkers: 4 },
      protected: true,
      repeatMissed: true,
      notesTemplate: "{{guestname}} of {{cluster}}",
      mailtos: ["ops@example.com", "root@pam"],
      mailnotification: "failure",
      fleecing: { enabled: true, storage: "local-lvm" },
      pbsChangeDetectionMode: "metadata",
      pruneBackups: { "keep-last": "2" },
      enabled: false,
    });
  });

  it("is another one for another pool, and has an id that no other can have meanwhile", () => {
    const { deleteBeforeReplace, replaceOnChanges } = get(everything, "Job pooled");
    expect({ deleteBeforeReplace, replaceOnChanges }).toEqual({
      deleteBeforeReplace: true,
      replaceOnChanges: ["pool"],
    });
  });
});
