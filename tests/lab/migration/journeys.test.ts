import { newCt, newVm } from "../support/guests";
import type { Lab } from "../support/lab";
import { CT, guestOf, lastTask, migrate, runningVm, runsOn, site, untilDone, VM } from "./support";

let lab: Lab;
const volumes = (node: string, storage = "local-lvm") =>
  lab.site.storages.volumes(node, storage).map(({ name }) => name);

describe("a VM that does not run", () => {
  it("moves with its file when its disks are shared", async () => {
    lab = await site(100);
    await newVm(lab, { scsi0: "Data:8" });
    await migrate(lab, { online: 1 });
    await untilDone(lab);
    expect(lastTask(lab).end).toBe("OK");
    expect(guestOf(lab, 100)).toMatchObject({ node: "pve02" });
    expect(runsOn(lab)).toEqual([]);
  });

  it("takes its local disks along, unused ones and snapshots too", async () => {
    lab = await site();
    await newVm(lab, { scsi0: "local-lvm:1", scsi1: "local-lvm:2", ide2: "local-lvm:cloudinit" });
    await lab.data("pve01", "PUT", `${VM}/config`, { delete: "scsi1" });
    await migrate(lab);
    await untilDone(lab);
    expect(volumes("pve01")).toEqual([]);
    expect(volumes("pve02").sort()).toEqual(["vm-100-cloudinit", "vm-100-disk-0", "vm-100-disk-1"]);
    expect(lastTask(lab).log).toContain(
      "volume 'local-lvm:vm-100-disk-0' is 'local-lvm:vm-100-disk-0' on the target",
    );
  });

  it("gets its disks on the storage that is named, in the format that it takes", async () => {
    lab = await site();
    await newVm(lab, { scsi0: "local-lvm:1" });
    await lab.data("pve01", "PUT", "/storage/local", { content: "images,iso,vztmpl,backup" });
    await migrate(lab, { targetstorage: "local-lvm:local" });
    await untilDone(lab);
    expect(guestOf(lab, 100).config.scsi0).toBe("local:100/vm-100-disk-0.raw,size=1G");
    expect(volumes("pve01")).toEqual([]);
  });

  it("takes as long as its disks need on the link", async () => {
    lab = await site(1000);
    await newVm(lab, { scsi0: "local-lvm:1" });
    const start = lab.clock.now();
    await migrate(lab);
    await untilDone(lab);
    const seconds = (lab.clock.now() - start) / 1000;
    // 1 GiB at 116 MB/s, and two seconds around it.
    expect(seconds).toBeGreaterThanOrEqual(11);
    expect(seconds).toBeLessThanOrEqual(13);
  });

  it("goes no faster than it is allowed to", async () => {
    lab = await site(1000);
    await newVm(lab, { scsi0: "local-lvm:1" });
    const start = lab.clock.now();
    await migrate(lab, { bwlimit: 10 * 1024 });
    await untilDone(lab);
    expect((lab.clock.now() - start) / 1000).toBeGreaterThanOrEqual(102);
  });
});

describe("a running VM", () => {
  it("takes its local disks along and stays up", async () => {
    lab = await site();
    await runningVm(lab, { scsi0: "local-lvm:8" });
    await migrate(lab, { online: 1, "with-local-disks": 1 });
    await untilDone(lab);
    expect(lastTask(lab).log).toContain("starting storage migration");
    expect(runsOn(lab)).toEqual(["pve02"]);
    expect(volumes("pve01")).toEqual([]);
    expect(volumes("pve02")).toEqual(["vm-100-disk-0"]);
  });

  it("is locked meanwhile, so that nothing else touches it", async () => {
    lab = await site(100);
    await runningVm(lab);
    await migrate(lab, { online: 1 });
    await lab.clock.advance(10_000);
    expect((await migrate(lab, { online: 1 })).reason).toBe("VM is locked (migrate)");
    await lab.api("pve01", "POST", `${VM}/status/stop`);
    await lab.clock.advance(0);
    expect(lastTask(lab)).toMatchObject({ type: "qmstop", end: "VM is locked (migrate)" });
    expect(runsOn(lab)).toEqual(["pve01"]);
  });

  it("goes on where it is when the target goes away on the way", async () => {
    lab = await site(100);
    await runningVm(lab);
    await migrate(lab, { online: 1 });
    await lab.clock.advance(10_000);
    lab.site.hardware.plug("pve02", false);
    await untilDone(lab);
    const { end, log } = lastTask(lab);
    expect(end).toBe("migration problems");
    expect(log).toContain(
      "migration status error: failed - Unable to write to socket: Broken pipe",
    );
    expect(log).toContain("ERROR: online migrate failure - aborting");
    expect(log).toContain("migrate_cancel");
    expect(runsOn(lab)).toEqual(["pve01"]);
    expect(lab.site.network.isAnswering(guestOf(lab, 100))).toBe(true);
    expect(guestOf(lab, 100).config.lock).toBeUndefined();
  });

  it("runs nowhere when its own node dies on the way, and keeps the lock", async () => {
    lab = await site(100);
    await runningVm(lab);
    await migrate(lab, { online: 1 });
    await lab.clock.advance(10_000);
    lab.site.hardware.switchPower("pve01", false);
    lab.site.nodeState("pve01").running = {};
    await untilDone(lab, () => expect(runsOn(lab)).toEqual([]));
    expect(lastTask(lab).end).toBe("unexpected status");
    expect(guestOf(lab, 100)).toMatchObject({ node: "pve01", config: { lock: "migrate" } });
  });

  it("is given more and more downtime when it changes its memory too fast", async () => {
    lab = await site(1000);
    const memory = { memoryUsed: 0.5, dirtyRate: 1024 ** 3 };
    await runningVm(lab, { memory: 256, migrate_downtime: 0.2 }, memory);
    await migrate(lab, { online: 1 });
    await untilDone(lab);
    const { log } = lastTask(lab);
    expect(log).toContain("migration downtime limit: 200 ms");
    expect(log.filter((line) => line.startsWith("auto-increased downtime"))).toEqual([
      "auto-increased downtime to continue migration: 400 ms",
      "auto-increased downtime to continue migration: 800 ms",
      "auto-increased downtime to continue migration: 1600 ms",
    ]);
    expect(log.join("\n")).toMatch(/ - downtime 11\d\d ms/);
  });

  it("stays paused if it was", async () => {
    lab = await site();
    await runningVm(lab);
    await lab.task("pve01", "POST", `${VM}/status/suspend`);
    await migrate(lab, { online: 1 });
    await untilDone(lab);
    const path = "/nodes/pve02/qemu/100/status/current";
    expect(await lab.data("pve02", "GET", path)).toMatchObject({ qmpstatus: "paused" });
  });
});

describe("a container", () => {
  it("is stopped, moved and started", async () => {
    lab = await site(100);
    await newCt(lab, { start: 1 });
    guestOf(lab, 101).traits = { shutdown: 5 };
    await migrate(lab, { restart: 1 }, CT);
    const answered: boolean[] = [];
    await untilDone(lab, () => answered.push(lab.site.network.isAnswering(guestOf(lab, 101))));
    expect(answered[0]).toBe(true);
    expect(answered).toContain(false);
    expect(answered.at(-1)).toBe(true);
    expect(runsOn(lab, 101)).toEqual(["pve02"]);
    const { type, log } = lastTask(lab);
    expect(type).toBe("vzmigrate");
    expect(log).toEqual([
      "shutdown CT 101",
      "starting migration of CT 101 to node 'pve02' (192.168.18.100)",
      "volume 'Data:101/vm-101-disk-0.raw' is on shared storage 'Data'",
      "start final cleanup",
      "start container on target node",
      "# /usr/bin/ssh root@192.168.18.100 pct start 101",
      expect.stringMatching(/^migration finished successfully/),
      "TASK OK",
    ]);
  });

  it("does not move while it runs", async () => {
    lab = await site();
    await newCt(lab, { start: 1 });
    await migrate(lab, { online: 1 }, CT);
    expect(lastTask(lab).log.at(-2)).toMatch(/: lxc live migration is currently not implemented$/);
    expect(runsOn(lab, 101)).toEqual(["pve01"]);
  });

  it("that does not stop in time stays", async () => {
    lab = await site();
    await newCt(lab, { start: 1 });
    guestOf(lab, 101).traits = { obeys: false };
    await migrate(lab, { restart: 1, timeout: 20 }, CT);
    await untilDone(lab);
    expect(lastTask(lab).log.at(-2)).toMatch(/: container did not stop$/);
    expect(runsOn(lab, 101)).toEqual(["pve01"]);
  });

  it("takes local volumes along, to another storage if asked to", async () => {
    lab = await site();
    await newCt(lab, { rootfs: "local-lvm:1" });
    await migrate(lab, { "target-storage": "1" }, CT);
    await untilDone(lab);
    expect(volumes("pve01")).toEqual([]);
    expect(volumes("pve02")).toEqual(["vm-101-disk-0"]);
    expect(lastTask(lab).log).toContain(
      "found local volume 'local-lvm:vm-101-disk-0' (in current VM config)",
    );
  });

  it("with a snapshot of a local volume is refused, and started again", async () => {
    lab = await site();
    await newCt(lab, { rootfs: "local-lvm:1", start: 1 });
    await lab.task("pve01", "POST", `${CT}/snapshot`, { snapname: "before" });
    await migrate(lab, { restart: 1 }, CT);
    await untilDone(lab);
    const { end, log } = lastTask(lab);
    expect(end).toBe("migration aborted");
    expect(log).toContain("ERROR: can't migrate CT - check log");
    expect(log).toContain("start container on source node");
    expect(runsOn(lab, 101)).toEqual(["pve01"]);
    expect(guestOf(lab, 101).config.lock).toBeUndefined();
  });
});

describe("a guest that HA manages", () => {
  it("is moved by a task that only asks for it", async () => {
    lab = await site();
    await runningVm(lab);
    lab.site.start();
    await lab.data("pve01", "POST", "/cluster/ha/resources", { sid: "vm:100" });
    await lab.clock.advance(60_000);
    const { data } = await migrate(lab, { online: 1 });
    expect(data).toMatch(/:hamigrate:100:/);
    const task = lab.site.tasks.find("pve01", String(data));
    expect(task?.log[0]).toBe("Requesting HA migration for VM 100 to node pve02");
    expect(task?.exitstatus).toBe("OK");
    await lab.clock.advance(300_000);
    lab.site.stop();
    expect(runsOn(lab)).toEqual(["pve02"]);
  });

  it.each(["migrate", "relocate"])("takes its local disks along on %s", async (motion) => {
    lab = await site();
    await newVm(lab, { scsi0: "local-lvm:1" });
    lab.site.start();
    await lab.data("pve01", "POST", "/cluster/ha/resources", { sid: "vm:100" });
    await lab.clock.advance(60_000);
    await lab.data("pve01", "POST", `/cluster/ha/resources/vm:100/${motion}`, { node: "pve02" });
    await lab.clock.advance(300_000);
    lab.site.stop();
    expect(runsOn(lab)).toEqual(["pve02"]);
    expect(volumes("pve01")).toEqual([]);
    expect(volumes("pve02")).toEqual(["vm-100-disk-0"]);
  });

  it("is relocated with a local device, which is taken to be on both nodes", async () => {
    lab = await site();
    await newVm(lab, { scsi0: "Data:1" });
    guestOf(lab, 100).config.hostpci0 = "0000:01:00.0";
    lab.site.start();
    await lab.data("pve01", "POST", "/cluster/ha/resources", { sid: "vm:100" });
    await lab.clock.advance(60_000);
    await lab.data("pve01", "POST", "/cluster/ha/resources/vm:100/relocate", { node: "pve02" });
    await lab.clock.advance(300_000);
    lab.site.stop();
    expect(runsOn(lab)).toEqual(["pve02"]);
  });
});
