import { addData, configOf, disksOf, newVm, userWith } from "../support/guests";
import { type Lab, newLab, type Params } from "../support/lab";

let lab: Lab;
beforeEach(async () => {
  lab = await newLab();
  await addData(lab);
  await newVm(lab, {
    name: "a",
    cores: 2,
    memory: 1024,
    scsi0: "Data:8,format=qcow2",
    net0: "virtio=BC:24:11:00:00:01,bridge=vmbr0",
    boot: "order=scsi0;net0",
  });
});

const PATH = "/nodes/pve01/qemu/100/config";
const config = () => configOf(lab, "qemu", 100);
const put = (params: Params, auth = lab.ticket("pve01")) =>
  lab.api("pve01", "PUT", PATH, params, auth);

describe("a change of a VM", () => {
  it("answers null and keeps what it does not name", async () => {
    expect(await put({ cores: 4 })).toMatchObject({ status: 200, data: null });
    expect(await config()).toMatchObject({ name: "a", cores: 4, memory: "1024" });
  });

  it("may be made by a task", async () => {
    expect(await lab.task("pve01", "POST", PATH, { cores: 4 })).toBe("OK");
    expect(await config()).toMatchObject({ cores: 4 });
  });

  it("by a task is waited for if that is wanted", async () => {
    const post = (params: Params) =>
      lab.api("pve01", "POST", PATH, { background_delay: 5, ...params });
    expect(await post({ cores: 4 })).toMatchObject({ status: 200, data: null });
    lab.site.hardware.switchPower("nas", false);
    expect((await post({ scsi1: "Data:1" })).reason).toBe(
      "failed to update VM 100: storage 'Data' is not online",
    );
  });

  it("keeps a description's lines, but no white space at its end", async () => {
    await put({ description: "two\n  lines \n\n" });
    expect(await config()).toMatchObject({ description: "two\n  lines" });
    await put({ delete: "description" });
    await put({ description: " \n" });
    expect(await config()).not.toHaveProperty("description");
  });

  it("is read back at once, pending or not", async () => {
    await lab.data("pve01", "POST", "/nodes/pve01/qemu/100/status/start");
    await put({ cores: 4 });
    expect(await config()).toMatchObject({ cores: 4 });
  });

  it("changes the digest, and only then", async () => {
    const { digest } = await config();
    expect((await config()).digest).toBe(digest);
    await put({ cores: 4 });
    expect((await config()).digest).not.toBe(digest);
  });

  it("is refused when the VM has changed since it was read", async () => {
    const { digest } = await config();
    expect((await put({ cores: 4, digest: String(digest) })).status).toBe(200);
    expect((await put({ cores: 8, digest: String(digest) })).reason).toBe(
      "checksum mismatch (file change by other user?)",
    );
  });

  it("deletes what is listed, and does not mind what is not there", async () => {
    expect((await put({ delete: "cores,memory,description" })).status).toBe(200);
    expect(Object.keys(await config())).not.toEqual(expect.arrayContaining(["cores"]));
    expect(Object.keys(await config())).not.toEqual(expect.arrayContaining(["memory"]));
  });

  it.each([
    [{ delete: "colour" }, "unknown option 'colour'"],
    [{ delete: "cores", cores: 1 }, "you can't use '-cores' and -delete cores' at the same time"],
  ])("is refused as %j", async (params, words) => {
    expect(await put(params)).toMatchObject({ status: 400, errors: { delete: words } });
  });

  it("asks for something", async () => {
    expect((await put({})).reason).toBe("no options specified");
  });

  it("gives the guest no more memory to release than it has", async () => {
    expect((await put({ balloon: 2048 })).reason).toBe(
      "balloon value too large (must be smaller than assigned memory)",
    );
    expect((await put({ balloon: 2048, memory: 4096 })).status).toBe(200);
  });

  it("gives a card without an address a new one", async () => {
    await put({ net0: "virtio,bridge=vmbr0" });
    expect((await config()).net0).toMatch(/^virtio=BC:24:11(:[0-9A-F]{2}){3},bridge=vmbr0$/);
    await put({ net0: "virtio=BC:24:11:00:00:01,bridge=vmbr0,link_down=1" });
    expect((await config()).net0).toBe("virtio=BC:24:11:00:00:01,bridge=vmbr0,link_down=1");
  });

  it("is refused while something works on the VM", async () => {
    await put({ lock: "backup" });
    const { status, reason } = await put({ cores: 4 });
    expect([status, reason]).toEqual([500, "VM is locked (backup)"]);
    expect((await lab.api("pve01", "POST", PATH, { cores: 4 })).reason).toBe(
      "VM is locked (backup)",
    );
  });

  it("needs the VM on that node", async () => {
    const { status, reason } = await lab.api("pve01", "PUT", "/nodes/pve01/qemu/101/config", {
      cores: 1,
    });
    expect([status, reason]).toEqual([
      500,
      "Configuration file 'nodes/pve01/qemu-server/101.conf' does not exist",
    ]);
  });

  it("needs the privilege of each key", async () => {
    const auth = await userWith(lab, ["VM.Config.CPU"]);
    expect((await put({ cores: 4 }, auth)).status).toBe(200);
    expect((await put({ cores: 4, memory: 512 }, auth)).reason).toBe(
      "Permission check failed (/vms/100, VM.Config.Memory)",
    );
    expect((await put({ delete: "scsi0" }, auth)).reason).toBe(
      "Permission check failed (/vms/100, VM.Config.Disk)",
    );
  });
});

describe("a disk", () => {
  const SCSI0 = "Data:100/vm-100-disk-0.qcow2";

  it("keeps its size when a change does not name it", async () => {
    await put({ scsi0: `${SCSI0},cache=none` });
    expect(await config()).toMatchObject({ scsi0: `${SCSI0},cache=none,size=8G` });
  });

  it("has its true size whatever a change says", async () => {
    await put({ scsi0: `file=${SCSI0},size=1G` });
    expect(await config()).toMatchObject({ scsi0: `${SCSI0},size=8G` });
  });

  it("that is deleted is kept as unused, and leaves the boot order", async () => {
    await put({ delete: "scsi0" });
    const after = await config();
    expect(after).toMatchObject({ unused0: SCSI0, boot: "order=net0" });
    expect(after.scsi0).toBeUndefined();
    expect(await disksOf(lab, 100)).toEqual([SCSI0]);
  });

  it("that is unused and deleted is gone", async () => {
    await put({ delete: "scsi0" });
    await put({ delete: "unused0" });
    expect((await config()).unused0).toBeUndefined();
    expect(await disksOf(lab, 100)).toEqual([]);
  });

  it("that is replaced is kept as unused", async () => {
    await put({ scsi0: "Data:4" });
    expect(await config()).toMatchObject({
      scsi0: "Data:100/vm-100-disk-1.raw,size=4G",
      unused0: SCSI0,
    });
  });

  it("comes back from being unused", async () => {
    await put({ delete: "scsi0" });
    await put({ scsi1: SCSI0 });
    expect(await config()).toMatchObject({ scsi1: `${SCSI0},size=8G` });
  });

  it("for cloud-init that is deleted is gone", async () => {
    await put({ ide2: "Data:cloudinit" });
    await put({ delete: "ide2" });
    expect(await disksOf(lab, 100)).toEqual([SCSI0]);
    expect((await config()).unused0).toBeUndefined();
  });

  it("that is a CD goes without a trace", async () => {
    await put({ ide2: "Data:iso/setup.iso,media=cdrom" });
    await put({ delete: "ide2" });
    expect((await config()).unused0).toBeUndefined();
  });

  it("of a protected VM stays", async () => {
    await put({ protection: 1 });
    expect((await put({ delete: "scsi0" })).reason).toBe(
      "can't remove drive 'scsi0' - protection mode enabled",
    );
    expect((await put({ cores: 4 })).status).toBe(200);
  });

  it.each([
    ["16G", "16G"],
    ["+8G", "16G"],
    [String(12 * 1024 ** 3), "12G"],
    ["8G", "8G"],
  ])("grows by %s to %s", async (size, after) => {
    const params = { disk: "scsi0", size };
    expect(await lab.task("pve01", "PUT", "/nodes/pve01/qemu/100/resize", params)).toBe("OK");
    expect(await config()).toMatchObject({ scsi0: `${SCSI0},size=${after}` });
    const volume = await lab.data("pve01", "GET", `/nodes/pve01/storage/Data/content/${SCSI0}`);
    expect(volume).toMatchObject({ size: Number.parseInt(after, 10) * 1024 ** 3 });
  });

  it.each([
    ["scsi0", "4G", "shrinking disks is not supported"],
    ["scsi9", "16G", "disk 'scsi9' does not exist"],
    ["ide2", "16G", "you can't resize a cdrom"],
  ])("%s does not become %s", async (disk, size, words) => {
    await put({ ide2: "none,media=cdrom" });
    expect(await lab.task("pve01", "PUT", "/nodes/pve01/qemu/100/resize", { disk, size })).toBe(
      words,
    );
  });
});

describe("destroying a VM", () => {
  const DELETE = "/nodes/pve01/qemu/100";

  it("frees its disks, and says afterwards that it does not exist", async () => {
    expect(await lab.task("pve01", "DELETE", DELETE)).toBe("OK");
    expect(await disksOf(lab, 100)).toEqual([]);
    for (const path of [`${DELETE}/status/current`, `${DELETE}/config`]) {
      expect(await lab.api("pve01", "GET", path)).toMatchObject({
        status: 500,
        reason: "Configuration file 'nodes/pve01/qemu-server/100.conf' does not exist",
      });
    }
  });

  it("takes a trailing slash", async () => {
    const path = `${DELETE}/?destroy-unreferenced-disks=1&purge=1`;
    expect(await lab.task("pve01", "DELETE", path)).toBe("OK");
  });

  it("frees unused disks too, and others of that VMID only if asked to", async () => {
    await put({ delete: "scsi0" });
    const stray = {
      name: "100/vm-100-disk-7.raw",
      content: "images",
      format: "raw",
      size: 1,
      ctime: 1,
    } as const;
    lab.site.storages.volumes("pve01", "Data").push({ ...stray, vmid: 100 });
    await lab.task("pve01", "DELETE", DELETE);
    expect(await disksOf(lab, 100)).toEqual(["Data:100/vm-100-disk-7.raw"]);
    await newVm(lab);
    await lab.task("pve01", "DELETE", `${DELETE}?destroy-unreferenced-disks=1`);
    expect(await disksOf(lab, 100)).toEqual([]);
  });

  it("is refused while it runs", async () => {
    await lab.data("pve01", "POST", `${DELETE}/status/start`);
    expect(await lab.api("pve01", "DELETE", DELETE)).toMatchObject({
      status: 500,
      reason: "VM 100 is running - destroy failed",
    });
  });

  it("is refused while it is protected", async () => {
    await put({ protection: 1 });
    expect((await lab.api("pve01", "DELETE", DELETE)).reason).toBe(
      "can't remove VM 100 - protection mode enabled",
    );
  });

  it("fails in its task while something works on it", async () => {
    await put({ lock: "migrate" });
    expect(await lab.task("pve01", "DELETE", DELETE)).toBe("VM is locked (migrate)");
    expect((await lab.api("pve01", "GET", PATH)).status).toBe(200);
  });

  it("takes its access list along", async () => {
    const entry = { path: "/vms/100", roles: "PVEVMUser", users: "root@pam" };
    await lab.data("pve01", "PUT", "/access/acl", entry);
    await lab.task("pve01", "DELETE", DELETE);
    expect(await lab.data("pve01", "GET", "/access/acl")).toEqual([]);
  });

  it("is refused while HA manages it, unless it is to forget it", async () => {
    await lab.data("pve01", "POST", "/cluster/ha/resources", { sid: "vm:100", state: "stopped" });
    expect((await lab.api("pve01", "DELETE", DELETE)).reason).toBe(
      "unable to remove VM 100 - used in HA resources and purge parameter not set.",
    );
    expect(await lab.task("pve01", "DELETE", `${DELETE}?purge=1`)).toBe("OK");
    expect(await lab.data("pve01", "GET", "/cluster/ha/resources")).toEqual([]);
  });

  it("takes it out of backup jobs only when it is to be forgotten", async () => {
    const job = (id: string, more: Params) =>
      lab.data("pve01", "POST", "/cluster/backup", { id, schedule: "02:00", ...more });
    await job("both", { vmid: "100,101" });
    await job("one", { vmid: "100" });
    await job("rest", { all: 1, exclude: "100" });
    await lab.task("pve01", "DELETE", `${DELETE}?purge=1`);
    expect(await lab.data("pve01", "GET", "/cluster/backup/both")).toMatchObject({ vmid: "101" });
    expect((await lab.api("pve01", "GET", "/cluster/backup/one")).status).toBe(400);
    expect(await lab.data("pve01", "GET", "/cluster/backup/rest")).not.toHaveProperty("exclude");
  });
});
