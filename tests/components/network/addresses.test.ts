import { refuses } from "../support/broken";
import { type Changes, site } from "../support/site";

/** A VLAN for the nodes' own traffic, with an address on each of them. */
const own = (
  first: string | undefined,
  second: string | undefined,
  more: Changes = {},
): Changes => ({
  "network.bonds": { bond1: { ports: ["eno2", "eno3"], mode: "active-backup" } },
  "network.vlans": { "bond1.50": { on: "bond1", id: 50 } },
  "nodes.pve01.network": first === undefined ? {} : { "bond1.50": { address: first } },
  "nodes.pve02.network": second === undefined ? {} : { "bond1.50": { address: second } },
  ...more,
});

describe("an address on an interface", () => {
  refuses([
    [
      "is given once",
      own("10.0.0.1/24", "10.0.0.1/24"),
      "nodes.pve02.network.bond1.50.address: 10.0.0.1 is also the address of nodes.pve01.network.bond1.50; give each its own",
    ],
    [
      "is in the same network on all nodes",
      own("10.0.0.1/24", "10.0.1.2/24"),
      "nodes.pve02.network.bond1.50.address: 10.0.1.2/24 is not in the network of pve01, 10.0.0.0/24; give bond1.50 one network on all nodes",
    ],
    [
      "is one that a host can have",
      own("10.0.0.0/24", "10.0.0.255/24"),
      "nodes.pve01.network.bond1.50.address: 10.0.0.0/24 is the first or the last of its network, which no host can have",
      "nodes.pve02.network.bond1.50.address: 10.0.0.255/24 is the first or the last of its network, which no host can have",
    ],
    [
      "is not in the site's network",
      own("192.168.18.7/28", undefined),
      "nodes.pve01.network.bond1.50.address: 192.168.18.7/28 overlaps the site's network 192.168.18.0/24 (network.cidr), which the node is in already; use another network",
    ],
    [
      "is not in the network of another interface",
      own("10.0.0.1/24", undefined, {
        "network.bridges": { vmbr1: {} },
        "nodes.pve02.network": { vmbr1: { address: "10.0.0.2/16" } },
      }),
      "nodes.pve02.network.vmbr1.address: 10.0.0.2/16 overlaps the network of bond1.50, 10.0.0.0/24; give each interface a network of its own",
    ],
  ]);
});

describe("a second link", () => {
  const links: Changes = { "nodes.pve01.link1": "10.0.0.1", "nodes.pve02.link1": "10.0.0.2" };
  refuses([
    [
      "is the node's address in its network",
      own("10.0.0.1/24", "10.0.0.3/24", links),
      "nodes.pve02.link1: 10.0.0.2 is not the node's address there; nodes.pve02.network.bond1.50.address has 10.0.0.3/24",
    ],
    [
      "does not run over a bond that turns packets around",
      own("10.0.0.1/24", "10.0.0.2/24", {
        ...links,
        "network.bonds": { bond1: { ports: ["eno2", "eno3"], mode: "balance-rr" } },
      }),
      "nodes.pve01.link1: corosync does not work reliably over bond1, a bond of mode balance-rr; make it active-backup or 802.3ad, or use another network",
      "nodes.pve02.link1: corosync does not work reliably over bond1, a bond of mode balance-rr; make it active-backup or 802.3ad, or use another network",
    ],
  ]);

  it("may be on what is described, or elsewhere", () => {
    expect(() => site(own("10.0.0.1/24", "10.0.0.2/24", links))).not.toThrow();
    expect(() => site(links)).not.toThrow();
  });
});

describe("the network of migrations", () => {
  const over = (network: string): Changes => ({ "migration.network": network });
  refuses([
    [
      "is one in which every node has an address",
      own("10.0.0.1/24", undefined, over("10.0.0.0/24")),
      "migration.network: pve02 has no address in 10.0.0.0/24 that this file knows; give it one in nodes.NAME.network, or write another network",
    ],
    [
      "is one in which no node has two",
      own("10.0.0.1/24", "10.0.0.2/24", over("0.0.0.0/0")),
      "migration.network: pve01, pve02 has several addresses in 0.0.0.0/0; write a network in which each node has one",
    ],
  ]);

  it("is not judged where no address on an interface is described", () => {
    expect(() => site(over("10.99.0.0/24"))).not.toThrow();
    expect(() => site(own("10.0.0.1/24", "10.0.0.2/24", over("10.0.0.0/24")))).not.toThrow();
    expect(() => site(own("10.0.0.1/24", "10.0.0.2/24", over("192.168.18.0/24")))).not.toThrow();
  });
});
