import { refuses } from "../support/broken";
import { type Changes, site } from "../support/site";

const vmbr1 = (more: object = {}): Changes => ({
  "network.bridges": { vmbr1: { ports: ["eno2"], ...more } },
});
const VLANS = "write VLAN numbers from 2 to 4094 and ranges of them, as in [10, 20, 100-199]";

describe("an interface", () => {
  refuses([
    [
      "is not the bridge of the installer",
      { "network.bridges": { vmbr0: { vlanAware: true } } },
      "network.bridges.vmbr0: vmbr0 has the node's address, is made by the installer, and is left alone; give guests another bridge, or change vmbr0 by hand and leave it out here",
    ],
    [
      "has a name that Linux takes",
      { "network.bridges": { "vm-br": {} }, "network.bonds": { team0: {} } },
      "network.bridges.vm-br: this name cannot be used; use 2 to 10 letters and digits, a letter first, as in vmbr1",
      "network.bonds.team0: this name cannot be used; use bond and a number, as in bond1",
    ],
    [
      "has a name of its own",
      { "network.bridges": { lan: {} }, "network.vlans": { lan: { on: "eno2", id: 5 } } },
      "network.bridges.lan: network.vlans has this name too; give each its own",
    ],
    [
      "has ports by the names of Linux, each once",
      vmbr1({ ports: ["eno2", "eno2"] }),
      "network.bridges.vmbr1.ports: a list; name each only once",
    ],
    [
      "is on nodes that there are",
      vmbr1({ nodes: ["pve01", "pve07"] }),
      'network.bridges.vmbr1.nodes.1: there is no node "pve07"; nodes has pve01, pve02',
    ],
    [
      "has a comment of one line",
      vmbr1({ comment: "a\nb" }),
      'network.bridges.vmbr1.comment: "a\\nb"; write one line, 200 characters at most',
    ],
    [
      "has no packets of any size",
      vmbr1({ mtu: 99000 }),
      "network.bridges.vmbr1.mtu: 99000; write 9216 or less",
    ],
  ]);
});

describe("a port", () => {
  const bond = { "network.bonds": { bond1: { ports: ["eno2", "eno3"], mode: "active-backup" } } };
  refuses([
    [
      "belongs to one interface only",
      { "network.bridges": { vmbr1: { ports: ["eno2"] }, vmbr2: { ports: ["eno2"] } } },
      "network.bridges.vmbr2.ports: eno2 is also a port of network.bridges.vmbr1; it can be in one of them only",
    ],
    [
      "that is a bond has to be described",
      vmbr1({ ports: ["bond7"] }),
      "network.bridges.vmbr1.ports: nothing describes bond7 on pve01; describe it in network.bonds or network.vlans, for that node too",
      "network.bridges.vmbr1.ports: nothing describes bond7 on pve02; describe it in network.bonds or network.vlans, for that node too",
    ],
    [
      "that is a VLAN has to be there on the same node",
      {
        ...vmbr1({ ports: ["eno2.50"] }),
        "network.vlans": { "eno2.50": { on: "eno2", id: 50, nodes: ["pve01"] } },
      },
      "network.bridges.vmbr1.ports: nothing describes eno2.50 on pve02; describe it in network.bonds or network.vlans, for that node too",
    ],
    [
      "is no bridge",
      { "network.bridges": { vmbr1: {}, vmbr2: { ports: ["vmbr1", "vmbr0"] } } },
      "network.bridges.vmbr2.ports: vmbr0 is a bridge, which is no port; name a network card, a bond or a VLAN",
      "network.bridges.vmbr2.ports: vmbr1 is a bridge, which is no port; name a network card, a bond or a VLAN",
    ],
    [
      "of a bond is a network card",
      {
        "network.bonds": {
          ...bond["network.bonds"],
          bond2: { ports: ["bond1", "eno4"], mode: "802.3ad" },
        },
      },
      "network.bonds.bond2.ports: bond1 is no network card; a bond binds network cards",
    ],
    [
      "has no address",
      {
        ...bond,
        ...vmbr1({ ports: ["bond1"] }),
        "nodes.pve01.network": { bond1: { address: "10.0.0.1/24" } },
      },
      "network.bridges.vmbr1.ports: bond1 has an address, and so cannot be a port; give it to vmbr1",
    ],
    [
      "is not what lies on it",
      {
        "network.vlans": { loop: { on: "vmbr1", id: 5 } },
        ...vmbr1({ ports: ["loop"] }),
      },
      "network.vlans.loop.on: loop would lie on itself; name what is below it",
      "network.bridges.vmbr1.ports: vmbr1 would lie on itself; name what is below it",
    ],
  ]);
});

describe("a bond", () => {
  const bond = (more: object, own: object = {}): Changes => ({
    "network.bonds": { bond1: { ports: ["eno2", "eno3"], ...more } },
    "nodes.pve02.network": { bond1: own },
  });
  refuses([
    [
      "has two cards at least",
      { "network.bonds": { bond1: { ports: ["eno2"], mode: "802.3ad" } } },
      "network.bonds.bond1.ports: a list; name two network cards at least",
    ],
    [
      "has a mode that Linux knows",
      bond({ mode: "lacp" }),
      'network.bonds.bond1.mode: "lacp"; write one of active-backup, 802.3ad, balance-xor, balance-rr, balance-tlb, balance-alb, broadcast',
    ],
    [
      "has a primary card in active-backup, among its ports",
      bond({ mode: "active-backup", primary: "eno4" }),
      "network.bonds.bond1.primary: eno4 is none of its ports, eno2, eno3",
    ],
    [
      "has no primary card in 802.3ad",
      bond({ mode: "802.3ad", primary: "eno2" }),
      "network.bonds.bond1.primary: only an active-backup bond has a primary card; take it away",
    ],
    [
      "has no hash where one card works",
      bond({ mode: "active-backup", hash: "layer2" }),
      "network.bonds.bond1.hash: a bond of mode active-backup has no hash; take it away",
    ],
  ]);
});

describe("a VLAN", () => {
  const vlan = (name: string, on: string, id: number, more: object = {}): Changes => ({
    "network.vlans": { [name]: { on, id, ...more } },
  });
  refuses([
    [
      "has the number that its name says",
      vlan("eno2.50", "eno2", 51),
      "network.vlans.eno2.50.id: 51 is not what the name eno2.50 says; correct one of them",
    ],
    [
      "runs over what its name says, on every node",
      { ...vlan("eno2.50", "eno2", 50), "nodes.pve02.network": { "eno2.50": { on: "enp3s0" } } },
      "nodes.pve02.network.eno2.50.on: the name eno2.50 says that it runs over eno2, not over enp3s0; call it vlan50, or correct one of them",
    ],
    [
      "over vmbr0 takes no larger packets than that",
      vlan("vmbr0.50", "vmbr0", 50, { mtu: 9000 }),
      "network.vlans.vmbr0.50.mtu: vmbr0, which it runs over, is left at 1500; write 1500 or less, or use another interface",
    ],
    [
      "has a number",
      vlan("vlan5", "eno2", 5000),
      "network.vlans.vlan5.id: 5000; write 4094 or less",
    ],
    [
      "on a bridge is one of numbers and ranges",
      vmbr1({ vlanAware: true, vlans: ["20-10", 1] }),
      `network.bridges.vmbr1.vlans.0: "20-10"; ${VLANS}`,
      `network.bridges.vmbr1.vlans.1: 1; ${VLANS}`,
    ],
    [
      "is kept apart by a bridge that is aware of it only",
      vmbr1({ vlans: [10] }),
      "network.bridges.vmbr1.vlans: a bridge that is not VLAN-aware lets all of them through; write vlanAware: true, or take this away",
    ],
  ]);
});

describe("packets", () => {
  refuses([
    [
      "are not smaller below than above",
      {
        "network.bonds": { bond1: { ports: ["eno2", "eno3"], mode: "802.3ad", mtu: 2000 } },
        ...vmbr1({ ports: ["bond1"], mtu: 9000 }),
      },
      "network.bonds.bond1.mtu: what lies on it has an MTU of 9000; write 9000 or more, or make that smaller",
    ],
  ]);
});

describe("what is a node's own", () => {
  refuses([
    [
      "is of something that is described",
      { "nodes.pve01.network": { vmbr7: { address: "10.0.0.1/24" } } },
      "nodes.pve01.network.vmbr7: neither network.bridges nor network.bonds nor network.vlans has this name; describe it there first",
    ],
    [
      "is of something that the node has",
      { ...vmbr1({ nodes: ["pve01"] }), "nodes.pve02.network": { vmbr1: { ports: ["eno3"] } } },
      "nodes.pve02.network.vmbr1: network.bridges.vmbr1.nodes leaves pve02 out; add it there, or take this away",
    ],
    [
      "fits what it is of",
      { ...vmbr1(), "nodes.pve02.network": { vmbr1: { on: "eno3" } } },
      "nodes.pve02.network.vmbr1.on: a bridge has no on; take it away",
    ],
    [
      "names an address with its prefix",
      { ...vmbr1(), "nodes.pve02.network": { vmbr1: { address: "10.0.0.1" } } },
      'nodes.pve02.network.vmbr1.address: "10.0.0.1"; write an address with prefix, as in 10.10.10.1/24',
    ],
  ]);
});

it("takes a port that is called otherwise on a node, and a VLAN over vmbr0", () => {
  expect(() =>
    site({
      ...vmbr1(),
      "network.vlans": { "vmbr0.50": { on: "vmbr0", id: 50 } },
      "nodes.pve02.network": { vmbr1: { ports: ["enp3s0"], address: "10.0.0.2/24" } },
    }),
  ).not.toThrow();
});

describe("beside another fault in the same section", () => {
  refuses([
    [
      "nothing is said of what cannot be read",
      {
        "network.bonds": { bond1: { ports: ["eno2", "eno3"], mode: "lacp" } },
        ...vmbr1({ ports: ["bond1"] }),
        "guests.web.bridge": "vmbr1",
        "nodes.pve01.network": { bond1: { primary: "eno2" } },
      },
      'network.bonds.bond1.mode: "lacp"; write one of active-backup, 802.3ad, balance-xor, balance-rr, balance-tlb, balance-alb, broadcast',
    ],
  ]);
});
