import { SimulatedHardware } from "../../../lab/seams/hardware";

let power: Record<string, { power: boolean }>;
let hardware: SimulatedHardware;
let changes: string[];
beforeEach(() => {
  power = { a: { power: true }, b: { power: true }, c: { power: false } };
  hardware = new SimulatedHardware(power);
  changes = [];
  hardware.onChange((host) => changes.push(host));
});

describe("hosts", () => {
  it("are on as the record says, which the switch changes", () => {
    expect(["a", "c", "z"].map((host) => hardware.isOn(host))).toEqual([true, false, false]);
    hardware.switchPower("a", false);
    hardware.switchPower("c", true);
    expect(power).toMatchObject({ a: { power: false }, c: { power: true } });
    expect(changes).toEqual(["a", "c"]);
  });

  it("reach each other when both are on and plugged in", () => {
    expect(hardware.canReach("a", "b")).toBe(true);
    expect(hardware.canReach("a", "c")).toBe(false);
    expect(hardware.canReach("c", "a")).toBe(false);
    hardware.plug("b", false);
    expect(hardware.canReach("a", "b")).toBe(false);
    expect(hardware.canReach("b", "a")).toBe(false);
    hardware.plug("b", true);
    expect(hardware.canReach("a", "b")).toBe(true);
  });

  it("reach themselves without a cable, but not without power", () => {
    hardware.plug("a", false);
    expect(hardware.canReach("a", "a")).toBe(true);
    hardware.switchPower("a", false);
    expect(hardware.canReach("a", "a")).toBe(false);
  });

  it("tell of a change once", () => {
    hardware.switchPower("a", true);
    hardware.plug("a", true);
    hardware.switchPower("z", true);
    expect(changes).toEqual([]);
    hardware.plug("a", false);
    hardware.plug("a", false);
    expect(changes).toEqual(["a"]);
  });
});
