import { addData, newCt, newVm, userWith } from "../support/guests";
import { type Lab, newLab } from "../support/lab";

let lab: Lab;
beforeEach(async () => {
  lab = await newLab();
});

type Row = Record<string, unknown>;

describe("the next free VMID", () => {
  const next = (query = "") => lab.api("pve01", "GET", `/cluster/nextid${query}`);

  it("is a number, from 100 on", async () => {
    expect((await next()).data).toBe(100);
    await newVm(lab);
    expect((await next()).data).toBe(101);
  });

  it("is a text when it is asked about", async () => {
    expect((await next("?vmid=105")).data).toBe("105");
  });

  it("is not one that is taken", async () => {
    await newVm(lab);
    expect(await next("?vmid=100")).toMatchObject({
      status: 400,
      errors: { vmid: "VM 100 already exists" },
    });
  });

  it("fills gaps, and is reserved for nobody", async () => {
    await newVm(lab, { vmid: 101 });
    expect([(await next()).data, (await next()).data]).toEqual([100, 100]);
  });
});

describe("the resources of a cluster", () => {
  beforeEach(async () => {
    await lab.cluster();
    await addData(lab);
    await newVm(lab, { name: "a", cores: 2, scsi0: "Data:1", template: 0 });
    await newCt(lab, { hostname: "c" });
  });
  const rows = (query = "", auth = lab.ticket("pve02")) =>
    lab.data<Row[]>("pve02", "GET", `/cluster/resources${query}`, {}, auth);
  const ids = (list: Row[]) => list.map(({ id }) => id).sort();

  it("are its guests, nodes and storages", async () => {
    expect(ids(await rows())).toEqual([
      "lxc/101",
      "node/pve01",
      "node/pve02",
      "qemu/100",
      "storage/pve01/Data",
      "storage/pve01/local",
      "storage/pve01/local-lvm",
      "storage/pve02/Data",
      "storage/pve02/local",
      "storage/pve02/local-lvm",
    ]);
  });

  it.each([
    ["vm", ["lxc/101", "qemu/100"]],
    ["node", ["node/pve01", "node/pve02"]],
  ])("may be those of type %s", async (type, found) => {
    expect(ids(await rows(`?type=${type}`))).toEqual(found);
  });

  it("tell of a guest where it is and how it does", async () => {
    const vm = (await rows("?type=vm")).find(({ vmid }) => vmid === 100);
    expect(vm).toMatchObject({
      id: "qemu/100",
      type: "qemu",
      node: "pve01",
      vmid: 100,
      name: "a",
      status: "stopped",
      template: 0,
      maxcpu: 2,
      maxmem: 512 * 1024 ** 2,
      maxdisk: 1024 ** 3,
      uptime: 0,
    });
  });

  it("tell of a node that is off that it is, and of its guests nothing", async () => {
    lab.site.hardware.switchPower("pve01", false);
    await lab.clock.advance(10_000);
    const list = await rows();
    expect(list.find(({ id }) => id === "node/pve01")).toMatchObject({ status: "offline" });
    expect(list.find(({ id }) => id === "qemu/100")).toMatchObject({ status: "unknown" });
    expect(list.find(({ id }) => id === "storage/pve01/local")).toMatchObject({
      status: "unknown",
    });
    expect(list.find(({ id }) => id === "storage/pve02/local")).toMatchObject({
      status: "available",
    });
  });

  it("are those that the caller may see", async () => {
    const auth = await userWith(lab, ["VM.Audit"], "pve02");
    expect(ids(await rows("", auth))).toEqual(["lxc/101", "qemu/100"]);
  });
});

describe("the nodes of a cluster", () => {
  it("tell what they are in numbers", async () => {
    await lab.cluster();
    const list = await lab.data<Row[]>("pve01", "GET", "/nodes");
    expect(list.map(({ node }) => node)).toEqual(["pve01", "pve02"]);
    expect(list[0]).toMatchObject({
      id: "node/pve01",
      type: "node",
      status: "online",
      maxcpu: 4,
      maxmem: 3.75 * 1024 ** 3,
      level: "",
      uptime: 3600,
      ssl_fingerprint: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
    });
  });

  it("before there is a cluster are each alone", async () => {
    expect(await lab.data<Row[]>("pve02", "GET", "/nodes")).toHaveLength(1);
  });

  it("say which release they are", async () => {
    expect(await lab.data("pve01", "GET", "/version")).toMatchObject({
      release: expect.stringMatching(/^9\./),
      version: expect.stringMatching(/^9\./),
    });
  });

  it("tell addresses as well as networks", async () => {
    const list = await lab.data<Row[]>("pve01", "GET", "/nodes/pve01/network");
    expect(list.find(({ iface }) => iface === "vmbr0")).toMatchObject({
      address: "192.168.18.251",
      cidr: "192.168.18.251/24",
      netmask: "24",
      gateway: "192.168.18.1",
      active: 1,
      autostart: 1,
    });
  });
});

describe("pools", () => {
  it("are none, and that is a list", async () => {
    expect(await lab.data("pve01", "GET", "/pools")).toEqual([]);
  });
});
