import fc from "fast-check";
import { type BackupPlan, planBackups } from "../../../components/backup/plan";
import { site } from "../support/site";

describe("the reference site's backup", () => {
  it("takes all guests every night, compressed and while they run", () => {
    expect(planBackups(site())).toEqual<BackupPlan[]>([
      {
        id: "nightly",
        schedule: "02:00",
        storage: "Backup",
        selection: { kind: "all", except: [] },
        mode: "snapshot",
        compress: "zstd",
        retention: { daily: 7, last: 3, monthly: 3, weekly: 4 },
        protected: false,
        repeatMissed: false,
        ioPriority: 7,
        // An eighth of 1 Gbit/s on each of two nodes.
        bandwidth: 15258,
        enabled: true,
      },
    ]);
  });
});

describe("a backup", () => {
  it("names guests by VMID, in an order of its own", () => {
    const all = ["win2016", "ubuntu", "web"];
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: 1 }), (guests) => {
        const [plan] = planBackups(site({ "backups.nightly.guests": guests }));
        const vmids = { win2016: "100", ubuntu: "101", web: "102" };
        expect(plan?.selection).toEqual({
          kind: "guests",
          vmids: guests.map((key) => vmids[key as keyof typeof vmids]).sort(),
        });
      }),
    );
  });

  it("gets all that the file says", () => {
    const said = {
      schedule: "mon..fri 22:00",
      storage: "Backup",
      mode: "stop",
      compress: "lzo",
      enabled: false,
      retention: { last: 1, yearly: 2 },
      workers: 4,
      protected: true,
      repeatMissed: true,
      notes: "{{guestname}}, weekly",
      ioPriority: 8,
      changeDetection: "metadata",
      node: "pve02",
    };
    const more = {
      bandwidth: "5 MiB/s",
      guests: ["web"],
      mail: { to: ["root@pam", "ops@example.com"], when: "failure" },
      fleecing: { storage: "local-lvm" },
    };
    expect(planBackups(site({ "backups.weekly": { ...said, ...more } }))[1]).toEqual({
      id: "weekly",
      ...said,
      bandwidth: 5120,
      selection: { kind: "guests", vmids: ["102"] },
      mail: { to: ["ops@example.com", "root@pam"], when: "failure" },
      fleecing: "local-lvm",
    });
  });

  it("keeps what its storage keeps, unless it says something else", () => {
    const changes = { "storages.Backup.retention": { last: 9 } };
    const kept = (more: object) => planBackups(site({ ...changes, ...more }))[0]?.retention;
    expect(kept({})).toEqual({ last: 9 });
    expect(kept({ "backups.nightly.retention": { daily: 2 } })).toEqual({ daily: 2 });
    expect(kept({ "storages.Backup.retention": undefined })).toBeUndefined();
  });

  it("takes all guests but some, by VMID in order", () => {
    const [plan] = planBackups(site({ "backups.nightly.except": ["web", "win2016"] }));
    expect(plan?.selection).toEqual({ kind: "all", except: ["100", "102"] });
  });

  it("takes a pool, whatever is in it", () => {
    const changes = { "pools.office": {}, "backups.nightly.pool": "office" };
    const [plan] = planBackups(site({ ...changes, "backups.nightly.guests": undefined }));
    expect(plan?.selection).toEqual({ kind: "pool", pool: "office" });
  });

  it.each([
    ["its own", { "backups.nightly.bandwidth": "7 MiB/s", "limits.backup": "9 MiB/s" }, 7168],
    ["the site's", { "limits.backup": "9 MiB/s" }, 9216],
    [
      "a quarter of the slowest link, shared by all nodes",
      { "network.linkSpeed": "10 Gbit/s" },
      152587,
    ],
    ["none, where the file says so", { "limits.backup": "unlimited" }, 0],
  ])("has a limit: %s", (_whose, changes, bandwidth) => {
    expect(planBackups(site(changes))[0]?.bandwidth).toBe(bandwidth);
  });
});
