import * as fc from "fast-check";
import { bandwidthOf, precopy } from "../../../lab/migration/precopy";

const MIB = 1024 ** 2;
const idle = { total: 1024 * MIB, used: 256 * MIB, dirtyRate: 0.1 * MIB };

describe("the passes over a VM's memory", () => {
  it("send what is used once, and what is changed meanwhile again", () => {
    const { rounds, transferred } = precopy(idle, 10 * MIB, 100);
    expect(rounds[0]?.bytes).toBeGreaterThan(idle.used);
    expect(rounds[0]?.bytes).toBeLessThan(idle.used + 2 * MIB);
    expect(rounds[1]?.bytes).toBeCloseTo((rounds[0]?.seconds ?? 0) * idle.dirtyRate, 0);
    expect(transferred).toBeGreaterThan(idle.used);
  });

  it("end as soon as the rest fits into the downtime", () => {
    const { downtime, raised } = precopy(idle, 10 * MIB, 100);
    expect(downtime).toBeLessThanOrEqual(108);
    expect(raised).toEqual([]);
  });

  it("take no time without a speed", () => {
    expect(precopy(idle, Infinity, 100)).toMatchObject({ downtime: 8, raised: [] });
  });

  it("get twice the downtime whenever six of them have not been enough", () => {
    const busy = { ...idle, dirtyRate: 100 * MIB };
    const { raised, downtime, rounds } = precopy(busy, 10 * MIB, 100);
    expect(raised.slice(0, 3)).toEqual([
      { beforeRound: 6, limit: 200 },
      { beforeRound: 12, limit: 400 },
      { beforeRound: 18, limit: 800 },
    ]);
    expect(raised.at(-1)?.limit).toBe(25_600);
    // In the end all memory in use crosses while the VM stands still.
    expect(downtime).toBe(25_608);
    expect(rounds).toHaveLength(48);
  });

  it("never keep the VM down for longer than was allowed in the end", () => {
    const memory = fc.record({
      total: fc.integer({ min: 16, max: 65_536 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      dirtyRate: fc.double({ min: 0, max: 1000, noNaN: true }),
      mbit: fc.integer({ min: 10, max: 100_000 }),
      limit: fc.integer({ min: 1, max: 2_000_000 }),
    });
    fc.assert(
      fc.property(memory, ({ total, share, dirtyRate, mbit, limit }) => {
        const used = total * share * MIB;
        const state = { total: total * MIB, used, dirtyRate: dirtyRate * MIB };
        const plan = precopy(state, bandwidthOf(mbit), limit);
        const allowed = plan.raised.at(-1)?.limit ?? limit;
        expect(plan.downtime).toBeLessThanOrEqual(allowed + 9);
        expect(plan.transferred).toBeGreaterThanOrEqual(Math.floor(used));
      }),
    );
  });
});

describe("a link", () => {
  it("carries a little less than its name says", () => {
    expect(bandwidthOf(100)).toBe(11_625_000);
    expect(bandwidthOf(Infinity)).toBe(Infinity);
  });
});
