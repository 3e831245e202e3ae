import fc from "fast-check";
import {
  type Host,
  type Load,
  afterEachLoss,
  gibibytes,
  overloadsAfterLoss,
} from "../../../policy/facts/failover";

const host = (name: string, room: number): Host => ({ name, room });
const load = (name: string, need: number, home: string, allowed?: string[]): Load => ({
  name,
  need,
  home,
  allowed,
});
const A = host("a", 1000);
const B = host("b", 1000);
const C = host("c", 1000);
const ALL = ["a", "b", "c"];
const inShort = (hosts: Host[], guests: Load[]) =>
  overloadsAfterLoss(hosts, guests).map(
    ({ lost, host: { name }, total }) => `without ${lost}: ${name} ${total}`,
  );

describe("a survivor is overloaded", () => {
  it("by lost guests beside its own", () => {
    const guests = [load("x", 600, "a", ALL), load("y", 600, "b")];
    expect(inShort([A, B], guests)).toEqual(["without a: b 1200"]);
  });

  it("by its own alone", () => {
    expect(inShort([A, B], [load("x", 1200, "a")])).toEqual(["without b: a 1200"]);
  });

  it("not by guests that stay with the lost node or may not come", () => {
    const guests = [
      load("x", 1200, "a"),
      load("y", 900, "b", ["a", "b"]),
      load("z", 900, "a", ["a"]),
    ];
    expect(inShort([host("a", 9000), B], guests)).toEqual([]);
  });

  it("not when the lost guests can be spread over the others", () => {
    const guests = [load("x", 700, "a", ALL), load("y", 700, "a", ALL)];
    expect(inShort([host("a", 1400), B, C], guests)).toEqual([]);
  });

  it("when the lost guests can go to one of the others only", () => {
    const guests = [load("x", 700, "a", ["a", "b"]), load("y", 700, "a", ["a", "b"])];
    expect(inShort([host("a", 1400), B, C], guests)).toEqual(["without a: b 1400"]);
  });
});

it("tells of each loss who runs where, and who stays away", () => {
  const guests = [load("x", 600, "a", ALL), load("y", 300, "b"), load("z", 200, "a")];
  const told = afterEachLoss([A, B], guests).map(({ lost, survivors, stranded }) => [
    lost,
    survivors.map(({ host: { name }, loads }) => [name, loads.map((one) => one.name)]),
    stranded.map((one) => one.name),
  ]);
  expect(told).toEqual([
    ["a", [["b", ["y", "x"]]], ["z"]],
    ["b", [["a", ["x", "z"]]], ["y"]],
  ]);
});

describe("any two nodes", () => {
  const guests = fc.array(
    fc.record({
      name: fc.constant("g"),
      need: fc.integer({ min: 0, max: 500 }),
      home: fc.constantFrom("a", "b"),
      allowed: fc.constantFrom<string[] | undefined>(undefined, ["a", "b"]),
    }),
    { maxLength: 8 },
  );
  const overloaded = (hosts: Host[], all: Load[]) =>
    overloadsAfterLoss(hosts, all).map((one) => one.host.name);

  it("are judged as by adding up", () => {
    fc.assert(
      fc.property(guests, (all) => {
        const on = (name: string) =>
          all
            .filter(({ home, allowed }) => home === name || allowed)
            .reduce((sum, { need }) => sum + need, 0);
        const expected = ["b", "a"].filter((survivor) => on(survivor) > 1000);
        expect(overloaded([A, B], all)).toEqual(expected);
      }),
    );
  });

  it("are no worse off without a guest, nor with more memory", () => {
    fc.assert(
      fc.property(guests, fc.nat(7), fc.nat(500), (all, gone, more) => {
        const before = overloaded([A, B], all);
        const without = all.filter((_, index) => index !== gone);
        expect(before).toEqual(expect.arrayContaining(overloaded([A, B], without)));
        expect(before).toEqual(
          expect.arrayContaining(overloaded([host("a", 1000 + more), B], all)),
        );
      }),
    );
  });
});

it("after any loss each guest is on one node, or stays away for want of one that it may run on", () => {
  const guests = fc.array(
    fc.record({
      name: fc.uuid(),
      need: fc.integer({ min: 0, max: 500 }),
      home: fc.constantFrom(...ALL),
      allowed: fc.option(fc.subarray(ALL), { nil: undefined }),
    }),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(guests, (all) => {
      for (const { lost, survivors, stranded } of afterEachLoss([A, B, C], all)) {
        const placed = survivors.flatMap(({ loads }) => loads);
        expect([...placed, ...stranded].sort(byName)).toEqual([...all].sort(byName));
        for (const { home, allowed } of stranded) {
          expect(home).toBe(lost);
          expect((allowed ?? []).filter((node) => node !== lost)).toEqual([]);
        }
        for (const { total, loads } of survivors)
          expect(total).toBe(loads.reduce((sum, { need }) => sum + need, 0));
      }
    }),
  );
});

const byName = (a: Load, b: Load): number => (a.name < b.name ? -1 : 1);

it("MiB read as GiB, loads rounded up and room down", () => {
  expect(gibibytes(2816)).toBe("2.75 GiB");
  expect(gibibytes(1024)).toBe("1 GiB");
  expect(gibibytes(1025)).toBe("1.01 GiB");
  expect(gibibytes(1033, Math.floor)).toBe("1 GiB");
});
