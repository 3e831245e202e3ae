import fc from "fast-check";
import { backupLimit, type OptionsPlan, planOptions } from "../../../components/options/plan";
import { EVERYTHING } from "../support/reference";
import { site } from "../support/site";

const GIGABIT = 122070;

describe("the options of the reference site", () => {
  it("leave a quarter of the link to corosync and the guests' disks, and are else as Proxmox VE has them", () => {
    expect(planOptions(site())).toEqual<OptionsPlan>({
      linkSpeed: GIGABIT,
      limits: {
        default: 30517,
        migration: undefined,
        restore: undefined,
        move: undefined,
        clone: undefined,
      },
      workers: 2,
      shutdownPolicy: "conditional",
      scheduling: "basic",
      rebalanceOnStart: false,
      migration: { type: "secure" },
      webInterface: {},
    });
  });
});

describe("the options of a site", () => {
  it("are all that the file says", () => {
    expect(planOptions(site(EVERYTHING))).toEqual<OptionsPlan>({
      linkSpeed: 305175,
      limits: { default: 61440, migration: 51200, restore: 40960, move: 30720, clone: 20480 },
      workers: 3,
      shutdownPolicy: "migrate",
      scheduling: "static",
      rebalanceOnStart: true,
      migration: { type: "insecure", network: "10.10.10.0/24" },
      webInterface: { keyboard: "de", console: "xtermjs" },
    });
  });

  it.each([
    ["100 Mbit/s", 2, 3051],
    ["1 Gbit/s", 2, 30517],
    ["2.5 Gbit/s", 2, 76293],
    ["10 Gbit/s", 4, 152587],
    ["25 Gbit/s", 4, 381469],
  ])("follow the slowest link: %s", (linkSpeed, workers, limit) => {
    const plan = planOptions(site({ "network.linkSpeed": linkSpeed }));
    expect([plan.workers, plan.limits.default]).toEqual([workers, limit]);
  });

  it("share the same half of the link among more workers", () => {
    expect(planOptions(site({ "limits.workers": 6 })).limits.default).toBe(
      Math.floor(GIGABIT / 12),
    );
  });

  it("have no limit where the file says so", () => {
    const { limits } = planOptions(site({ limits: { default: "unlimited", clone: "unlimited" } }));
    expect([limits.default, limits.clone]).toEqual([0, 0]);
  });
});

describe("what runs at the same time", () => {
  it("takes three quarters of the slowest link at most, however many nodes and workers there are", () => {
    const speeds = fc.constantFrom("10 Mbit/s", "100 Mbit/s", "1 Gbit/s", "10 Gbit/s");
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 32 }),
        fc.option(fc.integer({ min: 1, max: 64 }), { nil: undefined }),
        speeds,
        (count, workers, linkSpeed) => {
          const nodes = Array.from({ length: count }, (_, index) => [
            `node${index}`,
            { address: `192.168.18.${index + 1}`, cpus: 1, memory: "4 GiB" },
          ]);
          const given = site({
            nodes: Object.fromEntries(nodes),
            "cluster.founder": "node0",
            "network.linkSpeed": linkSpeed,
            guests: {},
            ...(workers === undefined ? {} : { "limits.workers": workers }),
          });
          const plan = planOptions(given);
          const taken = plan.limits.default * plan.workers + backupLimit(given) * count;
          expect(plan.limits.default).toBeGreaterThan(0);
          expect(backupLimit(given)).toBeGreaterThan(0);
          expect(taken).toBeLessThanOrEqual(plan.linkSpeed * 0.75);
        },
      ),
    );
  });
});
