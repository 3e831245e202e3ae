import { UNKNOWN } from "../../../policy/facts/known";
import type { FirewallRule, IpSetFacts, Place } from "../../../policy/facts/security";
import type { SiteFacts } from "../../../policy/facts/site";
import { requireReachableManagement } from "../../../policy/rules/requireReachableManagement";
import { firewall, firewallRule as rule, guestFirewall, judge, site } from "../support/facts";

const CLUSTER: Place = { kind: "cluster" };
const NONE = { ipSets: [] };

const verdict = (changes: Partial<SiteFacts> = {}, config: object = {}) =>
  judge(requireReachableManagement, site(changes), config);

const rules = (...list: Partial<FirewallRule>[]) => ({
  firewallRules: [{ urn: "urn:rules", name: "rules", place: CLUSTER, rules: list.map(rule) }],
});

const REMEDY =
  "Name their networks in the IP set management, and let no rule go before it; " +
  "where they work in the nodes' own network, set localNetwork: true.";
const locked = (port: number, reason: string): [string, string] => [
  "urn:firewall",
  `firewall firewall lets no administrator reach port ${port} of the nodes: ${reason}. ${REMEDY}`,
];
const NO_WAY =
  "the input policy is DROP, no rule accepts it, and the IP set management has no networks";
const BOTH = [locked(8006, NO_WAY), locked(22, NO_WAY)];

describe("management is reachable", () => {
  it("by the IP set management", () => {
    expect(verdict()).toEqual([]);
  });

  it("where the firewall is off or nothing describes it", () => {
    expect(verdict({ ...NONE, firewalls: [firewall({ enabled: false })] })).toEqual([]);
    expect(verdict({ ...NONE, firewalls: [guestFirewall(100)] })).toEqual([]);
    expect(verdict({ ...NONE, firewalls: [] })).toEqual([]);
  });

  it("where all comes in that no rule refuses", () => {
    expect(verdict({ ...NONE, firewalls: [firewall({ inputPolicy: "ACCEPT" })] })).toEqual([]);
  });

  it("where administrators work in the nodes' own network", () => {
    expect(verdict(NONE, { localNetwork: true })).toEqual([]);
  });

  it.each<[string, Partial<FirewallRule>[]]>([
    ["ports", [{ proto: "tcp", port: "8006,22", source: "10.8.0.0/24" }]],
    [
      "a range of ports",
      [
        { proto: "tcp", port: "20:25" },
        { proto: "tcp", port: "8000:9000" },
      ],
    ],
    [
      "a name and a macro",
      [
        { proto: "tcp", port: "ssh" },
        { proto: "tcp", port: "8006" },
      ],
    ],
    ["a macro", [{ macro: "SSH" }, { proto: "tcp", port: "8006" }]],
    ["all", [{ source: "10.8.0.0/24" }]],
    ["all before all is refused", [{ source: "10.8.0.0/24" }, { action: "DROP" }]],
  ])("by rules for %s", (_what, list) => {
    expect(verdict({ ...NONE, ...rules(...list) })).toEqual([]);
  });

  it("by the rules of a security group", () => {
    const securityGroups = [{ urn: "urn:admins", name: "admins", id: "admins", rules: [rule({})] }];
    expect(
      verdict({
        ...NONE,
        ...rules({ type: undefined, action: undefined, group: "admins" }),
        securityGroups,
      }),
    ).toEqual([]);
  });

  it("for some where others are refused", () => {
    expect(verdict(rules({ action: "DROP", source: "192.168.18.66" }))).toEqual([]);
    expect(verdict(rules({ action: "DROP", dest: "192.168.18.251" }))).toEqual([]);
    expect(verdict(rules({ action: "DROP", iface: "vmbr1" }))).toEqual([]);
  });
});

describe("nobody reaches it", () => {
  it("without networks, rules or a policy that lets them in", () => {
    expect(verdict(NONE)).toEqual(BOTH);
  });

  it.each<[string, Partial<FirewallRule>]>([
    ["is off", { enabled: false }],
    ["is about what goes out", { type: "out" }],
    ["is about another protocol", { proto: "udp" }],
    ["is about another port", { proto: "tcp", port: "443" }],
    ["is about another macro", { macro: "HTTPS" }],
    ["calls a group that is not there", { type: undefined, group: "admins" }],
    ["calls a group and is off", { type: undefined, group: "guests", enabled: false }],
  ])("by a rule that %s", (_what, one) => {
    const securityGroups = [{ urn: "urn:guests", name: "guests", id: "guests", rules: [rule({})] }];
    expect(verdict({ ...NONE, ...rules(one), securityGroups })).toEqual(BOTH);
  });

  it("by rules or sets of nodes and guests", () => {
    const place: Place = { kind: "guest", vmid: 100 };
    const firewallRules = [{ urn: "urn:rules", name: "rules", place, rules: [rule({})] }];
    const ipSets = [
      { urn: "urn:set", name: "set", place, id: "management", networks: ["10.8.0.0/24"] },
    ];
    expect(verdict({ firewallRules, ipSets })).toEqual(BOTH);
  });

  it("by another set, or an empty one", () => {
    const set: IpSetFacts = {
      urn: "urn:set",
      name: "set",
      place: CLUSTER,
      id: "office",
      networks: ["10.8.0.0/24"],
    };
    expect(verdict({ ipSets: [set, { ...set, id: "management", networks: [] }] })).toEqual(BOTH);
  });

  it("at the port for which no rule is", () => {
    expect(verdict({ ...NONE, ...rules({ macro: "SSH" }) })).toEqual([locked(8006, NO_WAY)]);
  });

  it.each(["DROP", "REJECT"])("where a rule refuses all before the set counts (%s)", (action) => {
    const firewalls = [firewall({ inputPolicy: "ACCEPT" })];
    expect(verdict({ firewalls, ...rules({ macro: "SSH" }, { action }, {}) })).toEqual([
      locked(8006, `rule 2 of the cluster (${action}) refuses it to everybody, and comes first`),
    ]);
  });
});

describe("a node with rules of its own", () => {
  const ofNode = (...list: Partial<FirewallRule>[]) => ({
    urn: "urn:pve02",
    name: "pve02",
    place: { kind: "node" as const, node: "pve02" },
    rules: list.map(rule),
  });

  it("asks them before those of the cluster", () => {
    const { firewallRules } = rules({ proto: "tcp", port: "22,8006" });
    const own = ofNode({ macro: "SSH" }, { action: "DROP" });
    expect(verdict({ firewallRules: [...firewallRules, own] })).toEqual([
      locked(8006, "rule 2 of pve02 (DROP) refuses it to everybody, and comes first"),
    ]);
  });

  it("leaves the rest to the cluster's", () => {
    const own = ofNode({ action: "DROP", source: "192.168.18.66" }, { action: "DROP", port: "23" });
    expect(verdict({ firewallRules: [own] })).toEqual([]);
  });
});

describe("what is unknown", () => {
  it.each<[string, Partial<SiteFacts>, string]>([
    ["place", { firewalls: [firewall({ place: UNKNOWN })] }, "the firewalls' places are"],
    ["state", { firewalls: [firewall({ enabled: UNKNOWN })] }, "whether firewall is on is"],
    [
      "policy",
      { firewalls: [firewall({ inputPolicy: UNKNOWN })] },
      "the input policy of firewall is",
    ],
    [
      "place of rules",
      { firewallRules: [{ urn: "urn:rules", name: "rules", place: UNKNOWN, rules: [] }] },
      "the places of rules are",
    ],
    [
      "rules",
      { firewallRules: [{ urn: "urn:rules", name: "rules", place: CLUSTER, rules: UNKNOWN }] },
      "the cluster's firewall rules are",
    ],
    [
      "security group",
      {
        ...rules({ group: "admins" }),
        securityGroups: [{ urn: "urn:admins", name: "admins", id: UNKNOWN, rules: [] }],
      },
      "the security groups are",
    ],
    [
      "rules of a security group",
      {
        ...rules({ group: "admins" }),
        securityGroups: [{ urn: "urn:admins", name: "admins", id: "admins", rules: UNKNOWN }],
      },
      "the rules of security group admins are",
    ],
    [
      "place of a set",
      { ipSets: [{ urn: "urn:set", name: "set", place: UNKNOWN, id: "management", networks: [] }] },
      "the places of IP sets are",
    ],
    [
      "name of a set",
      { ipSets: [{ urn: "urn:set", name: "set", place: CLUSTER, id: UNKNOWN, networks: [] }] },
      "the names of IP sets are",
    ],
    [
      "set",
      {
        ipSets: [
          { urn: "urn:set", name: "set", place: CLUSTER, id: "management", networks: UNKNOWN },
        ],
      },
      "the networks of management are",
    ],
  ])("is told: %s", (_what, changes, what) => {
    expect(verdict(changes)).toEqual([
      [
        changes.firewalls?.[0]?.urn ?? "urn:firewall",
        `cannot judge whom the firewall lets in until ${what} known.`,
      ],
    ]);
  });
});
