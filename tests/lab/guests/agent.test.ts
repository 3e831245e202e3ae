import { addData, newCt, newVm, userWith } from "../support/guests";
import { type Lab, newLab } from "../support/lab";
import { act, CT, current, guestOf, VM } from "./support";

let lab: Lab;
beforeEach(async () => {
  lab = await newLab();
  await addData(lab);
});

const ask = (command: string, method = "GET", auth = lab.ticket("pve01")) =>
  lab.api("pve01", method, `${VM}/agent/${command}`, {}, auth);
const result = async (command: string, method = "GET") => {
  const { data, reason } = await ask(command, method);
  if (data === null) throw new Error(reason);
  return (data as { result: unknown }).result;
};
const MAC = "BC:24:11:00:00:01";

describe("a VM's agent", () => {
  it("cannot be asked as long as something is missing", async () => {
    await newVm(lab);
    const words = async () => (await ask("ping", "POST")).reason;
    expect(await words()).toBe("No QEMU guest agent configured");
    await lab.data("pve01", "PUT", `${VM}/config`, { agent: "1" });
    expect(await words()).toBe("VM 100 is not running");
    await act(lab, "start");
    expect(await words()).toBe("QEMU guest agent is not running");
    guestOf(lab, 100).traits = { agent: true };
    expect(await result("ping", "POST")).toEqual({});
  });

  it("is silent until the system is up, and while it is paused", async () => {
    await newVm(lab, { agent: "1" });
    guestOf(lab, 100).traits = { agent: true, boot: 20 };
    await act(lab, "start");
    expect((await ask("ping", "POST")).reason).toBe("QEMU guest agent is not running");
    await lab.clock.advance(20_000);
    expect((await ask("ping", "POST")).status).toBe(200);
    await act(lab, "suspend");
    expect((await ask("ping", "POST")).reason).toBe("QEMU guest agent is not running");
  });

  it("is needed to be asked by someone who may", async () => {
    await newVm(lab, { agent: "1", start: 1 });
    const auth = await userWith(lab, ["VM.Audit"]);
    expect((await ask("ping", "POST", auth)).reason).toBe(
      "Permission check failed (/vms/100, VM.GuestAgent.Audit|VM.GuestAgent.Unrestricted)",
    );
  });
});

describe("an agent that answers", () => {
  const start = async (params: Record<string, string | number>) => {
    lab.state.traits = { agent: true };
    await newVm(lab, { agent: "1", name: "web", ...params });
    await act(lab, "start");
  };

  it("tells the addresses that cloud-init gave", async () => {
    await start({
      ide2: "Data:cloudinit",
      net0: `virtio=${MAC},bridge=vmbr0`,
      ipconfig0: "ip=10.0.0.8/24,gw=10.0.0.1,ip6=fd00::8/64",
    });
    expect(await result("network-get-interfaces")).toEqual([
      {
        name: "lo",
        "hardware-address": "00:00:00:00:00:00",
        "ip-addresses": [
          { "ip-address": "127.0.0.1", "ip-address-type": "ipv4", prefix: 8 },
          { "ip-address": "::1", "ip-address-type": "ipv6", prefix: 128 },
        ],
      },
      {
        name: "eth0",
        "hardware-address": MAC.toLowerCase(),
        "ip-addresses": [
          { "ip-address": "10.0.0.8", "ip-address-type": "ipv4", prefix: 24 },
          { "ip-address": "fd00::8", "ip-address-type": "ipv6", prefix: 64 },
        ],
      },
    ]);
  });

  it("keeps its addresses until the drive is made anew", async () => {
    await start({
      ide2: "Data:cloudinit",
      net0: `virtio=${MAC},bridge=vmbr0`,
      ipconfig0: "ip=10.0.0.8/24",
    });
    await lab.data("pve01", "PUT", `${VM}/config`, { ipconfig0: "ip=10.0.0.9/24" });
    expect(JSON.stringify(await result("network-get-interfaces"))).toContain("10.0.0.8");
    await act(lab, "reboot");
    expect(JSON.stringify(await result("network-get-interfaces"))).toContain("10.0.0.9");
  });

  it.each([
    ["l26", "ens18"],
    ["win10", "Ethernet"],
  ])("of a system %s that asks DHCP tells a lease on card %s", async (ostype, name) => {
    await start({ ostype, net0: `virtio=${MAC},bridge=vmbr0` });
    const list = (await result("network-get-interfaces")) as { name: string }[];
    expect(list.at(-1)).toMatchObject({
      name,
      "ip-addresses": [{ "ip-address": "192.168.18.102", "ip-address-type": "ipv4", prefix: 24 }],
    });
  });

  it("has no address on a card without a cable", async () => {
    await start({ net0: `virtio=${MAC},bridge=vmbr0,link_down=1` });
    const list = (await result("network-get-interfaces")) as Record<string, unknown>[];
    expect(list.at(-1)).toMatchObject({ "ip-addresses": [] });
  });

  it("freezes and thaws its file systems", async () => {
    await start({ scsi0: "Data:1", scsi1: "Data:1" });
    expect(await result("fsfreeze-status", "POST")).toBe("thawed");
    expect(await result("fsfreeze-freeze", "POST")).toBe(2);
    expect(await result("fsfreeze-status", "POST")).toBe("frozen");
    expect(await result("fsfreeze-freeze", "POST")).toBe(0);
    expect(await result("fsfreeze-thaw", "POST")).toBe(2);
    expect(await result("fsfreeze-status", "POST")).toBe("thawed");
  });

  it("tells its name, system and time", async () => {
    await start({ ostype: "win10" });
    expect(await result("get-host-name")).toEqual({ "host-name": "web" });
    expect(await result("get-osinfo")).toMatchObject({ id: "mswindows" });
    expect(await result("get-time")).toBe(lab.clock.now() * 1e6);
    expect(await result("info")).toMatchObject({ version: expect.any(String) });
  });

  it("shuts the system down", async () => {
    await start({});
    expect(await result("shutdown", "POST")).toEqual({});
    expect(await current(lab)).toMatchObject({ status: "stopped" });
  });
});

describe("a container that asks DHCP", () => {
  it("has a lease that is nobody else's address on the reference site", async () => {
    await newCt(lab, { net0: "name=eth0,bridge=vmbr0,ip=dhcp,ip6=fd00::9/64", start: 1 });
    const list = await lab.data<unknown[]>("pve01", "GET", `${CT}/interfaces`);
    expect(list.at(-1)).toMatchObject({
      inet: "192.168.18.103/24",
      "ip-addresses": [
        { "ip-address": "192.168.18.103", "ip-address-type": "inet", prefix: "24" },
        { "ip-address": "fd00::9", "ip-address-type": "inet6", prefix: "64" },
      ],
    });
  });
});
