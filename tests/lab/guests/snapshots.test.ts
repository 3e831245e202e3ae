import { addData, configOf, disksOf, GIB, newCt, newVm } from "../support/guests";
import { type Lab, newLab, type Params } from "../support/lab";
import { act, CT, current, guestOf, lastTask, VM } from "./support";

let lab: Lab;
beforeEach(async () => {
  lab = await newLab();
  await addData(lab);
});

const take = (snapname: string, params: Params = {}, path = VM) =>
  lab.task("pve01", "POST", `${path}/snapshot`, { snapname, ...params });
const drop = (snapname: string, path = VM) =>
  lab.task("pve01", "DELETE", `${path}/snapshot/${snapname}`);
const back = (snapname: string, params: Params = {}, path = VM) =>
  lab.task("pve01", "POST", `${path}/snapshot/${snapname}/rollback`, params);
const list = (path = VM) => lab.data<Record<string, unknown>[]>("pve01", "GET", `${path}/snapshot`);
const put = (params: Params, path = VM) => lab.data("pve01", "PUT", `${path}/config`, params);
const SCSI0 = "Data:100/vm-100-disk-0.qcow2";

describe("a snapshot of a VM", () => {
  beforeEach(async () => {
    await newVm(lab, { scsi0: "Data:8,format=qcow2", cores: 2, description: "now" });
  });

  it("is listed with its time and words, before what is now", async () => {
    expect(await take("before", { description: "x" })).toBe("OK");
    expect(lastTask(lab)).toMatchObject({
      type: "qmsnapshot",
      log: expect.arrayContaining([`snapshotting 'drive-scsi0' (${SCSI0})`]),
    });
    expect(await list()).toEqual([
      { name: "before", snaptime: lab.clock.now() / 1000, description: "x", vmstate: 0 },
      {
        name: "current",
        parent: "before",
        running: 0,
        description: "You are here!",
        digest: expect.any(String),
      },
    ]);
  });

  it("stands on the one before", async () => {
    await take("one");
    await take("two");
    expect((await list()).map(({ name, parent }) => [name, parent])).toEqual([
      ["one", undefined],
      ["two", "one"],
      ["current", "two"],
    ]);
  });

  it("keeps the configuration, which can be read", async () => {
    await take("before");
    await put({ cores: 4 });
    const path = `${VM}/snapshot/before/config`;
    const config = await lab.data<Record<string, unknown>>("pve01", "GET", path);
    expect(config).toMatchObject({ cores: 2, scsi0: `${SCSI0},size=8G` });
    expect(config).not.toHaveProperty("description");
    const read = (query: string) => lab.api("pve01", "GET", `${VM}/config?${query}`);
    expect((await read("snapshot=before")).data).toMatchObject({ cores: 2 });
    expect((await read("snapshot=none")).reason).toBe("snapshot 'none' does not exist");
    expect((await read("snapshot=before&current=1")).status).toBe(400);
  });

  it("can be described later", async () => {
    await take("before");
    const path = `${VM}/snapshot/before/config`;
    await lab.data("pve01", "PUT", path, { description: "y" });
    expect((await list())[0]).toMatchObject({ description: "y" });
  });

  it("brings configuration, disk size and disks back", async () => {
    await take("before");
    await put({ cores: 4, scsi1: "Data:1", description: "later" });
    await lab.task("pve01", "PUT", `${VM}/resize`, { disk: "scsi0", size: "16G" });
    expect(await back("before")).toBe("OK");
    const config = await configOf(lab, "qemu", 100);
    expect(config).toMatchObject({
      cores: 2,
      scsi0: `${SCSI0},size=8G`,
      unused0: "Data:100/vm-100-disk-1.raw",
      parent: "before",
      description: "later",
    });
    expect(config).not.toHaveProperty("scsi1");
    const volume = await lab.data("pve01", "GET", `/nodes/pve01/storage/Data/content/${SCSI0}`);
    expect(volume).toMatchObject({ size: 8 * GIB });
  });

  it("without memory stops the VM, and starts it again if asked to", async () => {
    await take("before");
    await act(lab, "start");
    await back("before");
    expect(await current(lab)).toMatchObject({ status: "stopped" });
    await back("before", { start: 1 });
    expect(await current(lab)).toMatchObject({ status: "running" });
  });

  it("with memory brings the running VM back", async () => {
    await act(lab, "start");
    await take("before", { vmstate: 1 });
    expect((await list())[0]).toMatchObject({ vmstate: 1 });
    expect(await disksOf(lab, 100)).toContain("Data:100/vm-100-state-before.raw");
    await act(lab, "stop");
    await back("before");
    expect(await current(lab)).toMatchObject({ status: "running" });
    await drop("before");
    expect(await disksOf(lab, 100)).toEqual([SCSI0]);
  });

  it("saves no memory of a VM that is off", async () => {
    await take("before", { vmstate: 1 });
    expect((await list())[0]).toMatchObject({ vmstate: 0 });
  });

  it("goes, and those after it stand on the one before", async () => {
    await take("one");
    await take("two");
    await take("three");
    expect(await drop("two")).toBe("OK");
    expect((await list()).map(({ name, parent }) => [name, parent])).toEqual([
      ["one", undefined],
      ["three", "one"],
      ["current", "three"],
    ]);
    await drop("three");
    await drop("one");
    expect(await list()).toHaveLength(1);
    expect(await configOf(lab, "qemu", 100)).not.toHaveProperty("parent");
  });

  it("keeps a disk that only it had, as unused", async () => {
    await put({ scsi1: "Data:1,format=qcow2" });
    await take("before");
    await put({ delete: "scsi1" });
    const { unused0 } = await configOf(lab, "qemu", 100);
    await expect(put({ delete: "unused0" })).rejects.toThrow(
      `unable to delete '${String(unused0)}' - volume is still in use (snapshot?)`,
    );
    await drop("before");
    await put({ delete: "unused0" });
    expect(await disksOf(lab, 100)).toEqual([SCSI0]);
  });

  it("goes with the VM", async () => {
    await act(lab, "start");
    await take("before", { vmstate: 1 });
    await act(lab, "stop");
    await lab.task("pve01", "DELETE", VM);
    expect(await disksOf(lab, 100)).toEqual([]);
  });
});

describe("a snapshot is refused", () => {
  const words = async (end: Promise<string>, expected: string) => expect(await end).toBe(expected);

  it("of raw disks on NFS, and of nothing that is on a thin pool", async () => {
    await newVm(lab, { scsi0: "Data:8" });
    await words(take("before"), "snapshot feature is not available");
    await newVm(lab, { vmid: 102, scsi0: "local-lvm:8" });
    await words(take("before", {}, "/nodes/pve01/qemu/102"), "OK");
  });

  it("of a container on NFS, but not on a thin pool", async () => {
    await newCt(lab);
    await words(take("before", {}, CT), "snapshot feature is not available");
    await newCt(lab, { vmid: 103, rootfs: "local-lvm:8" });
    await words(take("before", {}, "/nodes/pve01/lxc/103"), "OK");
    expect(lastTask(lab).type).toBe("vzsnapshot");
    const [entry] = await list("/nodes/pve01/lxc/103");
    expect(entry).not.toHaveProperty("vmstate");
    await words(back("before", {}, "/nodes/pve01/lxc/103"), "OK");
    await words(drop("before", "/nodes/pve01/lxc/103"), "OK");
  });

  it("with a name that is taken, reserved, too long or none", async () => {
    await newVm(lab, { scsi0: "Data:8,format=qcow2" });
    await take("before");
    await words(take("before"), "snapshot name 'before' already used");
    const ask = (snapname: string, path = VM) =>
      lab.api("pve01", "POST", `${path}/snapshot`, { snapname });
    expect((await ask("current")).reason).toBe(
      "unable to use snapshot name 'current' (reserved name)",
    );
    expect((await ask("Pending")).reason).toBe(
      "unable to use snapshot name 'pending' (reserved name)",
    );
    await newCt(lab);
    expect((await ask("vzdump", CT)).reason).toBe(
      "unable to use snapshot name 'vzdump' (reserved name)",
    );
    expect((await ask("a".repeat(41))).errors).toHaveProperty("snapname");
    expect((await ask("1st")).errors).toHaveProperty("snapname");
  });

  it("of a template, of a locked guest, and while the storage is away", async () => {
    await newVm(lab, { scsi0: "Data:8,format=qcow2" });
    await put({ lock: "backup" });
    await words(take("before"), "VM is locked (backup)");
    delete guestOf(lab, 100).config.lock;
    lab.site.hardware.switchPower("nas", false);
    await words(take("before"), "storage 'Data' is not online");
    lab.site.hardware.switchPower("nas", true);
    guestOf(lab, 100).config.template = "1";
    await words(take("before"), "you can't take a snapshot if it's a template");
  });

  it("to go or to come back when it is not there", async () => {
    await newVm(lab, { scsi0: "Data:8,format=qcow2" });
    await words(drop("before"), "snapshot 'before' does not exist");
    await words(back("before"), "snapshot 'before' does not exist");
  });
});
