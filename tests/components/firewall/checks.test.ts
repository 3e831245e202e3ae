import { refuses } from "../support/broken";
import { site, siteWith } from "../support/site";
import { errorFor } from "../support/broken";

const ON = { enabled: true, management: ["192.168.18.0/24"] };
const section = (more: object) => ({ firewall: { ...ON, ...more } });
const rules = (...list: object[]) => section({ rules: list });

describe("the firewall of the site", () => {
  it("needs to say whether it is on, and who administers the nodes", () => {
    expect(errorFor(siteWith({ firewall: {} }))).toBe(
      [
        "The site file has 2 problems:",
        "  site.firewall.enabled: missing; write true or false",
        "  site.firewall.management: missing; write a list, as in [one, two]",
      ].join("\n"),
    );
  });

  refuses([
    [
      "has administrators",
      section({ management: [] }),
      "firewall.management: an empty list; name at least one, or nobody could administer the nodes",
    ],
    [
      "has administrators that exist",
      section({ management: ["office"] }),
      'firewall.management.0: there is no alias, node or host "office"; write an address, or correct the name',
    ],
    [
      "has no administrators in a set",
      section({ management: ["office"], sets: { office: ["10.0.0.0/8"] } }),
      "firewall.management.0: office is a set, which cannot be in here; name its entries",
    ],
    [
      "has networks by their first addresses",
      section({ aliases: { office: "10.0.0.5/8" } }),
      'firewall.aliases.office: "10.0.0.5/8"; write an address, or a network by its first address, as in 192.168.18.0/24',
    ],
    [
      "has one meaning for a name",
      section({ aliases: { Nas: "10.0.0.5" }, sets: { nas: ["10.0.0.5"] } }),
      "firewall.aliases.Nas: hosts has this name too, and rules name both; give this one another",
      "firewall.sets.nas: hosts has this name too, and rules name both; give this one another",
    ],
    [
      "has no set of the administrators",
      section({ sets: { management: ["10.0.0.5"] } }),
      "firewall.sets.management: firewall.management says who administers the nodes; move its entries there",
    ],
    [
      "has no set of a guest's addresses",
      section({ sets: { "ipfilter-net0": ["10.0.0.5"] } }),
      "firewall.sets.ipfilter-net0: Proxmox VE takes such a set for the addresses of a guest; give it another name",
    ],
    [
      "has no set of everything",
      section({ sets: { all: ["0.0.0.0/0"] } }),
      "firewall.sets.all.0: 0.0.0.0/0 is every address, which no set may have; leave from or to out",
    ],
    [
      "leaves our own group alone",
      section({ groups: { lifelines: [{ in: "drop" }] } }),
      "firewall.groups.lifelines: the group of what the site needs has this name; give this one another",
    ],
    [
      "has names that Proxmox VE takes",
      section({ groups: { "a-name-of-19-letters": [{ in: "drop" }] } }),
      "firewall.groups.a-name-of-19-letters: this name cannot be used; use 18 characters at most",
    ],
    [
      "does not shut out by its blacklist what the site needs",
      section({ sets: { blacklist: ["192.168.18.192/26", "nas", "192.168.18.7"] } }),
      "firewall.sets.blacklist.0: 192.168.18.192/26 would shut out pve01, which the site needs; what is in this set is dropped before any rule",
      "firewall.sets.blacklist.1: nas would shut out nas, which the site needs; what is in this set is dropped before any rule",
      "firewall.sets.blacklist.2: 192.168.18.7 would shut out 192.168.18.0/24 of firewall.management; what is in this set is dropped before any rule",
    ],
  ]);
});

describe("a rule", () => {
  refuses([
    [
      "says one thing",
      rules({ in: "accept", out: "accept" }, {}),
      "firewall.rules.0: a mapping; write one of in, out, group: what becomes of packets, as in in: accept",
      "firewall.rules.1: an empty mapping; write one of in, out, group: what becomes of packets, as in in: accept",
    ],
    [
      "has an action that Proxmox VE has",
      rules({ in: "allow" }),
      'firewall.rules.0.in: "allow"; write one of accept, drop, reject',
    ],
    [
      "has a macro that Proxmox VE has",
      rules({ in: "accept", macro: "ssh" }),
      'firewall.rules.0.macro: "ssh"; write a macro of Proxmox VE in its spelling, as in SSH, Web, DNS or Ping',
    ],
    [
      "leaves protocol and ports to its macro",
      rules({ in: "accept", macro: "SSH", protocol: "tcp", port: 22 }),
      'firewall.rules.0.protocol: "tcp"; the macro says the protocol; take one of both out',
      "firewall.rules.0.port: 22; the macro says the ports; take one of both out",
    ],
    [
      "has ports where its protocol has them",
      rules({ in: "accept", port: 22 }, { in: "accept", protocol: "icmp", port: 22 }),
      "firewall.rules.0.protocol: missing; ports need a protocol that has them: tcp, udp, sctp",
      'firewall.rules.1.protocol: "icmp"; ports need a protocol that has them: tcp, udp, sctp',
    ],
    [
      "has ports that exist",
      rules({ in: "accept", protocol: "tcp", port: 70_000 }),
      "firewall.rules.0.port: 70000; write a port from 1 to 65535, or a range, as in 8000-8010",
    ],
    [
      "has ranges of ports from low to high",
      rules({ in: "accept", protocol: "tcp", port: [80, "90-85"] }),
      'firewall.rules.0.port.1: "90-85"; write a port from 1 to 65535, or a range, as in 8000-8010',
    ],
    [
      "names what there is",
      rules({ in: "accept", from: ["office", "nas"], to: "pve03" }),
      'firewall.rules.0.from.0: there is no alias, set, node or host "office"; write an address, or correct the name',
      'firewall.rules.0.to: there is no alias, set, node or host "pve03"; write an address, or correct the name',
    ],
    [
      "takes in a group that there is",
      section({ groups: { web: [{ in: "accept" }] }, rules: [{ group: "mail" }] }),
      'firewall.rules.0.group: there is no group "mail"; groups has web',
    ],
    [
      "leaves the rest to its group",
      section({ groups: { web: [{ in: "accept" }] }, rules: [{ group: "web", from: "nas" }] }),
      'firewall.rules.0.from: "nas"; the group\'s own rules say this; take it out here',
    ],
    [
      "takes no group into a group, and no interface",
      section({ groups: { web: [{ in: "accept", interface: "net0", group: "web" }] } }),
      "firewall.groups.web.0.interface: unknown key; see docs/configuration.md for what may stand here",
      "firewall.groups.web.0.group: unknown key; see docs/configuration.md for what may stand here",
    ],
    [
      "goes from one kind of address to the same",
      rules({ in: "accept", from: "10.0.0.0/8", to: "fd00::1" }),
      "firewall.rules.0.to: from and to are one IPv4, the other IPv6; write both in one of them",
    ],
    [
      "is one that can be asked",
      rules({ in: "drop" }, { out: "accept", macro: "NTP" }, { in: "accept", macro: "SSH" }),
      "firewall.rules.2: it is never asked, as rule 0 of this list fits every packet that goes in; move it before that one",
    ],
    [
      "has a comment of one line",
      rules({ in: "drop", comment: "one # two" }),
      'firewall.rules.0.comment: "one # two"; write one line without #',
    ],
  ]);

  it("may come after one that fits everything but is not in use, or for one interface", () => {
    const list = [
      { in: "drop", disabled: true },
      { in: "drop", interface: "vmbr1" },
      { in: "accept", macro: "SSH" },
    ];
    expect(site(rules(...list)).firewall?.rules).toHaveLength(3);
  });
});

describe("the firewall of a guest or node", () => {
  refuses([
    [
      "needs that of the site",
      { "guests.web.firewall": {}, "nodes.pve01.firewall": {} },
      "nodes.pve01.firewall: the site has none, and so this does nothing; write the section firewall",
      "guests.web.firewall: the site has none, and so this does nothing; write the section firewall",
    ],
    [
      "names groups and places that there are",
      {
        ...section({}),
        "guests.web.firewall": { rules: [{ group: "web" }] },
        "nodes.pve01.firewall": { rules: [{ in: "drop", from: "office" }] },
      },
      'nodes.pve01.firewall.rules.0.from: there is no alias, set, node or host "office"; write an address, or correct the name',
      'guests.web.firewall.rules.0.group: there is no group "web"; groups is empty',
    ],
    [
      "filters by addresses that Proxmox VE knows",
      {
        ...section({}),
        "guests.web.firewall": { ipFilter: true },
        "guests.win2016.firewall": { ipFilter: true },
      },
      ...["win2016", "web"].map(
        (key) =>
          `guests.${key}.firewall.ipFilter: Proxmox VE does not know this guest's address and would drop all that it sends; take it out, or give a container a fixed address`,
      ),
    ],
    [
      "names the guest's own cards",
      { ...section({}), "guests.web.firewall": { rules: [{ in: "drop", interface: "vmbr0" }] } },
      'guests.web.firewall.rules.0.interface: "vmbr0"; write a network card of the guest, as in net0',
    ],
  ]);
});

it("a fault elsewhere in the section hides no other", () => {
  expect(
    errorFor(siteWith({ firewall: { management: ["office"], rules: [{ group: "web" }] } })),
  ).toBe(
    [
      "The site file has 3 problems:",
      "  site.firewall.enabled: missing; write true or false",
      '  site.firewall.management.0: there is no alias, node or host "office"; write an address, or correct the name',
      '  site.firewall.rules.0.group: there is no group "web"; groups is empty',
    ].join("\n"),
  );
});
