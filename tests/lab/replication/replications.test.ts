import { addData, newCt, newVm, TEMPLATE } from "../support/guests";
import { type Lab, newLab } from "../support/lab";
import { guestOf, migrate, runsOn, untilDone } from "../migration/support";

let lab: Lab;
beforeEach(async () => {
  lab = await newLab();
  await lab.cluster();
  await addData(lab);
  const pool = { storage: "tank", type: "zfspool", pool: "rpool/data", content: "images,rootdir" };
  await lab.data("pve01", "POST", "/storage", pool);
  await newVm(lab, { scsi0: "tank:8" });
  await newCt(lab, { ostemplate: `Data:${TEMPLATE}`, rootfs: "tank:4" });
});

const MINUTES = 60_000;
const jobs = async () =>
  (
    await lab.data<{ id: string; source: string; target: string }[]>(
      "pve01",
      "GET",
      "/cluster/replication",
    )
  ).map(({ id, source, target }) => `${id} ${source} to ${target}`);
const replicate = (id: string, target = "pve02", params = {}) =>
  lab.data("pve01", "POST", "/cluster/replication", { id, type: "local", target, ...params });
const status = (node: string) =>
  lab.data<Record<string, unknown>[]>(node, "GET", `/nodes/${node}/replication`);
const copies = (node: string) =>
  lab.site.storages
    .volumes(node, "tank")
    .map(({ name }) => name)
    .sort();

describe("a replication job", () => {
  it("copies the guest's volumes within a minute, and again when it is due", async () => {
    await replicate("100-2");
    expect(copies("pve02")).toEqual([]);
    await lab.clock.advance(MINUTES);
    expect(copies("pve02")).toEqual(["vm-100-disk-0"]);
    const [job] = await status("pve01");
    expect(job).toMatchObject({ id: "100-2", fail_count: 0, vmtype: "qemu", target: "pve02" });
    const { last_sync: first, next_sync: next } = job as Record<string, number>;
    expect(next).toBe((Math.floor(Number(first) / 900) + 1) * 900);
    await lab.clock.advance(15 * MINUTES);
    expect((await status("pve01"))[0]).toMatchObject({ last_sync: next });
    expect(await status("pve02")).toEqual([]);
  });

  it("does nothing while it is disabled", async () => {
    await replicate("100-2", "pve02", { disable: 1 });
    await lab.clock.advance(5 * MINUTES);
    expect(copies("pve02")).toEqual([]);
  });

  it("says why it fails and tries again after five minutes, once its target is there", async () => {
    await replicate("100-2");
    lab.site.hardware.switchPower("pve02", false);
    await lab.clock.advance(MINUTES);
    expect(lab.site.quorum.setExpected("pve01", 1)).toBe(true);
    await lab.clock.advance(2 * MINUTES);
    const [failed] = await status("pve01");
    expect(failed).toMatchObject({ fail_count: 1, last_sync: 0, next_sync: 0 });
    expect(failed?.error).toMatch(/^command '\/usr\/bin\/ssh .*' failed: exit code 255$/);
    lab.site.hardware.switchPower("pve02", true);
    await lab.clock.advance(6 * MINUTES);
    expect(copies("pve02")).toEqual(["vm-100-disk-0"]);
    expect((await status("pve01"))[0]).toMatchObject({ fail_count: 0 });
  });

  it("takes its copies along when it is removed, unless they are to be kept", async () => {
    await replicate("100-2");
    await replicate("101-2");
    await lab.clock.advance(MINUTES);
    expect(copies("pve02")).toEqual(["subvol-101-disk-0", "vm-100-disk-0"]);
    await lab.data("pve01", "DELETE", "/cluster/replication/100-2");
    await lab.data("pve01", "DELETE", "/cluster/replication/101-2", { keep: 1 });
    await lab.clock.advance(MINUTES);
    expect(await jobs()).toEqual([]);
    expect(copies("pve02")).toEqual(["subvol-101-disk-0"]);
  });

  it("turns round once its guest was moved by its file, as the HA manager does", async () => {
    await replicate("100-2");
    await lab.clock.advance(MINUTES);
    guestOf(lab, 100).node = "pve02";
    await lab.clock.advance(MINUTES);
    expect(await jobs()).toEqual(["100-2 pve02 to pve01"]);
    expect((await status("pve02"))[0]).toMatchObject({ id: "100-2", fail_count: 0 });
    expect(await status("pve01")).toEqual([]);
  });
});

describe("a replicated guest", () => {
  it("moves to the target without its disks, and its job turns round", async () => {
    await replicate("100-2");
    await lab.task("pve01", "POST", "/nodes/pve01/qemu/100/status/start");
    await migrate(lab, { online: 1, "with-local-disks": 1 });
    await untilDone(lab);
    expect(runsOn(lab)).toEqual(["pve02"]);
    expect(await jobs()).toEqual(["100-2 pve02 to pve01"]);
    expect([copies("pve01"), copies("pve02")]).toEqual([
      ["subvol-101-disk-0", "vm-100-disk-0"],
      ["vm-100-disk-0"],
    ]);
  });

  it("moves as a container, too", async () => {
    await replicate("101-2");
    await migrate(lab, {}, "/nodes/pve01/lxc/101");
    await untilDone(lab);
    expect(guestOf(lab, 101).node).toBe("pve02");
    expect(await jobs()).toEqual(["101-2 pve02 to pve01"]);
    expect(copies("pve01")).toContain("subvol-101-disk-0");
  });

  it("does not move while its job is being removed", async () => {
    await replicate("100-2");
    await lab.data("pve01", "DELETE", "/cluster/replication/100-2");
    await migrate(lab);
    await untilDone(lab);
    expect(lab.site.nodeState("pve01").tasks.at(-1)?.exitstatus).toBe("migration aborted");
    expect(guestOf(lab, 100).node).toBe("pve01");
  });

  it.each([
    [100, "qemu", "timeout: no zvol device link for 'vm-100-disk-0' found after 300 sec."],
    [101, "lxc", "zfs error: cannot open 'rpool/data/subvol-101-disk-0': dataset does not exist"],
  ])("does not start where it has no copy: %s", async (vmid, type, words) => {
    guestOf(lab, vmid).node = "pve02";
    const path = `/nodes/pve02/${type}/${vmid}/status/start`;
    expect(await lab.task("pve02", "POST", path)).toBe(words);
  });

  it("is not destroyed without its jobs", async () => {
    await replicate("101-2");
    const path = "/nodes/pve01/lxc/101";
    expect(await lab.api("pve01", "DELETE", path)).toMatchObject({
      status: 500,
      reason: "There is a replication job '101-2' for guest '101' - Please remove that first.",
    });
    expect(await lab.task("pve01", "DELETE", path, { purge: 1 })).toBe("OK");
    expect(await jobs()).toEqual([]);
  });
});
