import { addData, configOf, disksOf, GIB, newCt, newVm, userWith } from "../support/guests";
import { type Lab, newLab, type Params } from "../support/lab";

let lab: Lab;
beforeEach(async () => {
  lab = await newLab();
  await addData(lab);
});

const config = (vmid = 100) => configOf(lab, "qemu", vmid);
const post = (params: Params, auth = lab.ticket("pve01")) =>
  lab.api("pve01", "POST", "/nodes/pve01/qemu", { vmid: 100, ...params }, auth);

describe("a new VM", () => {
  it("is made by a task", async () => {
    const { data } = await post({});
    expect(data).toMatch(/^UPID:pve01:[0-9A-F]{8}:[0-9A-F]{8}:[0-9A-F]{8}:qmcreate:100:root@pam:$/);
  });

  it.each([
    [{ ostype: "win10" }, "pc-i440fx-10.1"],
    [{ ostype: "win11", machine: "q35" }, "pc-q35-10.1"],
    [{ ostype: "win10", machine: "pc-i440fx-9.2" }, "pc-i440fx-9.2"],
    [{ ostype: "l26" }, undefined],
    [{ ostype: "l26", machine: "q35" }, "q35"],
  ] as [Params, string | undefined][])("with %j gets machine %s", async (params, machine) => {
    await newVm(lab, params);
    expect((await config()).machine).toBe(machine);
  });

  it("echoes every key that was set, with the types that PVE gives them", async () => {
    await newVm(lab, {
      name: "win2016",
      acpi: 1,
      agent: "enabled=0,fstrim_cloned_disks=0,type=virtio",
      bios: "seabios",
      cores: 2,
      sockets: 1,
      cpu: "cputype=x86-64-v2-AES",
      memory: 2048,
      balloon: 0,
      numa: 0,
      onboot: 1,
      ostype: "win10",
      protection: 0,
      scsihw: "virtio-scsi-pci",
      template: 0,
      description: "one\ntwo",
      tags: "a;b",
    });
    expect(await config()).toMatchObject({
      name: "win2016",
      acpi: 1,
      agent: "enabled=0,fstrim_cloned_disks=0,type=virtio",
      bios: "seabios",
      cores: 2,
      sockets: 1,
      memory: "2048",
      balloon: 0,
      numa: 0,
      onboot: 1,
      ostype: "win10",
      protection: 0,
      scsihw: "virtio-scsi-pci",
      template: 0,
      description: "one\ntwo",
      tags: "a;b",
    });
  });

  it("gets what PVE adds", async () => {
    await newVm(lab);
    const { smbios1, vmgenid, meta, digest, ...rest } = await config();
    expect(smbios1).toMatch(/^uuid=[0-9a-f-]{36}$/);
    expect(vmgenid).toMatch(/^[0-9a-f-]{36}$/);
    expect(meta).toBe(`creation-qemu=10.1.2,ctime=${lab.clock.now() / 1000}`);
    expect(digest).toMatch(/^[0-9a-f]{40}$/);
    expect(rest).toEqual({});
  });

  it("keeps ids that it is given", async () => {
    const uuid = "11111111-2222-3333-4444-555555555555";
    await newVm(lab, { smbios1: `uuid=${uuid}`, vmgenid: uuid });
    expect(await config()).toMatchObject({ smbios1: `uuid=${uuid}`, vmgenid: uuid });
  });

  it("does not echo what is no configuration", async () => {
    await newVm(lab, { storage: "Data", unique: 0, start: 0 });
    const keys = Object.keys(await config());
    for (const key of ["vmid", "node", "storage", "unique", "start"])
      expect(keys).not.toContain(key);
  });

  it("hides its password", async () => {
    await newVm(lab, { cipassword: "secret" });
    expect(await config()).toMatchObject({ cipassword: "**********" });
  });

  it("boots from its first disk, CD drive and card, unless it is told from what", async () => {
    const devices = {
      scsi1: "Data:1",
      scsi0: "Data:1",
      ide2: "none,media=cdrom",
      net0: "virtio,bridge=vmbr0",
    };
    await newVm(lab, devices);
    expect(await config()).toMatchObject({ boot: "order=scsi0;ide2;net0" });
    await newVm(lab, { vmid: 102, ...devices, boot: "order=net0" });
    expect(await config(102)).toMatchObject({ boot: "order=net0" });
  });

  it("starts, if that is asked for", async () => {
    await newVm(lab, { start: 1 });
    const status = await lab.data("pve01", "GET", "/nodes/pve01/qemu/100/status/current");
    expect(status).toMatchObject({ status: "running" });
  });
});

describe("a disk of a new VM", () => {
  it("is allocated, and its text ends with its size", async () => {
    await newVm(lab, {
      scsi0: `file=local-lvm:8,size=${8 * GIB},aio=io_uring,backup=1,cache=none,discard=ignore,iothread=0,replicate=1,ssd=0,`,
    });
    expect(await config()).toMatchObject({
      scsi0:
        "local-lvm:vm-100-disk-0,aio=io_uring,backup=1,cache=none,discard=ignore,iothread=0,replicate=1,size=8G,ssd=0",
    });
    expect(await disksOf(lab, 100)).toEqual(["local-lvm:vm-100-disk-0"]);
  });

  it("on files has a format, which its text does not tell", async () => {
    await newVm(lab, { scsi0: "Data:8,format=qcow2", scsi1: "Data:0.5" });
    expect(await config()).toMatchObject({
      scsi0: "Data:100/vm-100-disk-0.qcow2,size=8G",
      scsi1: "Data:100/vm-100-disk-1.raw,size=512M",
    });
  });

  it("may be imported, with the size of its source", async () => {
    await newVm(lab, { scsi0: "file=Data:0,import-from=Data:import/disk.qcow2,format=qcow2" });
    expect(await config()).toMatchObject({ scsi0: "Data:100/vm-100-disk-0.qcow2,size=3G" });
  });

  it.each([
    ["Data", "efitype=4m", "Data:100/vm-100-disk-0.raw,efitype=4m,size=528K"],
    ["Data", "efitype=2m", "Data:100/vm-100-disk-0.raw,efitype=2m,size=128K"],
    ["local-lvm", "efitype=4m", "local-lvm:vm-100-disk-0,efitype=4m,size=4M"],
  ])("for firmware on %s with %s has its own size", async (storage, type, text) => {
    await newVm(lab, { efidisk0: `file=${storage}:1,format=raw,${type}` });
    expect(await config()).toMatchObject({ efidisk0: text });
  });

  it("for a TPM has 4 MiB", async () => {
    await newVm(lab, { tpmstate0: "file=Data:1,version=v2.0" });
    expect(await config()).toMatchObject({
      tpmstate0: "Data:100/vm-100-disk-0.raw,size=4M,version=v2.0",
    });
  });

  it("for cloud-init is a CD with its own name", async () => {
    await newVm(lab, { ide2: "file=local-lvm:cloudinit," });
    await newVm(lab, { vmid: 102, ide2: "Data:cloudinit" });
    expect(await config()).toMatchObject({
      ide2: "local-lvm:vm-100-cloudinit,media=cdrom,size=4M",
    });
    expect(await config(102)).toMatchObject({
      ide2: "Data:102/vm-102-cloudinit.qcow2,media=cdrom,size=4M",
    });
  });

  it("may be a CD, or an empty drive", async () => {
    await newVm(lab, {
      ide2: "file=Data:iso/setup.iso,media=cdrom,",
      ide3: "file=none,media=cdrom,",
    });
    expect(await config()).toMatchObject({
      ide2: "Data:iso/setup.iso,media=cdrom,size=5",
      ide3: "none,media=cdrom",
    });
  });
});

describe("a card of a new VM", () => {
  it("gets an address, which comes first with its model", async () => {
    await newVm(lab, { net0: "model=virtio,bridge=vmbr0,firewall=0" });
    const { net0 } = await config();
    expect(net0).toMatch(/^virtio=BC:24:11(:[0-9A-F]{2}){3},bridge=vmbr0,firewall=0$/);
  });

  it("keeps the address that it is given", async () => {
    await newVm(lab, {
      net0: "virtio=BC:24:11:00:00:01,bridge=vmbr0",
      net1: "e1000,macaddr=BC:24:11:00:00:02",
    });
    expect(await config()).toMatchObject({
      net0: "virtio=BC:24:11:00:00:01,bridge=vmbr0",
      net1: "e1000=BC:24:11:00:00:02",
    });
  });

  it.each([
    ["bridge=vmbr0", "format error\nnet0.model: property is missing and it is not optional\n"],
    ["virtio,colour=red", "invalid key in comma-separated list property: colour\n"],
    ["virtio,tag=5000", "format error\nnet0.tag: value must have a maximum value of 4094\n"],
  ])("is refused as %s", async (net0, words) => {
    expect((await post({ net0 })).errors).toEqual({ net0: `invalid format - ${words}` });
  });
});

describe("a VMID", () => {
  it("that a VM has is told with its node", async () => {
    await newVm(lab);
    const { status, reason } = await post({});
    expect([status, reason]).toEqual([
      500,
      "unable to create VM 100 - VM 100 already exists on node 'pve01'",
    ]);
  });

  it("that a container has is taken too, and the other way round", async () => {
    await newCt(lab, { vmid: 100 });
    expect((await post({})).reason).toBe(
      "unable to create VM 100 - CT 100 already exists on node 'pve01'",
    );
    await newVm(lab, { vmid: 102 });
    const ct = { vmid: 102, ostemplate: "Data:vztmpl/x.tar.zst" };
    expect((await lab.api("pve01", "POST", "/nodes/pve01/lxc", ct)).reason).toBe(
      "unable to create CT 102 - VM 102 already exists on node 'pve01'",
    );
  });

  it("is taken in the whole cluster", async () => {
    await lab.cluster();
    await newVm(lab);
    const { reason } = await lab.api("pve02", "POST", "/nodes/pve02/qemu", { vmid: 100 });
    expect(reason).toBe("unable to create VM 100 - VM 100 already exists on node 'pve01'");
  });

  it("is one guest's, however many ask at once", async () => {
    const answers = await Promise.all(
      Array.from({ length: 32 }, async () => {
        const vmid = await lab.data<number>("pve01", "GET", "/cluster/nextid");
        return lab.api("pve01", "POST", "/nodes/pve01/qemu", { vmid, name: `n${vmid}` });
      }),
    );
    const made = answers.filter(({ status }) => status === 200);
    expect(made.length).toBeGreaterThan(0);
    expect(new Set(made.map(({ data }) => String(data).split(":")[6])).size).toBe(made.length);
    const list = await lab.data<unknown[]>("pve01", "GET", "/nodes/pve01/qemu");
    expect(list).toHaveLength(made.length);
  });

  it("of many guests made at once stays each one's own", async () => {
    const vmids = Array.from({ length: 32 }, (_, index) => 200 + index);
    const ends = await Promise.all(
      vmids.map((vmid) => newVm(lab, { vmid, name: `n${vmid}`, scsi0: "Data:1" })),
    );
    expect(new Set(ends)).toEqual(new Set(["OK"]));
    for (const vmid of vmids) {
      expect(await config(vmid)).toMatchObject({
        name: `n${vmid}`,
        scsi0: `Data:${vmid}/vm-${vmid}-disk-0.raw,size=1G`,
      });
    }
  });
});

describe("a VM that cannot be made", () => {
  it("is refused at once when no image may be on the storage", async () => {
    expect(await post({ scsi0: "local:8" })).toMatchObject({
      status: 400,
      errors: { storage: "storage 'local' does not support vm images" },
    });
    expect((await post({ scsi0: "Nowhere:8" })).reason).toBe("storage 'Nowhere' does not exist");
  });

  it("is refused at once when a drive holds something else", async () => {
    const answer = await post({ ide2: "Data:vztmpl/a.tar.zst,media=cdrom" });
    expect(answer.errors).toEqual({ ide2: "content type needs to be 'images' or 'iso'" });
  });

  it("fails in its task when the storage is away, and leaves nothing", async () => {
    lab.site.hardware.switchPower("nas", false);
    expect(await newVm(lab, { scsi0: "local-lvm:1", scsi1: "Data:1" })).toBe(
      "unable to create VM 100 - storage 'Data' is not online",
    );
    expect((await lab.api("pve01", "GET", "/nodes/pve01/qemu/100/config")).status).toBe(500);
    expect(lab.site.storages.volumes("pve01", "local-lvm")).toEqual([]);
  });

  it("fails in its task when the CD is not there", async () => {
    expect(await newVm(lab, { scsi0: "Data:1", ide2: "Data:iso/other.iso,media=cdrom" })).toBe(
      "unable to create VM 100 - volume 'Data:iso/other.iso' does not exist",
    );
    expect(await disksOf(lab, 100)).toEqual([]);
  });

  it.each([
    [{ cores: 0 }, { cores: "value must have a minimum value of 1" }],
    [{ name: "a_b" }, { name: "invalid format - value does not look like a valid DNS name\n" }],
    [{ tags: "a,b c;-" }, { tags: "invalid format - invalid characters in tag\n" }],
    [{ startup: "first" }, { startup: "invalid format - unable to parse startup options\n" }],
    [{ vmid: 99 }, { vmid: "invalid format - value does not look like a valid VM ID\n" }],
  ])("is refused for %j", async (params, errors) => {
    expect(await post(params)).toMatchObject({ status: 400, errors });
  });
});

describe("who makes a VM", () => {
  const ALL = [
    "VM.Allocate",
    "VM.Config.Disk",
    "VM.Config.CDROM",
    "VM.Config.Network",
    "VM.Config.Options",
    "Datastore.AllocateSpace",
    "SDN.Use",
  ];
  const wanted = {
    name: "a",
    scsi0: "Data:1",
    ide2: "none,media=cdrom",
    net0: "virtio,bridge=vmbr0",
  };

  it("needs a privilege for each thing in it, and no more", async () => {
    expect((await post(wanted, await userWith(lab, ALL))).status).toBe(200);
  });

  it.each([
    ["VM.Config.Disk", "(/vms/100, VM.Config.Disk)"],
    ["VM.Config.CDROM", "(/vms/100, VM.Config.CDROM)"],
    ["VM.Config.Network", "(/vms/100, VM.Config.Network)"],
    ["VM.Config.Options", "(/vms/100, VM.Config.Options)"],
    ["Datastore.AllocateSpace", "(/storage/Data, Datastore.AllocateSpace)"],
    ["SDN.Use", "(/sdn/zones/localnetwork/vmbr0, SDN.Use)"],
  ])("is refused without %s", async (privilege, words) => {
    const auth = await userWith(
      lab,
      ALL.filter((held) => held !== privilege),
    );
    const { status, reason } = await post(wanted, auth);
    expect([status, reason]).toEqual([403, `Permission check failed ${words}`]);
  });

  it("is refused without VM.Allocate, without saying so", async () => {
    const auth = await userWith(lab, ALL.slice(1));
    expect(await post(wanted, auth)).toMatchObject({
      status: 403,
      reason: "Permission check failed",
    });
  });

  it("needs VM.PowerMgmt to start it", async () => {
    const { reason } = await post({ ...wanted, start: 1 }, await userWith(lab, ALL));
    expect(reason).toBe("Permission check failed (/vms/100, VM.PowerMgmt)");
  });

  it("needs Sys.Modify for the order in which guests start", async () => {
    const { reason } = await post({ startup: "order=1" }, await userWith(lab, ALL));
    expect(reason).toBe("Permission check failed (/, Sys.Modify)");
  });

  it("needs the right to one VLAN for that VLAN", async () => {
    await lab.data("pve01", "POST", "/access/users", { userid: "b@pve" });
    const grant = (path: string, roles: string) =>
      lab.data("pve01", "PUT", "/access/acl", { path, roles, users: "b@pve" });
    await grant("/vms", "PVEVMAdmin");
    await grant("/sdn/zones/localnetwork/vmbr0/5", "PVESDNUser");
    const auth = lab.ticket("pve01", "b@pve");
    expect((await post({ net0: "virtio,bridge=vmbr0,tag=6" }, auth)).reason).toBe(
      "Permission check failed (/sdn/zones/localnetwork/vmbr0/6, SDN.Use)",
    );
    expect((await post({ net0: "virtio,bridge=vmbr0,tag=5" }, auth)).status).toBe(200);
  });

  it.each([
    ["args", "x"],
    ["hookscript", "local:snippets/x"],
    ["lock", "backup"],
  ])("must be root to set %s", async (key, value) => {
    const auth = await userWith(lab, ["VM.Allocate", "VM.Config.Options", "VM.Config.HWType"]);
    expect(await post({ [key]: value }, auth)).toMatchObject({
      status: 500,
      reason: `only root can set '${key}' config`,
    });
    expect((await post({ [key]: value })).status).toBe(200);
  });

  it("must be root for devices of the host", async () => {
    const auth = await userWith(lab, ["VM.Allocate", "VM.Config.HWType"]);
    expect((await post({ serial0: "/dev/ttyS0" }, auth)).reason).toBe(
      "only root can set 'serial0' config for real devices",
    );
    expect((await post({ serial0: "socket" }, auth)).status).toBe(200);
  });
});
