import { REALISTIC } from "../../../lab/guests/traits";
import { addData, newCt, newVm } from "../support/guests";
import { type Lab, newLab } from "../support/lab";
import { act, CT, current, guestOf, lastTask, VM } from "./support";

let lab: Lab;
beforeEach(async () => {
  lab = await newLab();
  await addData(lab);
  await newVm(lab, { scsi0: "Data:8,format=qcow2", memory: 1024 });
  await newCt(lab);
});

const post = (action: string, params = {}, path = VM) =>
  lab.api("pve01", "POST", `${path}/status/${action}`, params);
const answers = (vmid = 100) => lab.site.network.isAnswering(guestOf(lab, vmid));
const took = async (work: Promise<unknown>): Promise<number> => {
  const start = lab.clock.now();
  await work;
  return Math.round((lab.clock.now() - start) / 1000);
};

describe("durations", () => {
  it("are none unless the lab is asked for them", async () => {
    await post("start");
    expect(lastTask(lab).exitstatus).toBe("OK");
    expect(answers()).toBe(true);
    await post("shutdown");
    expect(lastTask(lab).exitstatus).toBe("OK");
    expect(await current(lab)).toMatchObject({ status: "stopped" });
  });

  it("are those of real hardware for a lab that wants them", async () => {
    lab.state.traits = REALISTIC;
    await post("start");
    expect(lastTask(lab).exitstatus).toBeUndefined();
    expect(await current(lab)).toMatchObject({ status: "running" });
    await lab.clock.advance(2_000);
    expect(lastTask(lab).exitstatus).toBe("OK");
    expect(answers()).toBe(false);
    await lab.clock.advance(23_000);
    expect(answers()).toBe(true);
    await post("shutdown");
    await lab.clock.advance(7_000);
    expect(await current(lab)).toMatchObject({ status: "running" });
    await lab.clock.advance(1_000);
    expect(await current(lab)).toMatchObject({ status: "stopped" });
  });

  it("may be one guest's own", async () => {
    guestOf(lab, 100).traits = { boot: 10 };
    await act(lab, "start");
    await act(lab, "start", {}, CT);
    expect(answers()).toBe(false);
    expect(answers(101)).toBe(true);
  });

  it("begin anew with a reset and a reboot", async () => {
    guestOf(lab, 100).traits = { boot: 10 };
    await act(lab, "start");
    await lab.clock.advance(10_000);
    expect(answers()).toBe(true);
    await act(lab, "reset");
    expect(answers()).toBe(false);
    await lab.clock.advance(10_000);
    expect(answers()).toBe(true);
    await act(lab, "reboot");
    expect(answers()).toBe(false);
  });
});

describe("a system that does not listen", () => {
  beforeEach(async () => {
    guestOf(lab, 100).traits = { obeys: false };
    guestOf(lab, 101).traits = { obeys: false };
    await act(lab, "start");
    await act(lab, "start", {}, CT);
  });

  it("is given a minute, and goes on", async () => {
    let end = "";
    const work = act(lab, "shutdown").then((status) => (end = status));
    expect(await took(work)).toBeGreaterThanOrEqual(60);
    expect(end).toBe("VM quit/powerdown failed - got timeout");
    expect(await current(lab)).toMatchObject({ status: "running" });
    expect(await act(lab, "shutdown", { timeout: 5 }, CT)).toBe("container did not stop");
  });

  it("is given as long as its own order of start and stop says", async () => {
    await lab.data("pve01", "PUT", `${VM}/config`, { startup: "order=1,down=5" });
    expect(await took(act(lab, "shutdown"))).toBeLessThan(10);
  });

  it("is ended if that is wanted", async () => {
    expect(await act(lab, "shutdown", { timeout: 5, forceStop: 1 })).toBe("OK");
    expect(lastTask(lab).log).toContain("VM still running - terminating now with SIGTERM");
    expect(await current(lab)).toMatchObject({ status: "stopped" });
  });

  it("listens to its agent", async () => {
    guestOf(lab, 100).traits = { obeys: false, agent: true };
    guestOf(lab, 100).config.agent = "1";
    expect(await act(lab, "shutdown")).toBe("OK");
    expect(await current(lab)).toMatchObject({ status: "stopped" });
  });

  it("that is stopped meanwhile has obeyed", async () => {
    await post("shutdown");
    await lab.clock.advance(10_000);
    await post("stop");
    await lab.clock.advance(2_000);
    const tasks = lab.site.nodeState("pve01").tasks.filter(({ id }) => id === "100");
    expect(tasks.at(-2)).toMatchObject({ type: "qmshutdown", exitstatus: "OK" });
  });
});

describe("a paused VM", () => {
  beforeEach(async () => {
    await act(lab, "start");
    expect(await act(lab, "suspend")).toBe("OK");
  });

  it("runs, but does not answer", async () => {
    expect(lastTask(lab).type).toBe("qmpause");
    expect(await current(lab)).toMatchObject({ status: "running", qmpstatus: "paused" });
    expect(answers()).toBe(false);
  });

  it("goes on", async () => {
    expect(await act(lab, "resume")).toBe("OK");
    expect(lastTask(lab).type).toBe("qmresume");
    expect(await current(lab)).toMatchObject({ qmpstatus: "running" });
    expect(answers()).toBe(true);
  });

  it("cannot be shut down or rebooted, only stopped", async () => {
    expect((await post("shutdown")).reason).toBe("VM is paused - cannot shutdown");
    expect((await post("reboot")).reason).toBe("VM is paused - cannot shutdown");
    expect(await act(lab, "shutdown", { forceStop: 1 })).toBe("OK");
    expect(await current(lab)).toMatchObject({ status: "stopped", qmpstatus: "stopped" });
  });
});

describe("a VM that sleeps on disk", () => {
  beforeEach(async () => {
    await act(lab, "start");
    expect(await act(lab, "suspend", { todisk: 1 })).toBe("OK");
  });
  const config = () => lab.data<Record<string, unknown>>("pve01", "GET", `${VM}/config`);

  it("is off, locked, and has its memory on a storage that it uses", async () => {
    expect(lastTask(lab).type).toBe("qmsuspend");
    expect(await current(lab)).toMatchObject({ status: "stopped", lock: "suspended" });
    const volid = "Data:100/vm-100-state-suspend-2026-01-01.raw";
    expect(await config()).toMatchObject({ vmstate: volid, runningmachine: "pc-i440fx-10.1+pve0" });
    const volume = await lab.data("pve01", "GET", `/nodes/pve01/storage/Data/content/${volid}`);
    expect(volume).toMatchObject({ size: (2 * 1024 + 500) * 1024 ** 2 });
  });

  it.each(["resume", "start"])("wakes up by %s, and its memory is freed", async (action) => {
    expect(await act(lab, action)).toBe("OK");
    expect(await current(lab)).toMatchObject({ status: "running" });
    expect(await config()).not.toHaveProperty("vmstate");
    expect(await config()).not.toHaveProperty("lock");
    const left = lab.site.storages.volumes("pve01", "Data").filter(({ vmid }) => vmid === 100);
    expect(left.map(({ name }) => name)).toEqual(["100/vm-100-disk-0.qcow2"]);
  });
});

describe("a VM does not sleep on disk", () => {
  it.each([
    [{ hostpci0: "0000:01:00.0" }, /^cannot suspend VM to disk due to passed-through PCI/],
    [{}, /^Cannot suspend HA managed VM to disk$/],
  ])("as %j", async (config, words) => {
    await act(lab, "start");
    Object.assign(guestOf(lab, 100).config, config);
    if (Object.keys(config).length === 0) {
      await lab.data("pve01", "POST", "/cluster/ha/resources", { sid: "vm:100" });
    }
    expect((await post("suspend", { todisk: 1 })).reason).toMatch(words);
  });
});

describe("a lock", () => {
  it("does not hold root, who may skip it", async () => {
    guestOf(lab, 100).config.lock = "backup";
    for (const action of ["start", "shutdown", "start", "stop"]) {
      expect(await act(lab, action)).toBe("VM is locked (backup)");
      expect(await act(lab, action, { skiplock: 1 })).toBe("OK");
    }
    const path = `${VM}/config`;
    expect((await lab.api("pve01", "PUT", path, { cores: 2 })).reason).toMatch(/locked/);
    expect((await lab.api("pve01", "PUT", path, { cores: 2, skiplock: 1 })).status).toBe(200);
  });
});

describe("what only a running VM can do", () => {
  it.each(["reset", "suspend", "resume", "reboot"])("is refused: %s", async (action) => {
    expect(await post(action)).toMatchObject({ status: 500, reason: "VM 100 not running" });
  });
});

describe("the state of a VM", () => {
  it("tells how it runs and what it is", async () => {
    await lab.data("pve01", "PUT", `${VM}/config`, {
      balloon: 512,
      shares: 50,
      agent: "enabled=1",
      serial0: "socket",
      vga: "qxl",
    });
    await act(lab, "start");
    expect(await current(lab)).toMatchObject({
      "running-machine": "pc-i440fx-10.1+pve0",
      "running-qemu": "10.1.2",
      agent: 1,
      balloon: 1024 ** 3,
      balloon_min: 512 * 1024 ** 2,
      shares: 50,
      serial: 1,
      spice: 1,
      mem: 256 * 1024 ** 2,
      memhost: 256 * 1024 ** 2,
      pressurecpusome: 0,
    });
  });

  it("of one that is off tells nothing of that", async () => {
    const state = await current(lab);
    for (const key of ["running-qemu", "balloon", "agent", "pid", "pressurecpusome"]) {
      expect(state).not.toHaveProperty(key);
    }
  });

  it("of a container has swap, and all processors of the node unless told otherwise", async () => {
    expect(await current(lab, CT)).toMatchObject({ maxswap: 512 * 1024 ** 2, swap: 0, cpus: 4 });
  });
});
