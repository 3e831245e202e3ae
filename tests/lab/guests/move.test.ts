import { addData, configOf, disksOf, newCt, newVm } from "../support/guests";
import { type Lab, newLab, type Params } from "../support/lab";
import { act, CT, lastTask, VM } from "./support";

let lab: Lab;
beforeEach(async () => {
  lab = await newLab();
  await addData(lab);
  await newVm(lab, {
    scsi0: "Data:8,format=qcow2,cache=none",
    ide2: "none,media=cdrom",
    boot: "order=scsi0",
  });
  await newCt(lab, { mp0: "Data:1,mp=/data" });
});

const move = (params: Params) => lab.task("pve01", "POST", `${VM}/move_disk`, params);
const ask = (params: Params) => lab.api("pve01", "POST", `${VM}/move_disk`, params);
const OLD = "Data:100/vm-100-disk-0.qcow2";

describe("moving a disk to another storage", () => {
  it("keeps the original as unused, unless it is to go", async () => {
    expect(await move({ disk: "scsi0", storage: "local-lvm" })).toBe("OK");
    expect(lastTask(lab)).toMatchObject({ type: "qmmove", id: "100" });
    expect(await configOf(lab, "qemu", 100)).toMatchObject({
      scsi0: "local-lvm:vm-100-disk-0,cache=none,size=8G",
      unused0: OLD,
    });
    await lab.data("pve01", "PUT", `${VM}/config`, { delete: "unused0" });
    await move({ disk: "scsi0", storage: "Data", format: "qcow2", delete: 1 });
    expect(await configOf(lab, "qemu", 100)).toMatchObject({ scsi0: `${OLD},cache=none,size=8G` });
    expect(await disksOf(lab, 100)).toEqual([OLD]);
  });

  it("may change the format on the same one", async () => {
    expect(await move({ disk: "scsi0", storage: "Data", format: "raw", delete: 1 })).toBe("OK");
    expect(await configOf(lab, "qemu", 100)).toMatchObject({
      scsi0: expect.stringContaining(".raw,"),
    });
  });

  it("goes on while the VM runs", async () => {
    await act(lab, "start");
    expect(await move({ disk: "scsi0", storage: "local-lvm" })).toBe("OK");
  });

  it.each<[Params, string]>([
    [{ disk: "scsi0", storage: "Data" }, "you can't move to the same storage with same format"],
    [{ disk: "scsi3", storage: "Data" }, "disk 'scsi3' does not exist"],
    [{ disk: "ide2", storage: "Data" }, "you can't move a cdrom"],
    [{ disk: "scsi0", storage: "Nowhere" }, "storage 'Nowhere' does not exist"],
  ])("is refused as %j", async (params, words) => {
    expect(await ask(params)).toMatchObject({ status: 500, reason: words });
  });

  it("is refused to a storage without images, and with or without a target", async () => {
    expect((await ask({ disk: "scsi0", storage: "local" })).errors).toEqual({
      storage: "storage 'local' does not support vm images",
    });
    const both = { disk: "scsi0", storage: "Data", "target-vmid": 102 };
    for (const params of [{ disk: "scsi0" }, both]) {
      expect(Object.keys((await ask(params)).errors ?? {}).sort()).toEqual([
        "storage",
        "target-vmid",
      ]);
    }
  });

  it("leaves snapshots behind, and so does not free what they need", async () => {
    await lab.task("pve01", "POST", `${VM}/snapshot`, { snapname: "before" });
    expect((await ask({ disk: "scsi0", storage: "local-lvm", delete: 1 })).reason).toBe(
      "you can't move a disk with snapshots and delete the source",
    );
    expect(await move({ disk: "scsi0", storage: "local-lvm" })).toBe("OK");
    expect(lastTask(lab).log).toContain("moving disk with snapshots, snapshots will not be moved!");
  });
});

describe("moving a disk to another VM", () => {
  beforeEach(async () => {
    await newVm(lab, { vmid: 102, scsi0: "Data:1" });
  });
  const to = (params: Params = {}) => ({ disk: "scsi0", "target-vmid": 102, ...params });

  it("renames it, and takes it out of the boot order", async () => {
    expect(await move(to({ "target-disk": "scsi1" }))).toBe("OK");
    expect(lastTask(lab).id).toBe("100-scsi0>102-scsi1");
    expect(await configOf(lab, "qemu", 102)).toMatchObject({
      scsi1: "Data:102/vm-102-disk-0.qcow2,cache=none,size=8G",
    });
    const left = await configOf(lab, "qemu", 100);
    expect(left).not.toHaveProperty("scsi0");
    expect(left.boot).toBe("order=");
  });

  it("is refused onto a disk that is there, from a running VM, and to itself", async () => {
    expect((await ask(to())).reason).toBe("Target disk key 'scsi0' is already in use for VM '102'");
    await act(lab, "start");
    expect((await ask(to({ "target-disk": "scsi1" }))).reason).toBe(
      "Cannot move disk to another VM while the source VM is running - detach first",
    );
    expect((await ask(to({ "target-vmid": 100 }))).errors).toEqual({
      "target-vmid": "must be different than source VMID to reassign disk",
    });
    expect((await ask(to({ "target-vmid": 109 }))).reason).toBe("could not find target VM 109");
  });
});

describe("moving a container's volume", () => {
  const volume = (params: Params) => lab.api("pve01", "POST", `${CT}/move_volume`, params);

  it("keeps the original as unused, unless it is to go", async () => {
    expect((await volume({ volume: "mp0", storage: "local-lvm" })).data).toMatch(
      /:move_volume:101:/,
    );
    expect(await configOf(lab, "lxc", 101)).toMatchObject({
      mp0: "local-lvm:vm-101-disk-0,mp=/data,size=1G",
      unused0: "Data:101/vm-101-disk-1.raw",
    });
    await volume({ volume: "rootfs", storage: "local-lvm", delete: 1 });
    expect(await disksOf(lab, 101)).not.toContain("Data:101/vm-101-disk-0.raw");
  });

  it("is refused while it runs, of an unused one, and to another container", async () => {
    expect((await volume({ volume: "unused0", storage: "Data" })).reason).toBe(
      "cannot move volume 'unused0', only configured volumes can be moved to another storage",
    );
    expect((await volume({ volume: "mp0", "target-vmid": 103 })).status).toBe(501);
    await act(lab, "start", {}, CT);
    expect((await volume({ volume: "mp0", storage: "local-lvm" })).reason).toBe(
      "cannot move volumes of a running container",
    );
  });
});
