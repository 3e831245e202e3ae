import { addData, newVm } from "../support/guests";
import { type Lab, newLab } from "../support/lab";

let lab: Lab;
beforeEach(async () => {
  lab = await newLab();
  await addData(lab);
});

type Point = Record<string, number>;
const get = (path: string, timeframe: string) =>
  lab.data<Point[]>("pve01", "GET", `/nodes/pve01/${path}`, { timeframe });

describe("graphs", () => {
  it.each([
    ["hour", 60, 60],
    ["day", 60, 1440],
    ["week", 1800, 336],
    ["month", 1800, 1440],
    ["year", 21_600, 1440],
    ["decade", 604_800, 570],
  ])("of a %s have their points on whole steps of %d s", async (timeframe, step, count) => {
    const points = await get("rrddata", timeframe);
    expect(points).toHaveLength(count);
    const times = points.map(({ time }) => time ?? 0);
    expect(times.every((time) => time % step === 0)).toBe(true);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBe(step);
    expect(times.at(-1)).toBeLessThanOrEqual(lab.clock.now() / 1000);
  });

  it("of a node begin with its boot", async () => {
    await lab.clock.advance(600_000);
    const points = await get("rrddata", "hour");
    expect(points.filter((point) => "cpu" in point)).toHaveLength(10);
    expect(points[0]).toEqual({ time: points[0]?.time });
    expect(points.at(-1)).toMatchObject({ maxcpu: 4, memtotal: 3.75 * 1024 ** 3 });
  });

  it("of a guest show it while it runs, from any node", async () => {
    await newVm(lab, { memory: 1024 });
    const used = async () => (await get("qemu/100/rrddata", "hour")).filter((p) => "mem" in p);
    expect(await used()).toEqual([]);
    await lab.task("pve01", "POST", "/nodes/pve01/qemu/100/status/start");
    await lab.clock.advance(300_000);
    expect((await used()).length).toBeGreaterThan(2);
    expect((await used()).at(-1)).toMatchObject({ maxmem: 1024 ** 3, maxcpu: 1 });
  });

  it("of a storage show its room", async () => {
    await lab.clock.advance(120_000);
    const points = await get("storage/Data/rrddata", "hour");
    expect(Object.keys(points.at(-1) ?? {}).sort()).toEqual(["time", "total", "used"]);
  });

  it("of what is not there are an error", async () => {
    expect(
      (await lab.api("pve01", "GET", "/nodes/pve01/qemu/999/rrddata", { timeframe: "hour" }))
        .reason,
    ).toBe("RRD error: opening '/var/lib/rrdcached/db/pve-vm-9.0/999': No such file or directory");
  });
});
