import { UNKNOWN } from "../../../policy/facts/known";
import { read, UNKNOWN_LIST, UNKNOWN_NUMBER, UNKNOWN_TEXT } from "../support/inputs";

type Inputs = Record<string, unknown>;

describe("an interface of a node", () => {
  it.each<[string, string, Inputs, Inputs]>([
    [
      "a bridge",
      "proxmoxve:network/linux/bridge:Bridge",
      {
        name: "vmbr1",
        mtu: 9000,
        ports: ["bond0"],
        address: "10.0.0.1/24",
        address6: "fd00::1/64",
      },
      { kind: "bridge", id: "vmbr1", mtu: 9000, on: ["bond0"], mode: undefined },
    ],
    [
      "a bond",
      "proxmoxve:network/linux/bond:Bond",
      { name: "bond0", slaves: ["eno1", "eno2"], bondMode: "active-backup" },
      { kind: "bond", id: "bond0", mtu: undefined, on: ["eno1", "eno2"], mode: "active-backup" },
    ],
    [
      "a bond of which nobody says how it works",
      "proxmoxve:network/linux/bond:Bond",
      { name: "bond0", slaves: [] },
      { kind: "bond", on: [], mode: "balance-rr" },
    ],
    [
      "a VLAN",
      "proxmoxve:network/linux/vlan:Vlan",
      { name: "storage", interface: "bond0" },
      { kind: "vlan", id: "storage", on: ["bond0"], mode: undefined },
    ],
    [
      "a VLAN by its name",
      "proxmoxve:network/linux/vlanLegacy:VlanLegacy",
      { name: "bond0.50" },
      { kind: "vlan", on: ["bond0"] },
    ],
  ])("is %s", (_what, type, inputs, fact) => {
    const addresses = [inputs.address, inputs.address6].filter(Boolean);
    expect(read("interfaces", type, { nodeName: "pve01", ...inputs })).toMatchObject({
      node: "pve01",
      addresses,
      ...fact,
    });
  });

  it.each([
    ["name", "id", UNKNOWN_TEXT],
    ["nodeName", "node", UNKNOWN_TEXT],
    ["mtu", "mtu", UNKNOWN_NUMBER],
    ["slaves", "on", UNKNOWN_LIST],
    ["bondMode", "mode", UNKNOWN_TEXT],
    ["address", "addresses", UNKNOWN_TEXT],
  ])("with unknown %s has unknown %s", (property, fact, value) => {
    const bond = { [property]: value };
    expect(read("interfaces", "proxmoxve:network/linux/bond:Bond", bond)).toMatchObject({
      [fact]: UNKNOWN,
    });
  });
});

describe("the options of a cluster", () => {
  const OPTIONS = "proxmoxve:cluster/options:Options";

  it("have limits as far as they are said", () => {
    const inputs = { bandwidthLimitDefault: 60000, bandwidthLimitMigration: 0, language: "en" };
    expect(read("options", OPTIONS, inputs).limits).toEqual({ default: 60000, migration: 0 });
    expect(read("options", OPTIONS, {}).limits).toEqual({});
  });

  it.each(["Clone", "Default", "Migration", "Move", "Restore"])("may not know %s", (task) => {
    const inputs = { [`bandwidthLimit${task}`]: UNKNOWN_NUMBER };
    expect(read("options", OPTIONS, inputs).limits).toBe(UNKNOWN);
  });
});

describe("a user", () => {
  const USER = "proxmoxve:index/userLegacy:UserLegacy";

  it("has an id and a mail address", () => {
    expect(read("users", USER, { userId: "root@pam", email: "ops@example.org" })).toMatchObject({
      user: "root@pam",
      email: "ops@example.org",
    });
    expect(read("users", USER, { userId: "root@pam" }).email).toBeUndefined();
  });

  it.each([
    ["userId", "user"],
    ["email", "email"],
  ])("with unknown %s has unknown %s", (property, fact) => {
    expect(read("users", USER, { [property]: UNKNOWN_TEXT })).toMatchObject({ [fact]: UNKNOWN });
  });
});
