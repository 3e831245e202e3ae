import { UNKNOWN } from "../../../policy/facts/known";
import type { FirewallRule } from "../../../policy/facts/security";
import type { SiteFacts } from "../../../policy/facts/site";
import { forbidExposedGuests } from "../../../policy/rules/forbidExposedGuests";
import {
  cluster,
  firewall,
  firewallRule as rule,
  guest,
  guestFirewall,
  judge,
  nic,
  site,
  web,
} from "../support/facts";

const verdict = (changes: Partial<SiteFacts> = {}, config: object = {}) =>
  judge(forbidExposedGuests, site(changes), config);

const told = (name: string, on = "vmbr0"): [string, string] => [
  `urn:${name}`,
  `guest ${name} is on ${on} with the nodes and not behind the firewall: who takes it over reaches ` +
    "web interface, SSH and corosync of every node. Give it a bridge or VLAN of its own, or firewall: true on its " +
    "cards and a firewall that is on and lets nothing out to the nodes.",
];

it("takes guests behind the firewall, and those elsewhere", () => {
  expect(verdict()).toEqual([]);
  const guests = [guest({ nics: [nic({ bridge: "vmbr1", firewall: false })] }), web({ nics: [] })];
  expect(verdict({ guests, firewalls: [] })).toEqual([]);
});

it("takes those of another VLAN of the same bridge", () => {
  const guests = [guest({ nics: [nic({ vlan: 20, firewall: false })] })];
  expect(verdict({ guests })).toEqual([]);
  expect(verdict({ guests }, { management: ["vmbr0.20"] })).toEqual([told("win2016", "vmbr0.20")]);
});

it("takes all where the nodes have a network that no guest is on", () => {
  expect(verdict({ firewalls: [] }, { management: [] })).toEqual([]);
});

it.each<[string, Partial<SiteFacts>]>([
  [
    "nothing describes the cluster's firewall",
    { firewalls: [guestFirewall(100), guestFirewall(102)] },
  ],
  [
    "the cluster's is off",
    { firewalls: [firewall({ enabled: false }), guestFirewall(100), guestFirewall(102)] },
  ],
  ["none of theirs is there", { firewalls: [firewall()] }],
])("tells all where %s", (_what, changes) => {
  expect(verdict(changes)).toEqual([told("win2016"), told("web")]);
});

it("tells the one whose card or whose own firewall lets all through", () => {
  const open = web({ nics: [nic(), nic({ slot: "net1", firewall: false })] });
  expect(verdict({ guests: [guest(), open] })).toEqual([told("web")]);
  const firewalls = [firewall(), guestFirewall(100), guestFirewall(102, { enabled: false })];
  expect(verdict({ firewalls })).toEqual([told("web")]);
});

describe("a guest that lets out what nobody refuses", () => {
  const open = guestFirewall(102, { outputPolicy: "ACCEPT" });
  const firewalls = [firewall(), guestFirewall(100), open];
  const withRules = (...list: Partial<FirewallRule>[]) => ({
    firewalls,
    firewallRules: [
      {
        urn: "urn:rules",
        name: "rules",
        place: { kind: "guest" as const, vmid: 102 },
        rules: list.map((one) => rule({ type: "out", action: "DROP", ...one })),
      },
    ],
  });

  it("reaches the nodes, which let their own network in", () => {
    expect(verdict({ firewalls })).toEqual([told("web")]);
  });

  it.each<[string, Partial<FirewallRule>[]]>([
    ["to anywhere", [{}]],
    ["to their network", [{ dest: "192.168.18.0/24" }]],
    ["to each of them", [{ dest: "10.0.0.1,192.168.18.251,192.168.18.100" }]],
    [
      "to them, after something else",
      [{ action: "ACCEPT", dest: "10.0.0.1" }, { action: "REJECT" }],
    ],
  ])("does not where a rule refuses what goes %s", (_what, list) => {
    expect(verdict(withRules(...list))).toEqual([]);
  });

  it.each<[string, Partial<FirewallRule>[]]>([
    ["is about one of them", [{ dest: "192.168.18.251" }]],
    ["is about others", [{ dest: "10.0.0.0/8" }]],
    ["is about a port", [{ proto: "tcp", port: "8006" }]],
    ["is about one card", [{ iface: "net1" }]],
    ["is off", [{ enabled: false }]],
    ["is about what comes", [{ type: "in" }]],
    ["comes after one that lets all out", [{ action: "ACCEPT" }, {}]],
    ["names what is not looked up", [{ dest: "+dc/nodes" }]],
  ])("does where the rule %s", (_what, list) => {
    expect(verdict(withRules(...list))).toEqual([told("web")]);
  });

  it("does where nothing tells the nodes that a rule would have to name", () => {
    const changes = withRules({ dest: "192.168.18.0/24" });
    expect(verdict({ ...changes, clusters: [] })).toEqual([told("web")]);
  });

  it("counts as one where nothing goes out but by a rule that lets all out", () => {
    const changes = withRules({ action: "ACCEPT" });
    const closed = { ...changes, firewalls: [firewall(), guestFirewall(100), guestFirewall(102)] };
    expect(verdict(closed)).toEqual([told("web")]);
  });
});

it("tells one whose number Proxmox VE chooses, for no firewall can be its", () => {
  expect(verdict({ guests: [guest({ vmid: undefined })] })).toEqual([told("win2016")]);
});

it("takes one that has cards elsewhere too, whatever they are", () => {
  const other = nic({ slot: "net1", bridge: "vmbr1", firewall: false });
  expect(verdict({ guests: [guest({ nics: [nic(), other] })] })).toEqual([]);
});

it.each<[string, Partial<SiteFacts>, string]>([
  ["network", { guests: [guest({ nics: UNKNOWN })] }, "its network is"],
  ["VMID", { guests: [guest({ vmid: UNKNOWN })] }, "its VMID is"],
  [
    "firewall",
    { guests: [guest()], firewalls: [firewall({ enabled: UNKNOWN })] },
    "whether firewall is on is",
  ],
  [
    "place",
    { guests: [guest()], firewalls: [firewall({ place: UNKNOWN })] },
    "the firewalls' places are",
  ],
  [
    "firewall of a guest",
    { firewalls: [firewall(), guestFirewall(100, { enabled: UNKNOWN }), guestFirewall(102)] },
    "whether its firewall is on is",
  ],
  [
    "output policy",
    { firewalls: [firewall(), guestFirewall(100, { outputPolicy: UNKNOWN }), guestFirewall(102)] },
    "its output policy is",
  ],
  ["node", { guests: [guest()], clusters: [cluster({ nodes: UNKNOWN })] }, "the nodes are"],
  [
    "rule",
    {
      guests: [guest()],
      firewallRules: [
        { urn: "urn:r", name: "r", place: { kind: "guest", vmid: 100 }, rules: UNKNOWN },
      ],
    },
    "a guest's firewall rules are",
  ],
])("cannot judge with an unknown %s, and judges the rest", (_what, changes, what) => {
  expect(verdict(changes)).toEqual([
    ["urn:win2016", `cannot judge whether guest win2016 reaches the nodes until ${what} known.`],
  ]);
});
