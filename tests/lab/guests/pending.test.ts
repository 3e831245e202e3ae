import { addData, configOf, disksOf, newCt, newVm } from "../support/guests";
import { type Lab, newLab, type Params } from "../support/lab";

let lab: Lab;
const VM = "/nodes/pve01/qemu/100";
const CT = "/nodes/pve01/lxc/101";

beforeEach(async () => {
  lab = await newLab();
  await addData(lab);
});

const put = (params: Params, path = VM) => lab.api("pve01", "PUT", `${path}/config`, params);
const start = (path = VM) => lab.task("pve01", "POST", `${path}/status/start`);
const current = (path = VM) =>
  lab.data<Record<string, unknown>>("pve01", "GET", `${path}/config?current=1`);
/** What waits, without the keys that nothing waits for. */
const waiting = async (path = VM) => {
  const list = await lab.data<{ key: string }[]>("pve01", "GET", `${path}/pending`);
  return list.filter((entry) => "pending" in entry || "delete" in entry);
};

describe("a change of a running VM", () => {
  beforeEach(async () => {
    await newVm(lab, {
      name: "a",
      ostype: "l26",
      cores: 2,
      memory: 1024,
      agent: "1",
      balloon: 512,
      scsi0: "Data:8,format=qcow2",
      net0: "virtio=BC:24:11:00:00:01,bridge=vmbr0",
      boot: "order=scsi0",
    });
    await start();
  });

  it("waits when the VM cannot take it, and is read as if it had been made", async () => {
    await put({ cores: 4, memory: 2048 });
    expect(await configOf(lab, "qemu", 100)).toMatchObject({ cores: 4, memory: "2048" });
    expect(await current()).toMatchObject({ cores: 2, memory: "1024" });
    expect(await waiting()).toEqual([
      { key: "cores", value: 2, pending: 4 },
      { key: "memory", value: "1024", pending: "2048" },
    ]);
  });

  it("is made at the next start", async () => {
    await put({ cores: 4, delete: "agent" });
    await lab.task("pve01", "POST", `${VM}/status/reboot`);
    expect(await waiting()).toEqual([]);
    expect(await current()).toMatchObject({ cores: 4 });
    expect(await current()).not.toHaveProperty("agent");
  });

  it("is taken back", async () => {
    await put({ cores: 4, delete: "agent" });
    await put({ revert: "cores,agent" });
    expect(await waiting()).toEqual([]);
    expect(await configOf(lab, "qemu", 100)).toMatchObject({ cores: 2, agent: "1" });
  });

  it("is no change when it says what is there", async () => {
    await put({ cores: 4 });
    await put({ cores: 2 });
    expect(await waiting()).toEqual([]);
  });

  it("changes the digest also while it waits", async () => {
    const { digest } = await current();
    await put({ cores: 4 });
    expect((await current()).digest).not.toBe(digest);
  });

  it.each<[Params]>([
    [{ name: "b" }],
    [{ description: "x" }],
    [{ tags: "a;b" }],
    [{ onboot: 1 }],
    [{ balloon: 256 }],
    [{ cpulimit: 1.5 }],
    [{ cpuunits: 50 }],
    [{ ciuser: "me", ipconfig0: "ip=dhcp" }],
    [{ tablet: 0 }],
    [{ usb0: "spice" }],
    [{ agent: "enabled=1,fstrim_cloned_disks=1" }],
    [{ net0: "virtio=BC:24:11:00:00:01,bridge=vmbr0,tag=5" }],
    [{ net1: "virtio,bridge=vmbr0" }],
    [{ net0: "virtio=BC:24:11:00:00:09,bridge=vmbr0" }],
    [{ scsi1: "Data:1" }],
    [{ scsi0: "Data:100/vm-100-disk-0.qcow2,mbps=10" }],
    [{ delete: "net0" }],
    [{ delete: "balloon" }],
    [{ delete: "name" }],
    [{ hotplug: "network,disk" }],
  ])("is made at once as %j", async (params) => {
    expect((await put(params)).status).toBe(200);
    expect(await waiting()).toEqual([]);
  });

  it.each<[Params, string]>([
    [{ cores: 4 }, "cores"],
    [{ memory: 2048 }, "memory"],
    [{ balloon: 0 }, "balloon"],
    [{ agent: "0" }, "agent"],
    [{ agent: "1,type=isa" }, "agent"],
    [{ cpu: "x86-64-v2-AES" }, "cpu"],
    [{ ostype: "win10" }, "ostype"],
    [{ vcpus: 1 }, "vcpus"],
    [{ hotplug: "cpu" }, "hotplug"],
    [{ ide1: "none,media=cdrom" }, "ide1"],
    [{ sata0: "Data:1" }, "sata0"],
    [{ efidisk0: "Data:1,efitype=4m" }, "efidisk0"],
    [{ scsi0: "Data:100/vm-100-disk-0.qcow2,cache=none" }, "scsi0"],
    [{ delete: "cores" }, "cores"],
  ])("waits as %j", async (params, key) => {
    expect((await put(params)).status).toBe(200);
    expect((await waiting()).map((entry) => entry.key)).toEqual([key]);
  });

  it("of a device waits when the VM lets none come or go", async () => {
    await put({ hotplug: "0" });
    await put({ net1: "virtio,bridge=vmbr0", scsi1: "Data:1" });
    await put({ delete: "net0" });
    expect((await waiting()).map((entry) => entry.key).sort()).toEqual(["net0", "net1", "scsi1"]);
    await put({ net0: "virtio=BC:24:11:00:00:01,bridge=vmbr0,link_down=1" });
    expect((await waiting()).map((entry) => entry.key).sort()).toEqual(["net1", "scsi1"]);
  });

  it("takes more memory and CPUs while it runs if it was set up for that", async () => {
    await lab.task("pve01", "POST", `${VM}/status/stop`);
    await put({ hotplug: "cpu,memory,network,disk" });
    await start();
    await put({ memory: 2048, vcpus: 1 });
    expect(await waiting()).toEqual([]);
  });

  it("does not make a disk of a CD drive", async () => {
    await lab.task("pve01", "POST", `${VM}/status/stop`);
    await put({ scsi2: "none,media=cdrom" });
    await start();
    expect(await put({ scsi2: "Data:1" })).toMatchObject({
      status: 400,
      errors: { scsi2: "hotplug problem - unable to change media type\n" },
    });
  });

  it("keeps the disk that a deletion waits for until it is made", async () => {
    await put({ sata0: "Data:1" });
    await lab.task("pve01", "POST", `${VM}/status/reboot`);
    await put({ delete: "sata0" });
    expect(await waiting()).toEqual([
      { key: "sata0", value: "Data:100/vm-100-disk-1.raw,size=1G", delete: 1 },
    ]);
    expect(await configOf(lab, "qemu", 100)).not.toHaveProperty("sata0");
    await lab.task("pve01", "POST", `${VM}/status/reboot`);
    expect(await current()).toMatchObject({ unused0: "Data:100/vm-100-disk-1.raw" });
  });

  it("frees a deleted disk only when it is forced to", async () => {
    await put({ sata0: "Data:1" });
    await lab.task("pve01", "POST", `${VM}/status/reboot`);
    await put({ delete: "sata0", force: 1 });
    expect(await waiting()).toMatchObject([{ key: "sata0", delete: 2 }]);
    await lab.task("pve01", "POST", `${VM}/status/reboot`);
    expect(await disksOf(lab, 100)).toEqual(["Data:100/vm-100-disk-0.qcow2"]);
  });

  it("keeps as unused what was to come and is not wanted any more", async () => {
    await put({ sata0: "Data:1" });
    await put({ revert: "sata0" });
    expect(await current()).toMatchObject({ unused0: "Data:100/vm-100-disk-1.raw" });
    expect(await waiting()).toEqual([]);
  });

  it("cannot be both taken back and made", async () => {
    expect((await put({ revert: "cores", cores: 4 })).errors).toEqual({
      delete: "you can't use '-cores' and -revert cores' at the same time",
    });
    expect((await put({ revert: "cores", delete: "cores" })).errors).toEqual({
      revert: "you can't use '-delete cores' and -revert cores' at the same time",
    });
  });

  it("leaves the boot order only when the device has gone", async () => {
    await put({ delete: "scsi0" });
    expect(await waiting()).toEqual([{ key: "boot", value: "order=scsi0", pending: "order=" }]);
  });

  it("cannot boot from what is not there", async () => {
    expect((await put({ boot: "order=scsi7" })).reason).toBe(
      "invalid bootorder: device 'scsi7' does not exist'",
    );
  });

  it("lets a disk go that is unlinked", async () => {
    await lab.data("pve01", "PUT", `${VM}/unlink`, { idlist: "scsi0" });
    expect(await current()).toMatchObject({ unused0: "Data:100/vm-100-disk-0.qcow2" });
  });
});

describe("a disk that has a place again", () => {
  it("is not unused any more", async () => {
    await newVm(lab, { scsi0: "Data:1" });
    await put({ delete: "scsi0" });
    await put({ virtio0: "Data:100/vm-100-disk-0.raw" });
    expect(await current()).not.toHaveProperty("unused0");
  });
});

describe("the cloud-init drive of a running VM", () => {
  const entries = () => lab.data<unknown[]>("pve01", "GET", `${VM}/cloudinit`);
  beforeEach(async () => {
    await newVm(lab, { ide2: "Data:cloudinit", ciuser: "a", nameserver: "192.0.2.1" });
    await start();
  });

  it("holds what it was made with until it is made anew", async () => {
    await put({ ciuser: "b", searchdomain: "lan", delete: "nameserver" });
    expect(await entries()).toEqual([
      { key: "ciuser", value: "a", pending: "b" },
      { key: "nameserver", delete: 1 },
      { key: "searchdomain", pending: "lan" },
    ]);
    await lab.data("pve01", "PUT", `${VM}/cloudinit`);
    expect(await entries()).toEqual([
      { key: "ciuser", value: "b" },
      { key: "searchdomain", value: "lan" },
    ]);
  });

  it("is made anew at every start", async () => {
    await put({ ciuser: "b" });
    await lab.task("pve01", "POST", `${VM}/status/reboot`);
    expect(await entries()).toContainEqual({ key: "ciuser", value: "b" });
  });

  it("follows at once where it may be plugged", async () => {
    await put({ hotplug: "cloudinit" });
    await put({ ciuser: "b" });
    expect(await entries()).toContainEqual({ key: "ciuser", value: "b" });
  });
});

describe("a change of a running container", () => {
  beforeEach(async () => {
    await newCt(lab, { cores: 1, mp0: "Data:1,mp=/data" });
    await start(CT);
  });

  it.each<[Params]>([
    [{ cores: 2 }],
    [{ memory: 1024, swap: 0 }],
    [{ hostname: "b" }],
    [{ net0: "name=eth0,bridge=vmbr0" }],
    [{ mp1: "Data:1,mp=/more" }],
  ])("is made at once as %j", async (params) => {
    expect((await put(params, CT)).status).toBe(200);
    expect(await waiting(CT)).toEqual([]);
  });

  it("waits where the container cannot take it", async () => {
    await put({ nameserver: "192.0.2.1", features: "nesting=1", delete: "mp0" }, CT);
    expect((await waiting(CT)).map(({ key }) => key).sort()).toEqual([
      "features",
      "mp0",
      "nameserver",
    ]);
    await put({ revert: "features" }, CT);
    await lab.task("pve01", "POST", `${CT}/status/reboot`);
    expect(await waiting(CT)).toEqual([]);
    expect(await current(CT)).toMatchObject({
      nameserver: "192.0.2.1",
      unused0: "Data:101/vm-101-disk-1.raw",
    });
    expect(await current(CT)).not.toHaveProperty("features");
  });
});
