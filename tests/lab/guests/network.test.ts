import { connect } from "node:net";
import { type FakeGuestPorts, LoopbackPorts } from "../../../lab/seams/guestPorts";
import { portsOfGuests } from "../../../lab/status";
import { addData, newVm } from "../support/guests";
import { type Lab, newLab } from "../support/lab";
import { act, guestOf } from "./support";

describe("the port of a guest", () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await newLab();
    await addData(lab);
    await newVm(lab, { scsi0: "Data:1" });
  });
  const open = () => [...(lab.site.guestPorts as FakeGuestPorts).answering.values()];

  it("is open while the guest runs, and only then", async () => {
    expect(open()).toEqual([]);
    await act(lab, "start");
    expect(open()).toEqual([guestOf(lab, 100).port]);
    await act(lab, "stop");
    expect(open()).toEqual([]);
  });

  it("is the guest's own, and the same at every start", async () => {
    await newVm(lab, { vmid: 102 });
    await act(lab, "start");
    await lab.task("pve01", "POST", "/nodes/pve01/qemu/102/status/start");
    const { port } = guestOf(lab, 100);
    expect(guestOf(lab, 102).port).not.toBe(port);
    await act(lab, "reboot");
    expect(guestOf(lab, 100).port).toBe(port);
  });

  it("is closed when the node loses its power or its network", async () => {
    await lab.cluster();
    await act(lab, "start");
    lab.site.hardware.plug("pve01", false);
    expect(open()).toEqual([]);
    lab.site.hardware.plug("pve01", true);
    expect(open()).toHaveLength(1);
    lab.site.hardware.switchPower("pve01", false);
    expect(open()).toEqual([]);
  });
});

describe("ports on loopback", () => {
  const ports = new LoopbackPorts();
  const opened = (port?: number) =>
    new Promise<number>((resolve) => ports.open("a", port, resolve));
  const attempt = (port: number) =>
    new Promise<string>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("connect", () => socket.write("ping"));
      socket.once("data", (data) => {
        resolve(data.toString());
        socket.destroy();
      });
      socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""));
    });
  afterEach(() => ports.close("a", false));

  it("answer with what they hear", async () => {
    expect(await attempt(await opened())).toBe("ping");
  });

  it("refuse once they are closed, and come back on the same number", async () => {
    const port = await opened();
    ports.close("a", false);
    expect(await attempt(port)).toBe("ECONNREFUSED");
    expect(await opened(port)).toBe(port);
    expect(await attempt(port)).toBe("ping");
  });

  it("take another number when somebody has theirs", async () => {
    const other = new LoopbackPorts();
    const taken = await new Promise<number>((resolve) => other.open("b", undefined, resolve));
    const port = await opened(taken);
    expect(port).not.toBe(taken);
    expect(await attempt(port)).toBe("ping");
    other.close("b", false);
  });

  it("let a connection wait while the guest changes nodes", async () => {
    const port = await opened();
    const socket = connect(port, "127.0.0.1");
    await new Promise((resolve) => socket.once("connect", resolve));
    socket.write("1");
    expect(String(await new Promise((resolve) => socket.once("data", resolve)))).toBe("1");
    ports.close("a", true);
    expect(await attempt(port)).toBe("ECONNREFUSED");
    socket.write("2");
    const answer = new Promise((resolve) => socket.once("data", resolve));
    await opened(port);
    expect(String(await answer)).toBe("2");
    socket.destroy();
  });
});

describe("the lab's status", () => {
  it("names the port of every guest that has run", async () => {
    const lab = await newLab();
    await newVm(lab);
    await newVm(lab, { vmid: 102 });
    expect(portsOfGuests(lab.state)).toEqual([]);
    await act(lab, "start");
    expect(portsOfGuests(lab.state)).toEqual([{ vmid: 100, port: guestOf(lab, 100).port }]);
  });
});
