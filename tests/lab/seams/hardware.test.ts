import fc from "fast-check";
import { SimulatedHardware } from "../../../lab/seams/hardware";
import type { Cables } from "../../../lab/state/types";

let state: { hosts: Record<string, { power: boolean }>; cables?: Cables };
let hardware: SimulatedHardware;
let changes: string[];
beforeEach(() => {
  state = { hosts: { a: { power: true }, b: { power: true }, c: { power: false } } };
  hardware = new SimulatedHardware(state);
  changes = [];
  hardware.onChange((host) => changes.push(host));
});

/** Which of the hosts that run hear each other, as `ab`. */
const ways = (): string[] => {
  const names = Object.keys(state.hosts);
  return names.flatMap((from) =>
    names.filter((to) => from < to && hardware.canReach(from, to)).map((to) => from + to),
  );
};

describe("power", () => {
  it("is as the record says, which the switch changes", () => {
    expect(["a", "c", "z"].map((host) => hardware.isOn(host))).toEqual([true, false, false]);
    hardware.switchPower("a", false);
    hardware.switchPower("c", true);
    expect(state.hosts).toMatchObject({ a: { power: false }, c: { power: true } });
    expect(changes).toEqual(["a", "c"]);
  });

  it("is needed on both sides", () => {
    expect(hardware.canReach("a", "b")).toBe(true);
    expect(hardware.canReach("a", "c")).toBe(false);
    expect(hardware.canReach("c", "a")).toBe(false);
    hardware.switchPower("c", true);
    expect(ways()).toEqual(["ab", "ac", "bc"]);
  });
});

describe("a host's own plug", () => {
  it("cuts it off from all others, both ways", () => {
    hardware.switchPower("c", true);
    hardware.plug("b", false);
    expect(ways()).toEqual(["ac"]);
    expect(hardware.canReach("b", "a")).toBe(false);
    expect(["a", "b"].map((host) => hardware.isPlugged(host))).toEqual([true, false]);
    hardware.plug("b", true);
    expect(ways()).toEqual(["ab", "ac", "bc"]);
  });

  it("is not needed to reach oneself, but power is", () => {
    hardware.plug("a", false);
    expect(hardware.canReach("a", "a")).toBe(true);
    hardware.switchPower("a", false);
    expect(hardware.canReach("a", "a")).toBe(false);
  });
});

describe("the way between two hosts", () => {
  beforeEach(() => {
    hardware.switchPower("c", true);
    changes = [];
  });

  it("is cut and mended for these two alone, in either order of names", () => {
    hardware.connect("b", "a", false);
    expect(ways()).toEqual(["ac", "bc"]);
    expect(hardware.cuts()).toEqual([["a", "b"]]);
    hardware.connect("a", "b", true);
    expect(ways()).toEqual(["ab", "ac", "bc"]);
    expect(changes).toEqual(["a", "b", "a", "b"]);
  });

  it("stays cut when a plug goes out and in again", () => {
    hardware.connect("a", "b", false);
    hardware.plug("a", false);
    hardware.plug("a", true);
    expect(ways()).toEqual(["ac", "bc"]);
  });

  it("can be cut to a host that came later", () => {
    state.hosts.d = { power: true };
    expect(hardware.canReach("a", "d")).toBe(true);
    hardware.connect("d", "a", false);
    expect(ways()).toEqual(["ab", "ac", "bc", "bd", "cd"]);
  });

  it("to oneself cannot be cut", () => {
    hardware.connect("a", "a", false);
    expect(hardware.canReach("a", "a")).toBe(true);
    expect(changes).toEqual([]);
  });
});

describe("a partition", () => {
  beforeEach(() => {
    state.hosts = Object.fromEntries(["a", "b", "c", "d"].map((name) => [name, { power: true }]));
  });

  it.each([
    ["two groups", [["a"], ["b", "c", "d"]], ["bc", "bd", "cd"]],
    ["one named host, and all others", [["a"]], ["bc", "bd", "cd"]],
    ["a witness that both sides hear", [["a", "d"], ["b", "d"], ["c"]], ["ad", "bd"]],
    ["everybody alone", [["a"], ["b"], ["c"], ["d"]], []],
    ["everybody together", [["a", "b", "c", "d"]], ["ab", "ac", "ad", "bc", "bd", "cd"]],
  ])("of %s lets only hosts of one group hear each other", (_name, groups, heard) => {
    hardware.partition(groups);
    expect(ways()).toEqual(heard);
  });

  it("takes the place of the one before, and leaves plugs as they are", () => {
    hardware.plug("d", false);
    hardware.partition([["a"]]);
    hardware.partition([["b"]]);
    expect(ways()).toEqual(["ac"]);
  });

  it("tells each host whose cables changed once, when all are changed", () => {
    const seen: string[][] = [];
    hardware.onChange(() => seen.push(ways()));
    hardware.partition([["a"], ["b"]]);
    expect(changes).toEqual(["a", "b", "c", "d"]);
    expect(new Set(seen.map((now) => now.join()))).toEqual(new Set(["cd"]));
    changes = [];
    hardware.partition([["a", "b"]]);
    expect(changes).toEqual(["a", "b"]);
  });

  it("ends with all cables and plugs in again, and nothing left in the record", () => {
    hardware.plug("b", false);
    hardware.partition([["a"]]);
    hardware.heal();
    expect(ways()).toHaveLength(6);
    expect(hardware.isPlugged("b")).toBe(true);
    expect(state.cables).toBeUndefined();
  });
});

it("tells of nothing when nothing changes", () => {
  hardware.switchPower("a", true);
  hardware.switchPower("z", true);
  hardware.plug("a", true);
  hardware.connect("a", "b", true);
  hardware.heal();
  hardware.partition([]);
  expect(changes).toEqual([]);
  hardware.plug("a", false);
  hardware.plug("a", false);
  hardware.connect("a", "b", false);
  hardware.connect("b", "a", false);
  expect(changes).toEqual(["a", "a", "b"]);
});

it("has ports that a firewall closes between two hosts, both ways, and nothing else", () => {
  hardware.block("b", "a", 5405, true);
  hardware.block("a", "b", 5405, true);
  expect(changes).toEqual(["a", "b"]);
  expect([
    hardware.canReachPort("a", "b", 5405),
    hardware.canReachPort("b", "a", 5405),
    hardware.canReachPort("a", "b", 22),
    hardware.canReach("a", "b"),
  ]).toEqual([false, false, true, true]);
  hardware.plug("a", false);
  expect(hardware.canReachPort("a", "b", 22)).toBe(false);
  hardware.heal();
  expect(hardware.canReachPort("a", "b", 5405)).toBe(true);
  expect(state.cables).toBeUndefined();
  hardware.block("a", "b", 22, true);
  hardware.block("b", "a", 22, false);
  expect(state.cables).toBeUndefined();
});

it("is the same after a restart of the lab, whatever was done, and the same both ways", () => {
  const host = fc.constantFrom("a", "b", "c", "d");
  const step = fc.oneof(
    fc.tuple(host, host, fc.boolean()).map(([a, b, on]) => (it: SimulatedHardware) => {
      it.connect(a, b, on);
    }),
    fc.tuple(host, fc.boolean()).map(([a, on]) => (it: SimulatedHardware) => {
      it.plug(a, on);
    }),
    fc.array(fc.array(host)).map((groups) => (it: SimulatedHardware) => {
      it.partition(groups);
    }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      state.hosts = Object.fromEntries(["a", "b", "c", "d"].map((name) => [name, { power: true }]));
      delete state.cables;
      for (const act of steps) act(hardware);
      const saved = JSON.parse(JSON.stringify(state)) as typeof state;
      const again = new SimulatedHardware(saved);
      for (const a of Object.keys(state.hosts)) {
        for (const b of Object.keys(state.hosts)) {
          expect(again.canReach(a, b)).toBe(hardware.canReach(a, b));
          expect(hardware.canReach(b, a)).toBe(hardware.canReach(a, b));
        }
      }
    }),
  );
});
