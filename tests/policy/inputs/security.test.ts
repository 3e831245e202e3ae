import { UNKNOWN } from "../../../policy/facts/known";
import { readFacts } from "../../../policy/inputs/read";
import {
  CONTAINER,
  NFS,
  read,
  resource,
  UNKNOWN_BOOLEAN,
  UNKNOWN_LIST,
  UNKNOWN_NUMBER,
  UNKNOWN_TEXT,
  VM,
} from "../support/inputs";

/** What the rules of access and safety need. */

const ACCESS = "proxmox-ha:access:Access";
const TOKEN = "proxmoxve:user/token:Token";
const TODAY = "2026-11-26";

describe("a token", () => {
  const token = (type: string, inputs: Record<string, unknown>) =>
    readFacts([resource(type, "it", inputs)], [], TODAY).accounts[0];

  it.each([
    ["2026-11-26", 0],
    ["2026-11-25", 1],
    ["2025-11-26", 365],
    ["2026-11-27", -1],
    ["soon", undefined],
    ["", undefined],
    [undefined, undefined],
    [null, undefined],
    [UNKNOWN_TEXT, UNKNOWN],
  ])("that was made on %p has an age of %p days", (issued, age) => {
    expect(token(ACCESS, { user: "ci@pve", issued })?.age).toBe(age);
  });

  it.each([
    ["2027-01-01T00:00:00Z", 36],
    ["2026-11-25T23:59:59Z", -1],
    [undefined, undefined],
    [UNKNOWN_TEXT, UNKNOWN],
  ])("that expires at %p has %p days left", (expirationDate, left) => {
    expect(token(TOKEN, { userId: "ci@pve", expirationDate })?.left).toBe(left);
  });

  it("has an age that nobody knows where the day is not told", () => {
    const told = { issued: "2026-11-25", expirationDate: "2027-01-01T00:00:00Z" };
    expect(read("accounts", ACCESS, told)).toMatchObject({ age: UNKNOWN, left: UNKNOWN });
  });
});

describe("a role", () => {
  it.each([
    ["proxmoxve:index/roleLegacy:RoleLegacy", { roleId: "operators" }],
    [ACCESS, { role: "operators" }],
  ])("of %s has a name and privileges", (type, inputs) => {
    expect(read("roles", type, { ...inputs, privileges: ["VM.Audit"] })).toEqual({
      urn: "urn:it",
      name: "it",
      id: "operators",
      privileges: ["VM.Audit"],
    });
    expect(read("roles", type, { ...inputs, privileges: UNKNOWN_LIST }).privileges).toBe(UNKNOWN);
  });
});

describe("a firewall", () => {
  it("of the cluster is off and drops what comes where nothing is said", () => {
    expect(read("firewalls", "proxmoxve:cluster/firewallLegacy:FirewallLegacy", {})).toEqual({
      urn: "urn:it",
      name: "it",
      place: { kind: "cluster" },
      enabled: false,
      inputPolicy: "DROP",
      outputPolicy: "ACCEPT",
    });
  });

  it("of the cluster says whether it is on and what it does with what comes", () => {
    const inputs = { enabled: true, inputPolicy: "accept", outputPolicy: "drop" };
    expect(
      read("firewalls", "proxmoxve:cluster/firewallLegacy:FirewallLegacy", inputs),
    ).toMatchObject({ enabled: true, inputPolicy: "ACCEPT", outputPolicy: "DROP" });
  });

  it.each(["proxmoxve:node/firewall:Firewall", "proxmoxve:node/firewallLegacy:FirewallLegacy"])(
    "of a node (%s) is on where nothing is said",
    (type) => {
      expect(read("firewalls", type, { nodeName: "pve01" })).toMatchObject({
        place: { kind: "node", node: "pve01" },
        enabled: true,
        inputPolicy: UNKNOWN,
        outputPolicy: UNKNOWN,
      });
    },
  );

  it.each([{ vmId: 100 }, { containerId: 100 }])(
    "of a guest (%j) is off where nothing is said",
    (id) => {
      const type = "proxmoxve:firewall/optionsLegacy:OptionsLegacy";
      expect(read("firewalls", type, { nodeName: "pve01", ...id })).toMatchObject({
        place: { kind: "guest", vmid: 100 },
        enabled: false,
        inputPolicy: "DROP",
      });
      expect(
        read("firewalls", type, { vmId: UNKNOWN_NUMBER, enabled: UNKNOWN_BOOLEAN }),
      ).toMatchObject({ place: UNKNOWN, enabled: UNKNOWN });
    },
  );
});

it("reads a guest's firewall from the component whose script sets it", () => {
  const inputs = { vmId: 102, enabled: true, inputPolicy: "DROP", outputPolicy: "REJECT" };
  expect(read("firewalls", "proxmox-ha:firewall:GuestFirewall", inputs)).toMatchObject({
    place: { kind: "guest", vmid: 102 },
    enabled: true,
    inputPolicy: "DROP",
    outputPolicy: "REJECT",
  });
});

describe("firewall rules", () => {
  const RULES = "proxmoxve:firewall/rulesLegacy:RulesLegacy";

  it.each([
    [{}, { kind: "cluster" }],
    [{ nodeName: "pve01" }, { kind: "node", node: "pve01" }],
    [
      { nodeName: "pve01", containerId: 102 },
      { kind: "guest", vmid: 102 },
    ],
  ])("with %j belong to %j", (inputs, place) => {
    expect(read("firewallRules", RULES, inputs)).toMatchObject({ place, rules: [] });
  });

  it("keep their order, and say what they are about", () => {
    const rules = [
      { type: "IN", action: "accept", proto: "TCP", dport: "8006", source: "10.8.0.0/24" },
      { securityGroup: "admins", enabled: false },
    ];
    expect(read("firewallRules", RULES, { rules }).rules).toEqual([
      {
        enabled: true,
        type: "in",
        action: "ACCEPT",
        group: undefined,
        macro: undefined,
        proto: "tcp",
        port: "8006",
        source: "10.8.0.0/24",
        dest: undefined,
        iface: undefined,
      },
      {
        enabled: false,
        type: undefined,
        action: undefined,
        group: "admins",
        macro: undefined,
        proto: undefined,
        port: undefined,
        source: undefined,
        dest: undefined,
        iface: undefined,
      },
    ]);
    expect(read("firewallRules", RULES, { rules: UNKNOWN_LIST }).rules).toBe(UNKNOWN);
  });

  it("of a security group have its name", () => {
    const type = "proxmoxve:cluster/firewall/security/groupLegacy:GroupLegacy";
    expect(read("securityGroups", type, { name: "admins", rules: [] })).toMatchObject({
      id: "admins",
      rules: [],
    });
  });
});

it("an IP set has the networks that match", () => {
  const cidrs = [{ name: "10.8.0.0/24" }, { name: "10.8.0.9", nomatch: true }];
  expect(
    read("ipSets", "proxmoxve:firewall/ipsetLegacy:IpsetLegacy", { name: "management", cidrs }),
  ).toEqual({
    urn: "urn:it",
    name: "it",
    place: { kind: "cluster" },
    id: "management",
    networks: ["10.8.0.0/24"],
  });
});

describe("a guest", () => {
  it("has network cards, a name, a controller and what is in its drive", () => {
    expect(
      read("guests", VM, {
        name: "win2016",
        scsiHardware: "virtio-scsi-single",
        cdrom: { fileId: "Data:iso/virtio-win.iso" },
        networkDevices: [{ bridge: "vmbr1", model: "virtio", firewall: true, vlanId: 20 }, {}],
      }),
    ).toMatchObject({
      hostName: "win2016",
      scsiHardware: "virtio-scsi-single",
      image: "Data:iso/virtio-win.iso",
      nics: [
        { slot: "net0", bridge: "vmbr1", vlan: 20, model: "virtio", firewall: true },
        { slot: "net1", bridge: "vmbr0", vlan: 0, model: "virtio", firewall: false },
      ],
    });
  });

  it("has the network cards of a container", () => {
    expect(read("guests", CONTAINER, { networkInterfaces: [{ name: "eth0" }] }).nics).toEqual([
      { slot: "net0", bridge: "vmbr0", vlan: 0, trunk: false, model: "veth", firewall: false },
    ]);
  });

  it.each([
    [false, undefined, false],
    [true, undefined, true],
    [false, true, true],
    [true, UNKNOWN_BOOLEAN, true],
    [false, UNKNOWN_BOOLEAN, UNKNOWN],
    [undefined, false, UNKNOWN],
    [undefined, true, true],
  ])(
    "with protect %p by Pulumi and protection %p by Proxmox VE is protected: %p",
    (protect, protection, expected) => {
      const { type, name, urn, props } = resource(VM, "it", { protection });
      const one = { type, name, urn, props, ...(protect === undefined ? {} : { protect }) };
      expect(readFacts([one]).guests[0]?.protected).toBe(expected);
    },
  );
});

it.each([true, false])("a storage is protected where Pulumi protects it: %p", (protect) => {
  expect(readFacts([resource(NFS, "it", {}, protect)]).storages[0]?.protected).toBe(protect);
});
