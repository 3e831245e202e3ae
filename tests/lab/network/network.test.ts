import { APPLIED, STAGED } from "../../../lab/network/files";
import { type Lab, newLab } from "../support/lab";

let lab: Lab;
beforeEach(async () => {
  lab = await newLab();
});

const path = "/nodes/pve01/network";
const ask = (method: string, below = "", params = {}) =>
  lab.api("pve01", method, `${path}${below}`, params);
const list = () => lab.data<Record<string, unknown>[]>("pve01", "GET", path);
const find = async (name: string) => (await list()).find(({ iface }) => iface === name);
const file = (name: string) => lab.site.host("pve01").files[name]?.content;
const apply = () => lab.task("pve01", "PUT", path);
const bridge = { iface: "vmbr1", type: "bridge", autostart: 1 };

describe("the network of a node", () => {
  it("is a bridge on the first card after the installation; other cards lie idle", async () => {
    expect(await list()).toEqual([
      {
        iface: "eno1",
        type: "eth",
        method: "manual",
        method6: "manual",
        families: ["inet"],
        exists: 1,
        active: 1,
        priority: 3,
      },
      ...["enp3s0f0", "enp3s0f1"].map((iface) => ({
        iface,
        type: "eth",
        method: "manual",
        method6: "manual",
        families: ["inet"],
        exists: 1,
      })),
      {
        iface: "vmbr0",
        type: "bridge",
        method: "static",
        method6: "manual",
        families: ["inet"],
        cidr: "192.168.18.251/24",
        address: "192.168.18.251",
        netmask: "24",
        gateway: "192.168.18.1",
        bridge_ports: "eno1",
        bridge_stp: "off",
        bridge_fd: "0",
        autostart: 1,
        active: 1,
        priority: 4,
      },
    ]);
  });

  it.each([
    ["bridge", ["vmbr0"]],
    ["any_bridge", ["vmbr0"]],
    ["eth", ["eno1", "enp3s0f0", "enp3s0f1"]],
    ["bond", []],
  ])("is asked for by type: %s", async (type, names) => {
    const found = await lab.data<{ iface: string }[]>("pve01", "GET", path, { type });
    expect(found.map(({ iface }) => iface)).toEqual(names);
  });

  it("hides bridges from who may not use them", async () => {
    await lab.data("pve01", "POST", "/access/users", { userid: "a@pve" });
    const auth = lab.ticket("pve01", "a@pve");
    const found = await lab.data<{ type: string }[]>("pve01", "GET", path, {}, auth);
    expect(found.map(({ type }) => type)).toEqual(["eth", "eth", "eth"]);
    expect((await lab.api("pve01", "POST", path, bridge, auth)).status).toBe(403);
  });
});

describe("a change", () => {
  it("is shown at once and applied later", async () => {
    await ask("POST", "", { ...bridge, cidr: "10.0.0.1/24", comments: "guests", mtu: 1400 });
    const staged = await find("vmbr1");
    expect(staged).toMatchObject({
      method: "static",
      cidr: "10.0.0.1/24",
      comments: "guests\n",
      mtu: "1400",
      bridge_ports: "",
      autostart: 1,
    });
    expect(staged).not.toHaveProperty("active");
    expect(file(STAGED)).toContain("auto vmbr1\niface vmbr1 inet static\n\taddress 10.0.0.1/24\n");
    expect(await apply()).toBe("OK");
    expect(file(STAGED)).toBeUndefined();
    expect(file(APPLIED)).toContain("#guests\n");
    expect(await find("vmbr1")).toMatchObject({ active: 1 });
  });

  it("keeps what it does not understand, in its place", async () => {
    await ask("POST", "", bridge);
    await apply();
    expect(file(APPLIED)?.trimEnd().endsWith("source /etc/network/interfaces.d/*")).toBe(true);
    const before = file(APPLIED);
    await ask("PUT", "/vmbr1", { type: "bridge", autostart: 1 });
    await apply();
    expect(file(APPLIED)).toBe(before);
  });

  it("is dropped by a revert", async () => {
    await ask("POST", "", bridge);
    await ask("DELETE");
    expect(await find("vmbr1")).toBeUndefined();
    expect((await ask("GET", "/vmbr1")).errors).toEqual({ iface: "interface does not exist" });
  });

  it("without an address turns a static interface into a manual one", async () => {
    await ask("PUT", "/vmbr0", { type: "bridge", bridge_ports: "eno1", autostart: 1 });
    expect(await find("vmbr0")).toMatchObject({ method: "manual", address: "192.168.18.251" });
  });

  it("takes an address away with its mask", async () => {
    await ask("PUT", "/vmbr0", { type: "bridge", autostart: 1, delete: "cidr,gateway" });
    const found = await find("vmbr0");
    for (const key of ["cidr", "address", "netmask", "gateway"]) {
      expect(found).not.toHaveProperty(key);
    }
  });

  it("has both families where there are two addresses", async () => {
    await ask("POST", "", {
      ...bridge,
      cidr: "10.0.0.1/24",
      cidr6: "fd00::1/64",
      bridge_vids: "2;4",
    });
    expect(await find("vmbr1")).toMatchObject({
      families: ["inet", "inet6"],
      method6: "static",
      cidr6: "fd00::1/64",
      netmask6: "64",
    });
  });

  it("of a VLAN keeps what its name says out of the file", async () => {
    await ask("POST", "", {
      iface: "eno1.5",
      type: "vlan",
      "vlan-raw-device": "eno1",
      "vlan-id": 5,
    });
    expect(await find("eno1.5")).toMatchObject({ "vlan-raw-device": "eno1", "vlan-id": "5" });
    expect(file(STAGED)).not.toContain("vlan-id");
    await ask("POST", "", { iface: "mine", type: "vlan", "vlan-raw-device": "eno1", "vlan-id": 7 });
    expect(file(STAGED)).toContain("\tvlan-id 7\n\tvlan-raw-device eno1\n");
  });

  it("of a bond starts its slaves with it", async () => {
    const slaves = "enp3s0f0 enp3s0f1";
    await ask("POST", "", {
      iface: "bond0",
      type: "bond",
      slaves,
      bond_mode: "802.3ad",
      bond_xmit_hash_policy: "layer3+4",
    });
    expect(await find("bond0")).toMatchObject({
      slaves,
      bond_mode: "802.3ad",
      bond_xmit_hash_policy: "layer3+4",
      bond_miimon: "100",
    });
    expect(await find("enp3s0f0")).toMatchObject({ autostart: 1 });
  });
});

describe("a change that Proxmox VE refuses", () => {
  it.each([
    [{ iface: "vmbr0", type: "bridge" }, "iface", "interface already exists"],
    [
      { ...bridge, cidr: "10.0.0.1/24", gateway: "10.0.0.2" },
      "gateway",
      "Default gateway already exists on interface 'vmbr0'.",
    ],
    [
      { ...bridge, bridge_ports: "eno1" },
      "bridge_ports",
      "eno1 is already used on interface 'vmbr0'.",
    ],
    [
      { ...bridge, cidr: "10.0.0.1/24", address: "10.0.0.1", netmask: "255.255.255.0" },
      "address",
      "address conflicts with cidr",
    ],
    [{ ...bridge, cidr6: "ff02::1/64" }, "address", "ff02::1 is not a valid host IPv6 address."],
    [{ ...bridge, bridge_vids: "," }, "bridge_vids", "VLAN list items are empty"],
    [{ ...bridge, bridge_vids: "1-5" }, "bridge_vids", "invalid format - invalid VLAN tag '1'\n"],
    [
      { ...bridge, cidr: "10.0.0.1" },
      "cidr",
      "invalid format - value does not look like a valid IPv4 CIDR network\n",
    ],
  ])("names the parameter: %j", async (params, key, words) => {
    expect(await ask("POST", "", params)).toMatchObject({ status: 400, errors: { [key]: words } });
    expect(file(STAGED)).toBeUndefined();
  });

  it.each([
    [
      { iface: "bond0", type: "bond", slaves: "eno9" },
      "bond 'bond0' - unable to find slave 'eno9'",
    ],
    [
      { iface: "bond0", type: "bond", slaves: "vmbr0" },
      "bond 'bond0' - wrong interface type on slave 'vmbr0' ('bridge' != 'eth or bond')",
    ],
    [
      { iface: "bond0", type: "bond", slaves: "enp3s0f0", "bond-primary": "eno1" },
      "bond 'bond0' - bond-primary interface is not a slave",
    ],
    [{ iface: "eno7.5", type: "vlan" }, "vlan 'eno7.5' - unable to find parent 'eno7'"],
    [{ iface: "mine", type: "vlan" }, "missing vlan-raw-device option"],
    [{ iface: "eno1.4095", type: "vlan" }, "vlan 'eno1.4095' - vlan-id 4095 should be <= 4094"],
    [{ ...bridge, bridge_ports: "eno9" }, "bridge 'vmbr1' - unable to find bridge port 'eno9'"],
    [
      { iface: "eno1.5", type: "vlan", mtu: 9000 },
      "interface 'eno1' - mtu 1500 is lower than 'eno1.5' - mtu 9000",
    ],
    [
      { ...bridge, type: "OVSBridge" },
      "Open VSwitch is not installed (need package 'openvswitch-switch')",
    ],
  ])("dies: %j", async (params, reason) => {
    expect(await ask("POST", "", params)).toMatchObject({ status: 500, reason });
  });

  it("is one of what is not there", async () => {
    for (const [method, params] of [
      ["PUT", { type: "bridge" }],
      ["DELETE", {}],
      ["GET", {}],
    ] as const) {
      expect((await ask(method, "/vmbr7", params)).errors).toEqual({
        iface: "interface does not exist",
      });
    }
  });
});
