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
        guests: "all",
        mode: "snapshot",
        compress: "zstd",
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
        expect(plan?.guests).toEqual(guests.map((key) => vmids[key as keyof typeof vmids]).sort());
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
    };
    expect(
      planBackups(
        site({ "backups.weekly": { ...said, bandwidth: "5 MiB/s", guests: ["web"] } }),
      )[1],
    ).toEqual({
      id: "weekly",
      ...said,
      bandwidth: 5120,
      guests: ["102"],
    });
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
