import type { Lab, Params } from "../support/lab";
import { addCt, addVm, archives, type Row, siteWithBackups } from "./support/site";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let lab: Lab;
beforeEach(async () => {
  // It is one o'clock in the morning of the first of January, a Thursday.
  lab = await siteWithBackups(true);
  await addVm(lab, { start: 0 });
  await lab.task("pve02", "POST", "/nodes/pve02/qemu", { vmid: 200, scsi0: "Data:1" });
});

const create = (params: Params = {}) =>
  lab.data("pve01", "POST", "/cluster/backup", {
    id: "daily",
    schedule: "02:00",
    storage: "Backup",
    all: 1,
    ...params,
  });
const made = async () => (await archives(lab)).map(({ vmid }) => vmid).sort();
const tasks = (node: string) =>
  lab.site.nodeState(node).tasks.filter(({ type }) => type === "vzdump");

describe("a backup job", () => {
  it("runs at its time on every node, for the node's own guests", async () => {
    await create();
    await lab.clock.advance(59 * MINUTE);
    expect(await made()).toEqual([]);
    await lab.clock.advance(2 * MINUTE);
    expect(await made()).toEqual([100, 200]);
    expect(tasks("pve01")).toHaveLength(1);
    expect(tasks("pve02")[0]?.log).toContain("INFO: skip external VMs: 100");
    expect(tasks("pve02")[0]).toMatchObject({ user: "root@pam", exitstatus: "OK" });
  });

  it("runs again the next time, and not in between", async () => {
    await create({ schedule: "*/30" });
    await lab.clock.advance(2 * HOUR);
    expect(tasks("pve01")).toHaveLength(4);
  });

  it("runs only where it is meant to", async () => {
    await create({ node: "pve02" });
    await lab.clock.advance(2 * HOUR);
    expect(await made()).toEqual([200]);
  });

  it("rests while it is disabled, and what it missed then is over", async () => {
    await create({ enabled: 0, "repeat-missed": 1 });
    await lab.clock.advance(2 * HOUR);
    await lab.data("pve01", "PUT", "/cluster/backup/daily", { enabled: 1 });
    await lab.clock.advance(HOUR);
    expect(await made()).toEqual([]);
  });

  it("follows a change of its time from then on", async () => {
    await create();
    await lab.data("pve01", "PUT", "/cluster/backup/daily", { schedule: "01:30" });
    await lab.clock.advance(40 * MINUTE);
    expect(await made()).toEqual([100, 200]);
    await lab.clock.advance(60 * MINUTE);
    expect(await made()).toHaveLength(2);
  });

  it("does not run without quorum", async () => {
    await create();
    lab.site.hardware.plug("pve02", false);
    await lab.clock.advance(2 * HOUR);
    expect(await made()).toEqual([]);
  });

  it.each([
    [0, []],
    [1, [200]],
  ])(
    "with repeat-missed %i makes up for %j after a night without power",
    async (repeat, expected) => {
      await create({ "repeat-missed": repeat, node: "pve02" });
      await lab.clock.advance(2 * MINUTE);
      lab.site.hardware.switchPower("pve02", false);
      await lab.clock.advance(2 * HOUR);
      lab.site.host("pve02").bootedAt = lab.clock.now();
      lab.site.hardware.switchPower("pve02", true);
      await lab.clock.advance(10 * MINUTE);
      expect(await made()).toEqual(expected);
    },
  );

  it("prunes with its own retention", async () => {
    await create({ schedule: "*/10", node: "pve02", "prune-backups": "keep-last=2" });
    await lab.clock.advance(HOUR);
    expect(await made()).toEqual([200, 200]);
  });

  it("tells its next run", async () => {
    await create();
    const [job] = await lab.data<Row[]>("pve01", "GET", "/cluster/backup");
    expect(job?.["next-run"]).toBe(Date.UTC(2026, 0, 1, 2) / 1000);
  });

  it("may have its time in the old way", async () => {
    await lab.data("pve01", "POST", "/cluster/backup", {
      id: "old",
      starttime: "3:15",
      dow: "sat,sun",
      all: 1,
    });
    expect(await lab.data("pve01", "GET", "/cluster/backup/old")).toMatchObject({
      schedule: "sat,sun 3:15",
    });
    const both = { id: "both", starttime: "3:15", schedule: "daily", all: 1 };
    expect((await lab.api("pve01", "POST", "/cluster/backup", both)).errors).toEqual({
      starttime: "'starttime' and 'schedule' cannot both be set",
    });
  });

  it("has a schedule that means something", async () => {
    const answer = await lab.api("pve01", "POST", "/cluster/backup", {
      id: "x1",
      schedule: "soon",
      all: 1,
    });
    expect(Object.keys(answer.errors ?? {})).toEqual(["schedule"]);
  });
});

describe("what jobs cover", () => {
  beforeEach(async () => {
    await addCt(lab, { start: 0 });
    await lab.data("pve01", "PUT", "/nodes/pve01/qemu/100/config", {
      scsi1: "Data:1,backup=0",
      ide2: "none,media=cdrom",
    });
    await lab.data("pve01", "PUT", "/nodes/pve01/lxc/101/config", {
      mp0: "Data:1,mp=/a,backup=1",
      mp1: "Data:1,mp=/b",
    });
  });

  it("is told volume by volume", async () => {
    await create({ all: 0, vmid: "100,101,999" });
    const tree = await lab.data<{ children: Row[] }>(
      "pve01",
      "GET",
      "/cluster/backup/daily/included_volumes",
    );
    const [vm, ct, gone] = tree.children;
    expect(vm).toMatchObject({ id: 100, type: "qemu", name: "web", leaf: 0 });
    expect(vm?.children).toEqual([
      {
        id: "100:scsi0",
        name: "Data:100/vm-100-disk-0.qcow2",
        included: 1,
        reason: "backup=yes",
        leaf: 1,
      },
      {
        id: "100:scsi1",
        name: "Data:100/vm-100-disk-1.raw",
        included: 0,
        reason: "backup=no",
        leaf: 1,
      },
    ]);
    expect(
      (ct?.children as Row[]).map(({ id, included, reason }) => [id, included, reason]),
    ).toEqual([
      ["101:rootfs", 1, "rootfs"],
      ["101:mp0", 1, "enabled"],
      ["101:mp1", 0, "disabled"],
    ]);
    expect(gone).toEqual({ id: 999, type: "unknown", leaf: 1 });
    expect((await lab.api("pve01", "GET", "/cluster/backup/none/included_volumes")).errors).toEqual(
      {
        id: "No such job 'none'",
      },
    );
  });

  it("leaves the rest without a backup", async () => {
    const missing = () => lab.data<Row[]>("pve01", "GET", "/cluster/backup-info/not-backed-up");
    expect((await missing()).map(({ vmid }) => vmid)).toEqual([100, 101, 200]);
    await create({ all: 0, vmid: "100" });
    expect(await missing()).toEqual([
      { vmid: 101, type: "lxc", name: "dns" },
      { vmid: 200, type: "qemu" },
    ]);
    await create({ id: "rest", exclude: "100" });
    expect(await missing()).toEqual([]);
  });
});

describe("a schedule", () => {
  it("can be looked at before it is used", async () => {
    const query = new URLSearchParams({
      schedule: "mon..fri 22:00",
      iterations: "3",
      starttime: String(Date.UTC(2026, 0, 1) / 1000),
    });
    const runs = await lab.data<Row[]>(
      "pve01",
      "GET",
      `/cluster/jobs/schedule-analyze?${query.toString()}`,
    );
    expect(runs.map(({ utc }) => utc)).toEqual([
      "Thu Jan  1 22:00:00 2026",
      "Fri Jan  2 22:00:00 2026",
      "Mon Jan  5 22:00:00 2026",
    ]);
  });
});
