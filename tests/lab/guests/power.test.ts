import { addData, newCt, newVm } from "../support/guests";
import { type Lab, newLab } from "../support/lab";

let lab: Lab;
beforeEach(async () => {
  lab = await newLab();
  await addData(lab);
  await newVm(lab, { scsi0: "Data:1", cores: 2, sockets: 2, memory: 1024, name: "a" });
  await newCt(lab, { hostname: "c" });
});

type Type = "qemu" | "lxc";
const idOf = (type: Type) => (type === "qemu" ? 100 : 101);
const base = (type: Type) => `/nodes/pve01/${type}/${idOf(type)}/status`;
const act = (type: Type, action: string, params = {}) =>
  lab.task("pve01", "POST", `${base(type)}/${action}`, params);
const attempt = (type: Type, action: string) => lab.api("pve01", "POST", `${base(type)}/${action}`);
const current = (type: Type) =>
  lab.data<Record<string, unknown>>("pve01", "GET", `${base(type)}/current`);
const set = (type: Type, params: Record<string, string | number>) =>
  lab.data("pve01", "PUT", `/nodes/pve01/${type}/${idOf(type)}/config`, params);

describe.each<Type>(["qemu", "lxc"])("a guest of type %s", (type) => {
  const word = type === "qemu" ? "VM" : "CT";
  const prefix = type === "qemu" ? "qm" : "vz";

  it("starts, stops, shuts down and reboots by tasks of its type", async () => {
    const types: string[] = [];
    for (const action of ["start", "reboot", "shutdown", "start", "stop"]) {
      const { data } = await attempt(type, action);
      types.push(String(data).split(":")[5] ?? "");
    }
    expect(types).toEqual(["start", "reboot", "shutdown", "start", "stop"].map((a) => prefix + a));
    expect(await current(type)).toMatchObject({ status: "stopped" });
  });

  it("has a process and an age only while it runs", async () => {
    expect(await current(type)).toMatchObject({ status: "stopped", uptime: 0 });
    expect(await current(type)).not.toHaveProperty("pid");
    await act(type, "start");
    await lab.clock.advance(5_000);
    expect(await current(type)).toMatchObject({
      status: "running",
      uptime: 5,
      pid: expect.any(Number),
    });
  });

  it("begins anew when it reboots", async () => {
    await act(type, "start");
    await lab.clock.advance(60_000);
    expect(await act(type, "reboot")).toBe("OK");
    expect(await current(type)).toMatchObject({ status: "running", uptime: 0 });
  });

  it("does not reboot when it does not run", async () => {
    expect(await attempt(type, "reboot")).toMatchObject({
      status: 500,
      reason: `VM ${idOf(type)} not running`,
    });
  });

  it("does not start as a template", async () => {
    await set(type, { template: 1 });
    const kind = type === "qemu" ? "vm" : "CT";
    expect(await act(type, "start")).toBe(`you can't start a ${kind} if it's a template`);
  });

  it("does not start or stop while something works on it", async () => {
    await set(type, { lock: "backup" });
    expect(await act(type, "start")).toBe(`${word} is locked (backup)`);
    expect(await current(type)).toMatchObject({ lock: "backup" });
  });

  it("does not start without its storage", async () => {
    lab.site.hardware.switchPower("nas", false);
    expect(await act(type, "start")).toBe("storage 'Data' is not online");
    expect(await current(type)).toMatchObject({ status: "stopped" });
  });

  it("does not start on a bridge that its node does not have", async () => {
    await set(type, { net0: type === "qemu" ? "virtio,bridge=vmbr9" : "name=eth0,bridge=vmbr9" });
    expect(await act(type, "start")).toBe(
      type === "qemu"
        ? "start failed: QEMU exited with code 1"
        : "startup for container '101' failed",
    );
    const log = lab.site.nodeState("pve01").tasks.at(-1)?.log;
    expect(log).toContain("bridge 'vmbr9' does not exist");
    expect(await current(type)).toMatchObject({ status: "stopped" });
  });

  it("stops with its node", async () => {
    await lab.cluster();
    await act(type, "start");
    const list = () =>
      lab.data<Record<string, unknown>[]>("pve02", "GET", "/cluster/resources?type=vm");
    const state = async () => (await list()).find(({ vmid }) => vmid === idOf(type))?.status;
    expect(await state()).toBe("running");
    lab.site.hardware.switchPower("pve01", false);
    expect(await state()).toBe("unknown");
  });

  it("that HA manages only gets another wish", async () => {
    const sid = `${type === "qemu" ? "vm" : "ct"}:${idOf(type)}`;
    await lab.data("pve01", "POST", "/cluster/ha/resources", { sid, state: "stopped" });
    expect((await current(type)).ha).toMatchObject({ managed: 1 });
    const { data } = await attempt(type, "start");
    expect(String(data).split(":")[5]).toBe("hastart");
    expect(await lab.data("pve01", "GET", `/cluster/ha/resources/${sid}`)).toMatchObject({
      state: "started",
    });
    lab.site.start();
    await lab.clock.advance(180_000);
    lab.site.stop();
    expect(await current(type)).toMatchObject({ status: "running" });
    const stop = await attempt(type, "shutdown");
    expect(String(stop.data).split(":")[5]).toBe("hastop");
    expect(await lab.data("pve01", "GET", `/cluster/ha/resources/${sid}`)).toMatchObject({
      state: "stopped",
    });
  });

  it("takes options of root from root only", async () => {
    await lab.data("pve01", "POST", "/access/users", { userid: "a@pve" });
    const grant = { path: "/vms", roles: "PVEVMAdmin", users: "a@pve" };
    await lab.data("pve01", "PUT", "/access/acl", grant);
    const auth = lab.ticket("pve01", "a@pve");
    const answer = await lab.api("pve01", "POST", `${base(type)}/stop`, { skiplock: 1 }, auth);
    expect(answer).toMatchObject({
      status: 400,
      errors: { skiplock: "Only root may use this option." },
    });
  });
});

describe("a VM", () => {
  it("that runs fails to start again in its task", async () => {
    await act("qemu", "start");
    expect(await act("qemu", "start")).toBe("VM 100 already running");
  });

  it.each(["stop", "shutdown"])("that is stopped is content to %s", async (action) => {
    expect(
      await act("qemu", action, action === "shutdown" ? { forceStop: 1, timeout: 1800 } : {}),
    ).toBe("OK");
  });

  it("that is unknown fails in its task", async () => {
    expect(await lab.task("pve01", "POST", "/nodes/pve01/qemu/109/status/start")).toBe(
      "Configuration file 'nodes/pve01/qemu-server/109.conf' does not exist",
    );
  });

  it("tells what it is in numbers", async () => {
    expect(await current("qemu")).toMatchObject({
      vmid: 100,
      name: "a",
      qmpstatus: "stopped",
      cpus: 4,
      maxmem: 1024 ** 3,
      maxdisk: 1024 ** 3,
      ha: { managed: 0 },
    });
  });

  it.each([
    ["order=net0;scsi0", 1024 ** 3],
    ["order=net0", 1024 ** 3],
    ["order=ide2;scsi1", 2 * 1024 ** 3],
  ])("that boots by %s shows the size of its first disk", async (boot, maxdisk) => {
    const disks = { scsi0: "Data:1", scsi1: "Data:2", net0: "virtio,bridge=vmbr0" };
    await newVm(lab, { vmid: 106, boot, ...disks });
    const list = await lab.data<Record<string, unknown>[]>("pve01", "GET", "/nodes/pve01/qemu");
    expect(list.find(({ vmid }) => vmid === 106)).toMatchObject({ maxdisk });
  });

  it("without a name is called by its number", async () => {
    await newVm(lab, { vmid: 105 });
    const list = await lab.data<Record<string, unknown>[]>("pve01", "GET", "/nodes/pve01/qemu");
    expect(list.find(({ vmid }) => vmid === 105)).toMatchObject({
      name: "VM 105",
      status: "stopped",
    });
  });

  it("moves to another node, running only online", async () => {
    await lab.cluster();
    await act("qemu", "start");
    const migrate = (params: Record<string, string | number>) =>
      lab.api("pve01", "POST", "/nodes/pve01/qemu/100/migrate", params);
    expect((await migrate({ target: "pve02" })).reason).toBe(
      "can't migrate running VM without --online",
    );
    expect((await migrate({ target: "pve02", online: 1 })).data).toMatch(/:qmigrate:100:/);
    expect(await lab.data("pve02", "GET", "/nodes/pve02/qemu/100/status/current")).toMatchObject({
      status: "running",
    });
    expect((await lab.api("pve01", "GET", "/nodes/pve01/qemu/100/config")).reason).toBe(
      "Configuration file 'nodes/pve01/qemu-server/100.conf' does not exist",
    );
  });
});

describe("a container", () => {
  it("says at once that it runs already, or not", async () => {
    expect(await attempt("lxc", "stop")).toMatchObject({
      status: 500,
      reason: "CT 101 not running",
    });
    expect((await attempt("lxc", "shutdown")).reason).toBe("CT 101 not running");
    await act("lxc", "start");
    expect((await attempt("lxc", "start")).reason).toBe("CT 101 already running");
  });
});
