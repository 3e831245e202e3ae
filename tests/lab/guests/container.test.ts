import { addData, configOf, disksOf, newCt, TEMPLATE, userWith } from "../support/guests";
import { type Lab, newLab, type Params } from "../support/lab";

let lab: Lab;
beforeEach(async () => {
  lab = await newLab();
  await addData(lab);
});

const config = (vmid = 101) => configOf(lab, "lxc", vmid);
const create = (params: Params, auth = lab.ticket("pve01")) =>
  lab.api(
    "pve01",
    "POST",
    "/nodes/pve01/lxc",
    { vmid: 101, ostemplate: `Data:${TEMPLATE}`, ...params },
    auth,
  );
const put = (params: Params, auth = lab.ticket("pve01")) =>
  lab.api("pve01", "PUT", "/nodes/pve01/lxc/101/config", params, auth);

describe("a new container", () => {
  it("is made by a task", async () => {
    expect((await create({ rootfs: "Data:8" })).data).toMatch(/:vzcreate:101:root@pam:$/);
  });

  it("echoes what was set, with the types that PVE gives it", async () => {
    await newCt(lab, {
      hostname: "dns",
      cores: 1,
      memory: 256,
      swap: 0,
      onboot: 1,
      console: 1,
      tty: 2,
      cmode: "tty",
      unprivileged: 1,
      ostype: "debian",
      tags: "a;b",
      rootfs: "volume=Data:8",
      net0: "bridge=vmbr0,host-managed=0,ip=dhcp,name=eth0",
    });
    const { net0, digest, ...rest } = await config();
    expect(rest).toEqual({
      arch: "amd64",
      hostname: "dns",
      cores: 1,
      memory: 256,
      swap: 0,
      onboot: 1,
      console: 1,
      tty: 2,
      cmode: "tty",
      unprivileged: 1,
      ostype: "debian",
      tags: "a;b",
      rootfs: "Data:101/vm-101-disk-0.raw,size=8G",
    });
    expect(net0).toMatch(
      /^name=eth0,bridge=vmbr0,host-managed=0,hwaddr=BC:24:11(:[0-9A-F]{2}){3},ip=dhcp,type=veth$/,
    );
    expect(digest).toMatch(/^[0-9a-f]{40}$/);
  });

  it("is unprivileged, with 512 MiB and the system of its template, unless told otherwise", async () => {
    await newCt(lab);
    expect(await config()).toMatchObject({
      unprivileged: 1,
      memory: 512,
      swap: 512,
      hostname: "CT101",
      ostype: "debian",
    });
  });

  it("does not echo what it was made from", async () => {
    await newCt(lab, { password: "secret", storage: "Data", start: 0, "ssh-public-keys": "k" });
    const keys = Object.keys(await config());
    for (const key of ["password", "storage", "start", "ssh-public-keys", "ostemplate", "vmid"]) {
      expect(keys).not.toContain(key);
    }
  });

  it("ends its description with a newline", async () => {
    await newCt(lab, { description: "ours" });
    expect(await config()).toMatchObject({ description: "ours\n" });
  });

  it("has a root file system of 4 GiB on the storage that is named", async () => {
    await lab.task("pve01", "POST", "/nodes/pve01/lxc", {
      vmid: 101,
      ostemplate: `Data:${TEMPLATE}`,
      storage: "local-lvm",
    });
    expect(await config()).toMatchObject({ rootfs: "local-lvm:vm-101-disk-0,size=4G" });
  });

  it("has mount points with the volume first", async () => {
    await newCt(lab, { mp0: "local-lvm:8,mp=/data,backup=1,", mp1: "volume=Data:1,mp=/more" });
    expect(await config()).toMatchObject({
      mp0: "local-lvm:vm-101-disk-0,mp=/data,backup=1,size=8G",
      mp1: "Data:101/vm-101-disk-1.raw,mp=/more,size=1G",
    });
  });

  it("starts, if that is asked for", async () => {
    await newCt(lab, { start: 1 });
    const status = await lab.data("pve01", "GET", "/nodes/pve01/lxc/101/status/current");
    expect(status).toMatchObject({ status: "running", type: "lxc", vmid: 101 });
  });
});

describe("a container that cannot be made", () => {
  it.each([
    [{ rootfs: "local:8" }, { storage: "storage 'local' does not support container directories" }],
    [{}, { storage: "storage 'local' does not support container directories" }],
    [
      { rootfs: "Data:8", mp0: "Data:1" },
      {
        mp0: "invalid format - format error\nmp0.mp: property is missing and it is not optional\n",
      },
    ],
    [
      { rootfs: "Data:8", net0: "bridge=vmbr0" },
      {
        net0: "invalid format - format error\nnet0.name: property is missing and it is not optional\n",
      },
    ],
    [{ rootfs: "Data:8", memory: 8 }, { memory: "value must have a minimum value of 16" }],
  ])("is refused as %j", async (params, errors) => {
    expect(await create(params)).toMatchObject({ status: 400, errors });
  });

  it.each([
    [{ mp0: "Data:1,mp=/a" }, "mount points configured, but 'rootfs' not set - aborting"],
    [
      { rootfs: "Data:8", ostemplate: "Data:iso/setup.iso" },
      "unable to use volume Data:iso/setup.iso - content type needs to be 'vztmpl'",
    ],
    [
      { rootfs: "Data:8", ostemplate: "Data:vztmpl/none.tar.zst" },
      "volume 'Data:vztmpl/none.tar.zst' does not exist",
    ],
  ])("is refused as %j in words", async (params, words) => {
    expect(await create(params)).toMatchObject({ status: 500, reason: words });
  });

  it("is refused when the storage is away", async () => {
    lab.site.hardware.switchPower("nas", false);
    expect((await create({ rootfs: "Data:8" })).reason).toBe("storage 'Data' is not online");
  });

  it("leaves nothing when its task fails", async () => {
    const end = await newCt(lab, { mp0: "Data:101/vm-101-disk-9.raw,mp=/a" });
    expect(end).toBe(
      "unable to create CT 101 - volume 'Data:101/vm-101-disk-9.raw' does not exist",
    );
    expect(await disksOf(lab, 101)).toEqual([]);
    expect((await lab.api("pve01", "GET", "/nodes/pve01/lxc/101/config")).reason).toBe(
      "Configuration file 'nodes/pve01/lxc/101.conf' does not exist",
    );
  });

  it("is refused on a VMID that is taken", async () => {
    await newCt(lab);
    expect((await create({ rootfs: "Data:8" })).reason).toBe(
      "unable to create CT 101 - CT 101 already exists on node 'pve01'",
    );
  });
});

describe("who makes a container", () => {
  const ALL = [
    "VM.Allocate",
    "VM.Config.Disk",
    "VM.Config.Memory",
    "VM.Config.Network",
    "Datastore.AllocateSpace",
    "SDN.Use",
  ];
  const wanted = { rootfs: "Data:8", memory: 256, net0: "name=eth0,bridge=vmbr0" };

  it("needs a privilege for each thing in it", async () => {
    expect((await create(wanted, await userWith(lab, ALL))).status).toBe(200);
  });

  it.each([
    ["VM.Config.Disk", "(/vms/101, VM.Config.Disk)"],
    ["VM.Config.Memory", "(/vms/101, VM.Config.Memory)"],
    ["VM.Config.Network", "(/vms/101, VM.Config.Network)"],
    ["Datastore.AllocateSpace", "(/storage/Data, Datastore.AllocateSpace)"],
    ["SDN.Use", "(/sdn/zones/localnetwork/vmbr0, SDN.Use)"],
  ])("is refused without %s", async (privilege, words) => {
    const auth = await userWith(
      lab,
      ALL.filter((held) => held !== privilege),
    );
    expect((await create(wanted, auth)).reason).toBe(`Permission check failed ${words}`);
  });

  it.each([
    [{ unprivileged: 0 }, "(/, Sys.Modify)"],
    [
      { features: "nesting=1,keyctl=1" },
      "(changing feature flags (except nesting) is only allowed for root@pam)",
    ],
    [{ mp0: "/srv,mp=/srv" }, "(mount point type bind is only allowed for root@pam)"],
    [{ dev0: "/dev/ttyS0" }, "(configuring device passthrough is only allowed for root@pam)"],
    [{ hookscript: "Data:snippets/a" }, "(changing the hookscript is only allowed for root@pam)"],
    [{ hostname: "a", onboot: 1 }, "(/vms/101, VM.Config.Options)"],
  ])("is refused more for %j", async (params, words) => {
    const auth = await userWith(lab, ALL);
    expect((await create({ ...wanted, ...params }, auth)).reason).toBe(
      `Permission check failed ${words}`,
    );
  });

  it("may let it nest", async () => {
    const auth = await userWith(lab, ALL);
    expect((await create({ ...wanted, features: "nesting=1," }, auth)).status).toBe(200);
  });
});

describe("a change of a container", () => {
  beforeEach(async () => {
    await newCt(lab, {
      cores: 1,
      net0: "name=eth0,bridge=vmbr0,ip=dhcp",
      net1: "name=eth1,bridge=vmbr0,ip=10.0.0.9/24",
      mp0: "Data:1,mp=/data",
    });
  });

  it("deletes every key of a repeated list", async () => {
    expect((await put({ delete: ["net1", "mp0"] })).status).toBe(200);
    const after = await config();
    expect(after.net1).toBeUndefined();
    expect(after.mp0).toBeUndefined();
    expect(after.net0).toBeDefined();
  });

  it("keeps a volume that has lost its place", async () => {
    await put({ delete: "mp0" });
    expect(await config()).toMatchObject({ unused0: "Data:101/vm-101-disk-1.raw" });
    await put({ delete: "unused0" });
    expect(await disksOf(lab, 101)).toEqual(["Data:101/vm-101-disk-0.raw"]);
  });

  it("keeps the size of a volume that it does not name", async () => {
    await put({ mp0: "Data:101/vm-101-disk-1.raw,mp=/data,ro=1" });
    expect(await config()).toMatchObject({
      mp0: "Data:101/vm-101-disk-1.raw,mp=/data,ro=1,size=1G",
    });
  });

  it.each([
    [{ delete: "rootfs" }, "unable to delete required option 'rootfs'"],
    [{ delete: "unprivileged" }, "unable to delete read-only option: 'unprivileged'"],
    [{ unprivileged: 0 }, "unable to modify read-only option: 'unprivileged'"],
    [{}, "no options specified"],
  ])("is refused as %j", async (params, words) => {
    expect(await put(params)).toMatchObject({ status: 500, reason: words });
  });

  it("is refused while something works on it", async () => {
    await put({ lock: "backup" });
    expect((await put({ cores: 2 })).reason).toBe("CT is locked (backup)");
  });

  it("leaves the volumes of a protected one alone", async () => {
    await put({ protection: 1 });
    expect((await put({ delete: "mp0" })).reason).toBe(
      "can't remove CT 101 drive 'mp0' - protection mode enabled",
    );
  });

  it("grows a volume, and says at once what it does not", async () => {
    const resize = (size: string) =>
      lab.api("pve01", "PUT", "/nodes/pve01/lxc/101/resize", { disk: "rootfs", size });
    expect((await resize("4G")).reason).toBe("unable to shrink disk size");
    expect((await resize("8G")).reason).toBe("disk is already at specified size");
    expect((await resize("+2G")).data).toMatch(/:resize:101:/);
    expect(await config()).toMatchObject({ rootfs: "Data:101/vm-101-disk-0.raw,size=10G" });
  });

  it("needs the privilege of each key", async () => {
    const auth = await userWith(lab, ["VM.Config.CPU"]);
    expect((await put({ cores: 2 }, auth)).status).toBe(200);
    expect((await put({ delete: ["mp0"] }, auth)).reason).toBe(
      "Permission check failed (/vms/101, VM.Config.Disk)",
    );
  });
});

describe("the interfaces of a container", () => {
  beforeEach(async () => {
    await newCt(lab, {
      net0: "name=eth0,bridge=vmbr0,hwaddr=BC:24:11:00:00:01,ip=10.0.0.9/24",
      net1: "name=eth1,bridge=vmbr0,hwaddr=BC:24:11:00:00:02",
    });
  });
  const interfaces = () =>
    lab.data<Record<string, unknown>[]>("pve01", "GET", "/nodes/pve01/lxc/101/interfaces");

  it("are none while it does not run", async () => {
    expect(await interfaces()).toEqual([]);
  });

  it("have addresses of the types inet and inet6 only", async () => {
    await lab.data("pve01", "POST", "/nodes/pve01/lxc/101/status/start");
    const list = await interfaces();
    expect(list.find(({ name }) => name === "eth0")).toEqual({
      name: "eth0",
      hwaddr: "bc:24:11:00:00:01",
      inet: "10.0.0.9/24",
      "ip-addresses": [{ "ip-address": "10.0.0.9", "ip-address-type": "inet", prefix: "24" }],
    });
    expect(list.find(({ name }) => name === "eth1")).toMatchObject({ "ip-addresses": [] });
  });
});

describe("destroying a container", () => {
  const DELETE = "/nodes/pve01/lxc/101";
  beforeEach(async () => {
    await newCt(lab);
  });

  it("frees its volumes", async () => {
    expect(await lab.task("pve01", "DELETE", DELETE)).toBe("OK");
    expect(await disksOf(lab, 101)).toEqual([]);
  });

  it("is refused while it runs, unless it is forced", async () => {
    await lab.data("pve01", "POST", `${DELETE}/status/start`);
    expect(await lab.api("pve01", "DELETE", DELETE)).toMatchObject({
      status: 500,
      reason: "unable to destroy CT 101 - container is running",
    });
    expect(await lab.task("pve01", "DELETE", `${DELETE}?force=1`)).toBe("OK");
  });

  it.each([
    [{ protection: 1 }, "can't remove CT 101 - protection mode enabled"],
    [{ lock: "backup" }, "CT is locked (backup)"],
  ])("is refused with %j", async (params, words) => {
    await put(params);
    expect(await lab.api("pve01", "DELETE", DELETE)).toMatchObject({ status: 500, reason: words });
  });

  it("is refused while HA manages it, unless it is to forget it", async () => {
    await lab.data("pve01", "POST", "/cluster/ha/resources", { sid: "ct:101", state: "stopped" });
    expect((await lab.api("pve01", "DELETE", DELETE)).reason).toBe(
      "unable to remove CT 101 - used in HA resources and purge parameter not set.",
    );
    expect(await lab.task("pve01", "DELETE", `${DELETE}?purge=1`)).toBe("OK");
  });
});
