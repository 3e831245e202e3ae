import { UNKNOWN } from "../../../policy/facts/known";
import type { InterfaceFacts } from "../../../policy/facts/site";
import { requireEqualMtu } from "../../../policy/rules/requireEqualMtu";
import { judge, site, storage } from "../support/facts";
import { bond, bridgeOf, otherBridge } from "../support/network";

const verdict = (interfaces: InterfaceFacts[], config: object = {}, server?: string) =>
  judge(
    requireEqualMtu,
    site({ interfaces, ...(server ? { storages: [storage({ server })] } : {}) }),
    config,
  );

/** Bridges of both nodes for the storage. */
const storageBridges = (first: Partial<InterfaceFacts>, second: Partial<InterfaceFacts>) => [
  bridgeOf({ id: "vmbr1", addresses: ["10.0.0.1/24"], ...first }),
  otherBridge({ id: "vmbr1", addresses: ["10.0.0.2/24"], ...second }),
];
const jumbo = storageBridges({ mtu: 9000 }, { mtu: 9000 });

const lost = (what: string): [string, string][] => [
  ["urn:vmbr0-pve01", `${what}: large packets between them are lost. Say the same mtu on each.`],
];

describe("the MTU of networks is taken", () => {
  it.each<[string, InterfaceFacts[]]>([
    ["where nobody says one", [bridgeOf(), otherBridge()]],
    ["where one says the usual", [bridgeOf({ mtu: 1500 }), otherBridge()]],
    ["where all say the same", jumbo],
    [
      "on networks that do not meet",
      [bridgeOf(), otherBridge({ id: "vmbr9", mtu: 9000, addresses: ["10.9.0.1/24"] })],
    ],
    [
      "of bridges that take it from what they lie on",
      [...storageBridges({ on: ["bond0"] }, { mtu: 9000 }), bond({ mtu: 9000 })],
    ],
  ])("%s", (_what, interfaces) => {
    expect(verdict(interfaces)).toEqual([]);
  });

  it("towards a server, where both have the same", () => {
    expect(verdict(jumbo, { servers: { "10.0.0.9": 9000 } }, "10.0.0.9")).toEqual([]);
    expect(verdict(storageBridges({}, {}), {}, "10.0.0.9")).toEqual([]);
    expect(verdict(jumbo, {}, "10.1.0.9")).toEqual([]);
    expect(verdict(jumbo, {}, "nas")).toEqual([]);
  });
});

describe("the MTU of networks is refused", () => {
  it("where nodes differ under one name", () => {
    expect(verdict(storageBridges({ mtu: 9000 }, {}))).toEqual(
      lost("bridge vmbr1 has MTU 9000 at vmbr1 of pve01, 1500 at vmbr1 of pve02"),
    );
  });

  it("where a bridge lies on something smaller", () => {
    const small = bond({ node: "pve02", mtu: 1400 });
    expect(verdict([bridgeOf(), otherBridge({ on: ["bond0", "eno3"] }), small])).toEqual(
      lost("bridge vmbr0 has MTU 1500 at vmbr0 of pve01, 1400 at vmbr0 of pve02"),
    );
  });

  it("where they differ in one network under several names", () => {
    expect(verdict(storageBridges({ mtu: 9000 }, { id: "bond1", kind: "bond" }))).toEqual(
      lost("network 10.0.0.0/24 has MTU 9000 at vmbr1 of pve01, 1500 at bond1 of pve02"),
    );
  });

  it.each([
    [{}, "nobody says which MTU it has"],
    [{ servers: { "10.0.0.9": 1500 } }, "it has MTU 1500"],
  ])("where a server has another, configured as %j", (config, told) => {
    expect(verdict(jumbo, config, "10.0.0.9")).toEqual([
      [
        "urn:Data",
        `storage Data: pve01 speaks to its server 10.0.0.9 by vmbr1 with MTU 9000, and ${told}. ` +
          "Where they differ, large packets are lost and disks hang. Say the server's: require-equal-mtu.servers.",
      ],
    ]);
  });

  it("once for a server of several storages", () => {
    const storages = [storage({ server: "10.0.0.9" }), storage({ server: "10.0.0.9" })];
    expect(judge(requireEqualMtu, site({ interfaces: jumbo, storages }))).toHaveLength(1);
  });

  it.each<[string, Partial<InterfaceFacts>]>([
    ["the node of bridge vmbr0-pve01 is", { node: UNKNOWN }],
    ["the name of bridge vmbr0-pve01 is", { id: UNKNOWN }],
    ["the MTU of bridge vmbr0-pve01 is", { mtu: UNKNOWN }],
    ["what bridge vmbr0-pve01 lies on is", { on: UNKNOWN }],
    ["the addresses of bridge vmbr0-pve01 are", { addresses: UNKNOWN }],
  ])("as far as it can be judged until %s known", (until, changes) => {
    expect(verdict([bridgeOf(changes), otherBridge()])).toEqual([
      ["urn:vmbr0-pve01", `cannot judge the MTU of networks until ${until} known.`],
    ]);
  });

  it("as far as the server of a storage is known", () => {
    const storages = [storage({ server: UNKNOWN })];
    expect(judge(requireEqualMtu, site({ interfaces: jumbo, storages }))).toEqual([
      ["urn:vmbr0-pve01", "cannot judge the MTU of networks until the server of Data is known."],
    ]);
  });
});
