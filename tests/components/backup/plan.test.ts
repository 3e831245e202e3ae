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
    };
    expect(planBackups(site({ "backups.weekly": { ...said, guests: ["web"] } }))[1]).toEqual({
      id: "weekly",
      ...said,
      guests: ["102"],
    });
  });
});
