import { planLifelines } from "../../../components/firewall/lifelines";
import { type FirewallPlan, planFirewall } from "../../../components/firewall/plan";
import type { RulePlan } from "../../../components/firewall/rules";
import type { Changes } from "../support/site";
import { reversed, site } from "../support/site";

const ON = { enabled: true, management: ["192.168.18.0/24"] };

function planned(section: object, changes: Changes = {}): FirewallPlan {
  const plan = planFirewall(site({ firewall: { ...ON, ...section }, ...changes }));
  if (!plan) throw new Error("there is no firewall");
  return plan;
}

/** `in ACCEPT tcp 22 from nas` */
function line(rule: RulePlan): string {
  const { type, action, macro, proto, dport, source, dest } = rule;
  const words = [type, action, macro, proto, dport];
  return [...words, source && `from ${source}`, dest && `to ${dest}`].filter(Boolean).join(" ");
}

describe("a site that says nothing of a firewall", () => {
  it("gets none, and keeps what is there", () => {
    expect(planFirewall(site())).toBeUndefined();
  });
});

describe("what the site needs", () => {
  const NODES = "192.168.18.100,192.168.18.251";

  it("is let through before all else", () => {
    expect(planned({}).groups[0]?.rules.map(line)).toEqual([
      "in ACCEPT tcp 22,3128,5900:5999,8006 from 192.168.18.0/24",
      "in ACCEPT Ping from 192.168.18.0/24",
      `in ACCEPT tcp 22,3128,5900:5999,8006,60000:60050 from ${NODES}`,
      `out ACCEPT tcp 22,3128,5900:5999,8006,60000:60050 to ${NODES}`,
      `in ACCEPT udp 5404:5412 from ${NODES}`,
      `out ACCEPT udp 5404:5412 to ${NODES}`,
      `in ACCEPT Ping from ${NODES}`,
      `out ACCEPT Ping to ${NODES}`,
      "out ACCEPT tcp 22,5403 to 192.168.18.200",
      "out ACCEPT Ping to 192.168.18.200",
      "out ACCEPT to 192.168.18.200",
      "out ACCEPT DNS",
      "out ACCEPT NTP",
    ]);
  });

  it("counts every link of the nodes, and the network of migrations", () => {
    const rules = planned(
      {},
      {
        "nodes.pve01.link1": "10.10.10.1",
        "nodes.pve02.link1": "10.10.10.2",
        "migration.network": "10.20.20.0/24",
      },
    ).groups[0]?.rules.map(line);
    expect(rules).toContain(`in ACCEPT udp 5404:5412 from 10.10.10.1,10.10.10.2,${NODES}`);
    expect(rules).toContain("in ACCEPT tcp 22,60000:60050 from 10.20.20.0/24");
    expect(rules).toContain("out ACCEPT tcp 22,60000:60050 to 10.20.20.0/24");
  });

  it("names addresses alone, whatever the file calls them, each family by itself", () => {
    const rules = planLifelines(
      site({
        firewall: {
          ...ON,
          management: ["office", "nas", "fd00::/8"],
          aliases: { office: "10.0.0.9/32" },
        },
      }),
    );
    expect(rules.slice(0, 2).map(line)).toEqual([
      "in ACCEPT tcp 22,3128,5900:5999,8006 from 10.0.0.9,192.168.18.200",
      "in ACCEPT tcp 22,3128,5900:5999,8006 from fd00::/8",
    ]);
  });

  it("takes several rules where one would be too long for Proxmox VE", () => {
    const networks = Array.from({ length: 64 }, (_, index) => `10.${100 + index}.128.0/24`);
    const rules = planLifelines(site({ firewall: { ...ON, management: networks } }));
    const sources = rules.flatMap(({ source, dport }) => (dport && source ? [source] : []));
    expect(sources.every((source) => source.length <= 512)).toBe(true);
    const all = sources.flatMap((source) => source.split(","));
    expect(networks.filter((network) => !all.includes(network))).toEqual([]);
  });

  it("needs no witness where the site has none", () => {
    const rules = planned(
      {},
      {
        "cluster.witness": undefined,
        "guests.win2016.ha": undefined,
        "guests.ubuntu.ha": undefined,
      },
    );
    expect(rules.groups[0]?.rules.map(line).join("\n")).not.toContain("5403");
  });
});

describe("the lists of rules", () => {
  it("of the cluster and of nodes begin with what the site needs", () => {
    const { rules, nodes } = planned(
      { rules: [{ in: "drop" }] },
      { "nodes.pve02.firewall": { rules: [{ in: "drop" }] } },
    );
    const drop = { type: "in", action: "DROP", enabled: true };
    const first = { group: "lifelines", comment: "what the site needs", enabled: true };
    expect(rules).toEqual([first, drop]);
    expect(nodes).toEqual([
      { node: "pve02", enabled: true, logIn: "nolog", logOut: "nolog", rules: [first, drop] },
    ]);
  });

  it("of a node with options alone is that of the cluster", () => {
    expect(planned({}, { "nodes.pve01.firewall": { logIn: "info" } }).nodes).toEqual([
      { node: "pve01", enabled: true, logIn: "info", logOut: "nolog", rules: [] },
    ]);
  });

  it("keep the order of the file", () => {
    const rules = [
      { in: "accept", macro: "SSH" },
      { in: "drop", macro: "Telnet" },
      { in: "accept", macro: "Web" },
    ];
    expect(planned({ rules }).rules.slice(1).map(line)).toEqual([
      "in ACCEPT SSH",
      "in DROP Telnet",
      "in ACCEPT Web",
    ]);
  });
});

describe("a rule", () => {
  const only = (rule: object, section: object = {}): RulePlan[] =>
    planned({ ...section, rules: [rule] }).rules.slice(1);

  it("is written as Proxmox VE has it", () => {
    expect(
      only({
        in: "reject",
        protocol: "tcp",
        port: 22,
        log: "info",
        comment: "no",
        disabled: true,
        interface: "vmbr0",
      }),
    ).toEqual([
      {
        type: "in",
        action: "REJECT",
        proto: "tcp",
        dport: "22",
        log: "info",
        comment: "no",
        iface: "vmbr0",
        enabled: false,
      },
    ]);
    expect(only({ out: "drop", protocol: "tcp", port: ["8000-8010", 443, 80] })).toMatchObject([
      { type: "out", action: "DROP", dport: "80,443,8000:8010" },
    ]);
  });

  it("takes in a group at its place", () => {
    const groups = { web: [{ in: "accept", macro: "Web" }] };
    expect(only({ group: "web", interface: "vmbr1", comment: "shop" }, { groups })).toEqual([
      { group: "web", iface: "vmbr1", comment: "shop", enabled: true },
    ]);
  });

  it("becomes several where Proxmox VE has no list for its places", () => {
    const section = { aliases: { Office: "10.20.0.0/16" }, sets: { printers: ["10.20.0.9"] } };
    const from = [
      "10.0.0.1",
      "office",
      "printers",
      "10.0.0.5-10.0.0.9",
      "pve01",
      "fd00::1",
      "10.0.0.0/32",
    ];
    expect(only({ in: "accept", macro: "SSH", from }, section).map(({ source }) => source)).toEqual(
      [
        "10.0.0.0,10.0.0.1,192.168.18.251",
        "fd00::1",
        "dc/Office",
        "+dc/printers",
        "10.0.0.5-10.0.0.9",
      ],
    );
  });

  it("goes between addresses of one family", () => {
    const both = ["10.0.0.1", "fd00::1"];
    expect(only({ in: "accept", from: both, to: both }).map(line)).toEqual([
      "in ACCEPT from 10.0.0.1 to 10.0.0.1",
      "in ACCEPT from fd00::1 to fd00::1",
    ]);
  });
});

describe("what order says nothing in", () => {
  it("is planned in an order of its own", () => {
    const said = {
      management: ["10.0.0.0/8", "nas"],
      sets: { office: ["10.1.0.1", "10.2.0.0/16"] },
      rules: [{ in: "accept", protocol: "tcp", port: [80, 443], from: ["10.0.0.1", "10.0.0.2"] }],
    };
    const turned = {
      management: ["nas", "10.0.0.0/8"],
      sets: { office: ["10.2.0.0/16", "10.1.0.1", "10.1.0.1/32"] },
      rules: [{ in: "accept", protocol: "tcp", port: [443, 80], from: ["10.0.0.2", "10.0.0.1"] }],
    };
    expect(planned(turned)).toEqual(planned(said));
    expect(reversed(site({ firewall: ON }))).toEqual(site({ firewall: ON }));
  });
});

describe("the firewall of a guest", () => {
  it("drops what comes in, lets out what goes, and knows no more than the file", () => {
    expect(planned({}, { "guests.web.firewall": {} }).guests).toEqual([
      {
        guest: "web",
        type: "container",
        vmid: 102,
        node: "pve02",
        enabled: true,
        inputPolicy: "DROP",
        outputPolicy: "ACCEPT",
        dhcp: true,
        macFilter: true,
        ipFilter: false,
        logIn: "nolog",
        logOut: "nolog",
        rules: [],
      },
    ]);
  });

  it("begins with the guest's rules: what nodes need is no business of its", () => {
    const [guest] = planned({}, { "guests.ubuntu.firewall": { rules: [{ in: "accept" }] } }).guests;
    expect(guest?.rules).toEqual([{ type: "in", action: "ACCEPT", enabled: true }]);
  });
});

describe("sets and aliases", () => {
  it("have addresses as Proxmox VE keeps them, and aliases by name", () => {
    const { sets, aliases } = planned({
      aliases: { office: "10.20.0.0/16", printer: "10.20.0.9/32" },
      sets: { near: ["printer", "pve01", "10.0.0.0/8"] },
    });
    expect(aliases).toEqual([
      { name: "office", cidr: "10.20.0.0/16" },
      { name: "printer", cidr: "10.20.0.9" },
    ]);
    expect(sets).toEqual([
      { name: "near", entries: ["10.0.0.0/8", "192.168.18.251", "dc/printer"] },
    ]);
  });
});
