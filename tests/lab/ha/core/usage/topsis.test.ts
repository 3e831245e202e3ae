import { LoadUsage } from "../../../../../lab/ha/core/usage/load";
import { rankByTopsis } from "../../../../../lab/ha/core/usage/topsis";

/** Rows from the best to the worst. */
function order(rows: number[][], weights: number[]): number[] {
  const ranks = rankByTopsis(rows, weights);
  return rows.map((_, index) => index).sort((a, b) => (ranks[b] ?? 0) - (ranks[a] ?? 0));
}

describe("TOPSIS", () => {
  // Orders as the tests of proxmox-resource-scheduling have them, where less is better.
  it.each([
    ["one criterion", [[1], [2], [5], [3], [4]], [1], [0, 1, 3, 4, 2]],
    ["one criterion below zero", [[-2], [-5], [-4], [1], [-3]], [1], [1, 2, 4, 0, 3]],
    [
      "two criteria",
      [
        [7, 4],
        [1, 0.5],
        [-1, -1],
        [-8.5, 11.5],
        [4, 7],
      ],
      [1, 1],
      [2, 3, 1, 0, 4],
    ],
  ])("ranks by %s", (_name, rows, weights, expected) => {
    expect(order(rows, weights)).toEqual(expected);
  });

  it("scores by the distances to the best and the worst of every criterion", () => {
    // Columns of length 5 and 13, weights 1/4 and 3/4: rows (0.15, 0.75 · 12/13) and (0.2, 0.75 · 5/13). Best of each
    // is 0.15 and 0.2885, worst 0.2 and 0.6923.
    const [first = 0, second = 0] = rankByTopsis(
      [
        [3, 12],
        [4, 5],
      ],
      [1, 3],
    );
    const [cpu, mem] = [0.05, (0.75 * 7) / 13];
    expect(first).toBeCloseTo(cpu / (cpu + mem), 12);
    expect(second).toBeCloseTo(mem / (cpu + mem), 12);
  });

  it("finds no difference where there is none", () => {
    expect(
      rankByTopsis(
        [
          [1, 2],
          [1, 2],
        ],
        [1, 2],
      ),
    ).toEqual([0, 0]);
  });
});

describe("the static scheduler", () => {
  const GIB = 1024 ** 3;
  const loads = {
    nodes: { small: { maxcpu: 4, maxmem: 4 * GIB }, big: { maxcpu: 4, maxmem: 16 * GIB } },
    guests: {
      "vm:1": { maxcpu: 1, maxmem: 6 * GIB, node: "big", running: true },
      "vm:2": { maxcpu: 1, maxmem: 2 * GIB, node: "small", running: false },
    },
  };
  const usage = new LoadUsage(["small", "big"], loads, "static");
  usage.place("vm:1", "big");

  it("weighs memory and peaks, with shares of each node", () => {
    // vm:2 on small: CPU 1/4 and 1/4, memory 1/2 and 3/8. On big: CPU 0 and 1/2, memory 0 and 1/2. Each figure plus 1.
    const mean = (a: number, b: number): number => 1 + Math.sqrt((a * a + b * b) / 2);
    const [small = 0, big = 0] = rankByTopsis(
      [
        [mean(0.25, 0.25), 1.25, mean(0.5, 0.375), 1.5],
        [mean(0, 0.5), 1.5, mean(0, 0.5), 1.5],
      ],
      [1, 2, 5, 10],
    );
    const scores = usage.scores("vm:2");
    expect(scores.small).toBeCloseTo(-small, 12);
    expect(scores.big).toBeCloseTo(-big, 12);
    expect(Math.abs(big - small)).toBeGreaterThan(0.01);
  });

  it("prefers the node where the greatest peak stays lowest", () => {
    const crowded = { ...loads.guests, "vm:3": { ...loads.guests["vm:2"], maxmem: 3 * GIB } };
    const busy = new LoadUsage(["small", "big"], { ...loads, guests: crowded }, "static");
    busy.place("vm:1", "big");
    const scores = busy.scores("vm:3");
    expect(scores.big).toBeLessThan(scores.small ?? 0);
  });
});
