import { addData, configOf, disksOf, newCt, newVm, userWith } from "../support/guests";
import { type Lab, newLab, type Params } from "../support/lab";
import { act, CT, guestOf, lastTask, VM } from "./support";

let lab: Lab;
beforeEach(async () => {
  lab = await newLab();
  await lab.cluster();
  await addData(lab);
});

const clone = (params: Params = {}, path = VM) =>
  lab.task("pve01", "POST", `${path}/clone`, { newid: 200, ...params });
const ask = (params: Params = {}, path = VM) =>
  lab.api("pve01", "POST", `${path}/clone`, { newid: 200, ...params });
const MAC = "BC:24:11:00:00:01";

describe("a clone of a VM", () => {
  beforeEach(async () => {
    await newVm(lab, {
      name: "a",
      cores: 2,
      description: "of a",
      scsi0: "Data:8,format=qcow2",
      ide2: "Data:cloudinit",
      ide3: "Data:iso/setup.iso,media=cdrom",
      net0: `virtio=${MAC},bridge=vmbr0`,
      smbios1: "uuid=11111111-1111-1111-1111-111111111111,serial=x",
    });
  });

  it("has disks, addresses and an identity of its own, and all else the same", async () => {
    expect(await clone({ name: "b" })).toBe("OK");
    expect(lastTask(lab)).toMatchObject({ type: "qmclone", id: "100" });
    const config = await configOf(lab, "qemu", 200);
    expect(config).toMatchObject({
      name: "b",
      cores: 2,
      description: "of a",
      scsi0: "Data:200/vm-200-disk-0.qcow2,size=8G",
      ide2: "Data:200/vm-200-cloudinit.qcow2,media=cdrom,size=4M",
      ide3: "Data:iso/setup.iso,media=cdrom,size=5",
    });
    expect(config.net0).toMatch(/^virtio=BC:24:11(:[0-9A-F]{2}){3},bridge=vmbr0$/);
    expect(config.net0).not.toContain(MAC);
    expect(config.smbios1).toMatch(/^uuid=(?!1111)[0-9a-f-]{36},serial=x$/);
    expect(config.vmgenid).not.toBe((await configOf(lab, "qemu", 100)).vmgenid);
    expect(config).not.toHaveProperty("lock");
  });

  it("is called after the original unless it is named", async () => {
    await clone();
    expect(await configOf(lab, "qemu", 200)).toMatchObject({ name: "Copy-of-VM-a" });
  });

  it("goes to another storage and format", async () => {
    await clone({ storage: "local-lvm" });
    expect(await configOf(lab, "qemu", 200)).toMatchObject({
      scsi0: "local-lvm:vm-200-disk-0,size=8G",
    });
    await clone({ newid: 201, format: "raw" });
    expect(await configOf(lab, "qemu", 201)).toMatchObject({
      scsi0: "Data:201/vm-201-disk-0.raw,size=8G",
    });
  });

  it("goes to another node when all is shared", async () => {
    expect(await clone({ target: "pve02" })).toBe("OK");
    expect(await configOf(lab, "qemu", 200, "pve02")).toMatchObject({ cores: 2 });
  });

  it("is one of a snapshot if asked to, and takes no snapshots along", async () => {
    await lab.task("pve01", "POST", `${VM}/snapshot`, { snapname: "before" });
    await lab.data("pve01", "PUT", `${VM}/config`, { cores: 4 });
    await clone({ snapname: "before" });
    const config = await configOf(lab, "qemu", 200);
    expect(config).toMatchObject({ cores: 2 });
    expect(config).not.toHaveProperty("parent");
    expect(guestOf(lab, 200).snapshots).toBeUndefined();
  });

  it("does not run, is answered for by nobody, and has nothing pending", async () => {
    await act(lab, "start");
    await lab.data("pve01", "PUT", `${VM}/config`, { cores: 4 });
    await clone();
    expect(await configOf(lab, "qemu", 200)).toMatchObject({ cores: 2 });
    expect(guestOf(lab, 200).port).toBeUndefined();
  });

  it("has the firewall of the original, which goes with it", async () => {
    const rules = "/nodes/pve01/qemu/100/firewall/rules";
    await lab.data("pve01", "POST", rules, { type: "in", action: "ACCEPT", proto: "tcp" });
    await clone();
    const copied = "/nodes/pve01/qemu/200/firewall/rules";
    expect(await lab.data("pve01", "GET", copied)).toMatchObject([{ action: "ACCEPT" }]);
    await lab.task("pve01", "DELETE", "/nodes/pve01/qemu/200");
    expect(lab.site.pmxcfs("pve01").firewalls?.guests).not.toHaveProperty("200");
  });

  it("joins a pool", async () => {
    await lab.data("pve01", "POST", "/pools", { poolid: "p" });
    await clone({ pool: "p" });
    expect(lab.site.pmxcfs("pve01").pools?.p?.vms).toEqual([200]);
    expect((await ask({ newid: 201, pool: "q" })).reason).toBe(
      "Permission check failed (pool 'q' does not exist)",
    );
  });

  it.each<[Params, string]>([
    [{ newid: 100 }, "unable to create VM 100: config file already exists"],
    [{ snapname: "none" }, "snapshot 'none' does not exist"],
    [
      { full: 0 },
      "Linked clone feature is not supported for 'Data:100/vm-100-disk-0.qcow2' (scsi0)",
    ],
    [{ full: 0, storage: "Data" }, "parameter 'storage' not allowed for linked clones"],
    [{ full: 0, format: "raw" }, "parameter 'format' not allowed for linked clones"],
    [{ storage: "local-lvm", target: "pve02" }, "can't clone to non-shared storage 'local-lvm'"],
    [{ target: "pve09" }, "no such cluster node 'pve09'"],
  ])("is refused at once as %j", async (params, words) => {
    expect(await ask(params)).toMatchObject({ status: 500, reason: words });
  });

  it("is refused to another node when a disk is local", async () => {
    await newVm(lab, { vmid: 102, scsi0: "local-lvm:1" });
    expect((await ask({ target: "pve02" }, "/nodes/pve01/qemu/102")).reason).toBe(
      "can't clone VM to node 'pve02' (VM uses local storage)",
    );
  });

  it("leaves nothing when it fails", async () => {
    lab.site.hardware.switchPower("nas", false);
    expect(await clone()).toMatch(/^clone failed: storage 'Data' is not online$/);
    lab.site.hardware.switchPower("nas", true);
    expect(await disksOf(lab, 200)).toEqual([]);
    expect(lab.site.pmxcfs("pve01").guests["200"]).toBeUndefined();
  });

  it("needs rights to both, and to the storage", async () => {
    const auth = await userWith(lab, ["VM.Clone", "VM.Allocate"]);
    const answer = await lab.api("pve01", "POST", `${VM}/clone`, { newid: 200 }, auth);
    expect(answer.reason).toBe("Permission check failed (/storage/Data, Datastore.AllocateSpace)");
  });
});

describe("a template", () => {
  const template = (path = VM, params: Params = {}) =>
    lab.api("pve01", "POST", `${path}/template`, params);

  it("has base disks, and its clones are linked to them", async () => {
    await newVm(lab, { scsi0: "Data:8,format=qcow2", efidisk0: "local-lvm:1" });
    expect((await template()).data).toMatch(/:qmtemplate:100:/);
    expect(await configOf(lab, "qemu", 100)).toMatchObject({
      template: 1,
      scsi0: "Data:100/base-100-disk-0.qcow2,size=8G",
      efidisk0: "local-lvm:base-100-disk-0,size=4M",
    });
    expect(await clone()).toBe("OK");
    const config = await configOf(lab, "qemu", 200);
    expect(config).toMatchObject({
      scsi0: "Data:100/base-100-disk-0.qcow2/200/vm-200-disk-0.qcow2,size=8G",
      efidisk0: "local-lvm:vm-200-disk-0,size=4M",
    });
    expect(config).not.toHaveProperty("template");
    expect(lastTask(lab).log).toContain(
      "create linked clone of drive scsi0 (Data:100/base-100-disk-0.qcow2)",
    );
  });

  it("may be copied in full", async () => {
    await newVm(lab, { scsi0: "Data:8,format=qcow2" });
    await template();
    await clone({ full: 1 });
    expect(await configOf(lab, "qemu", 200)).toMatchObject({
      scsi0: "Data:200/vm-200-disk-0.qcow2,size=8G",
    });
  });

  it("stays as long as a linked clone stands on it", async () => {
    await newVm(lab, { scsi0: "Data:8,format=qcow2" });
    await newVm(lab, { vmid: 102, scsi0: "local-lvm:8" });
    await template();
    await template("/nodes/pve01/qemu/102");
    await clone();
    await clone({ newid: 202 }, "/nodes/pve01/qemu/102");
    expect(await lab.task("pve01", "DELETE", VM)).toBe(
      "base volume 'Data:100/base-100-disk-0.qcow2' is still in use by linked cloned",
    );
    expect(await lab.task("pve01", "DELETE", "/nodes/pve01/qemu/102")).toMatch(/still in use/);
    await lab.task("pve01", "DELETE", "/nodes/pve01/qemu/200");
    expect(await lab.task("pve01", "DELETE", VM)).toBe("OK");
  });

  it("of a container tells no task, and has linked clones on a thin pool only", async () => {
    await newCt(lab, { rootfs: "local-lvm:8", hostname: "c" });
    expect(await template(CT)).toMatchObject({ status: 200, data: null });
    expect(await clone({ hostname: "d" }, CT)).toBe("OK");
    expect(await configOf(lab, "lxc", 200)).toMatchObject({
      hostname: "d",
      rootfs: "local-lvm:vm-200-disk-0,size=8G",
    });
    await newCt(lab, { vmid: 103 });
    await template("/nodes/pve01/lxc/103");
    expect((await ask({ newid: 201 }, "/nodes/pve01/lxc/103")).reason).toBe(
      "Linked clone feature for 'Data:103/base-103-disk-0.raw' is not available",
    );
  });

  it("is not made of a running guest, one with snapshots, or a template", async () => {
    await newVm(lab, { scsi0: "Data:8,format=qcow2" });
    await act(lab, "start");
    expect((await template()).reason).toBe("you can't convert a VM to template if VM is running");
    await act(lab, "stop");
    await lab.task("pve01", "POST", `${VM}/snapshot`, { snapname: "before" });
    expect((await template()).reason).toBe(
      "unable to create template, because VM contains snapshots",
    );
    await lab.task("pve01", "DELETE", `${VM}/snapshot/before`);
    await template();
    expect((await template()).reason).toBe("you can't convert a template to a template");
  });
});

describe("a clone of a container", () => {
  beforeEach(async () => {
    await newCt(lab, { hostname: "c", net0: "name=eth0,bridge=vmbr0,ip=dhcp" });
  });

  it("has volumes and addresses of its own", async () => {
    expect(await clone({ hostname: "d", description: "x" }, CT)).toBe("OK");
    expect(await configOf(lab, "lxc", 200)).toMatchObject({
      hostname: "d",
      description: "x\n",
      rootfs: "Data:200/vm-200-disk-0.raw,size=8G",
    });
    expect(lastTask(lab).type).toBe("vzclone");
  });

  it("is refused of a running one, and on a VMID that is taken", async () => {
    expect((await ask({ newid: 101 }, CT)).reason).toBe("CT 101 already exists on node 'pve01'");
    await act(lab, "start", {}, CT);
    expect((await ask({}, CT)).reason).toBe(
      "Full clone of a running container is only possible from a snapshot",
    );
  });

  it("is refused with a path of the host in it", async () => {
    await lab.data("pve01", "PUT", `${CT}/config`, { mp0: "/srv,mp=/srv" });
    expect((await ask({}, CT)).reason).toBe("unable to clone mountpoint 'mp0' (type bind)");
  });
});

describe("what a guest can do", () => {
  const feature = (name: string, path = VM) =>
    lab.data("pve01", "GET", `${path}/feature?feature=${name}`);

  it("depends on its disks", async () => {
    await newVm(lab, { scsi0: "Data:8,format=qcow2" });
    expect(await feature("snapshot")).toEqual({ hasFeature: 1, nodes: ["pve01", "pve02"] });
    expect(await feature("clone")).toMatchObject({ hasFeature: 0 });
    expect(await feature("copy")).toMatchObject({ hasFeature: 1 });
    await newCt(lab, { rootfs: "Data:1" });
    expect(await feature("snapshot", CT)).toEqual({ hasFeature: 0 });
  });

  it("on local disks can be done on its node only", async () => {
    await newVm(lab, { scsi0: "local-lvm:8" });
    expect(await feature("snapshot")).toEqual({ hasFeature: 1, nodes: ["pve01"] });
  });
});
