import { refuses } from "../support/broken";
import { site } from "../support/site";

const HA = { "guests.web.ha": {}, "guests.win2016.ha.nodes": undefined };
const node = (last: number) => ({ address: `192.168.18.${last}`, cpus: 1, memory: "4 GiB" });

describe("a group of guests that stay together or apart", () => {
  refuses([
    [
      "has guests of the site",
      { "ha.together.office": ["ubuntu", "mail"] },
      'ha.together.office.1: there is no guest "mail"; guests has win2016, ubuntu, web',
    ],
    [
      "has HA guests",
      { "ha.apart.office": ["ubuntu", "web"] },
      "ha.apart.office.1: web is no HA guest; give guests.web an entry ha: {}, or take it out",
    ],
    [
      "has two guests at least",
      { "ha.together.office": ["ubuntu"] },
      "ha.together.office: a list; name two guests at least",
    ],
    [
      "has each guest once",
      { "ha.together.office": ["ubuntu", "ubuntu"] },
      "ha.together.office: a list; name each only once",
    ],
    [
      "has a name of its own",
      { ...HA, "ha.together.office": ["ubuntu", "web"], "ha.apart.office": ["win2016", "web"] },
      "ha.apart.office: ha.together has a group of this name too; give this one another",
    ],
    [
      "has no guest that likes some nodes better than others",
      { "ha.apart.servers": ["win2016", "ubuntu"] },
      "ha.apart.servers.0: win2016 prefers some nodes to others, which cannot be in such a group; give all of guests.win2016.ha.nodes the same number",
    ],
    [
      "has one guest at most that says where it runs",
      {
        "guests.win2016.ha.nodes": { pve01: 1 },
        "guests.ubuntu.ha.nodes": { pve01: 1 },
        "ha.together.servers": ["win2016", "ubuntu"],
      },
      "ha.together.servers: win2016 and ubuntu each name nodes of their own; leave ha.nodes to one of them",
    ],
    [
      "takes no guest from another one",
      {
        ...HA,
        "ha.together.office": ["ubuntu", "web"],
        "ha.together.servers": ["ubuntu", "win2016"],
      },
      "ha.together.servers.0: ubuntu is also in ha.together.office; make one group of both",
    ],
    [
      "says one thing of two guests",
      {
        ...HA,
        "ha.together.all": ["win2016", "ubuntu", "web"],
        "ha.apart.some": ["web", "ubuntu"],
      },
      "ha.apart.some: web and ubuntu are together in ha.together.all; decide for one of both",
    ],
    [
      "has no more guests than there are nodes, if they are apart",
      { ...HA, "ha.apart.all": ["win2016", "ubuntu", "web"] },
      "ha.apart.all: 3 guests cannot be apart on 2 nodes; take some out, or add nodes",
    ],
    [
      "leaves a node to each guest, if they are apart",
      {
        "nodes.pve03": node(3),
        "guests.win2016.ha.nodes": { pve01: 1 },
        "guests.ubuntu.ha.nodes": { pve01: 1 },
        "ha.apart.servers": ["win2016", "ubuntu"],
      },
      "ha.apart.servers: win2016 and ubuntu cannot be apart on pve01; add nodes to their ha.nodes",
    ],
    [
      "is judged as far as it can be read",
      { "guests.web.ha": { state: "on" }, "ha.apart.office": ["ubuntu", "web", "mail"] },
      'guests.web.ha.state: "on"; write one of started, stopped, ignored, disabled',
      'ha.apart.office.2: there is no guest "mail"; guests has win2016, ubuntu, web',
      "ha.apart.office: 3 guests cannot be apart on 2 nodes; take some out, or add nodes",
    ],
  ]);

  it("may share one guest with a group of the other kind", () => {
    const { ha } = site({
      ...HA,
      "ha.together.office": ["ubuntu", "web"],
      "ha.apart.servers": ["ubuntu", "win2016"],
    });
    expect(ha).toMatchObject({
      together: { office: ["ubuntu", "web"] },
      apart: { servers: ["ubuntu", "win2016"] },
    });
  });

  it("may have guests that name nodes of their own, with one priority", () => {
    const { ha } = site({
      "guests.win2016.ha.nodes": { pve01: 1, pve02: 1 },
      "guests.ubuntu.ha.nodes": { pve01: 5 },
      "ha.apart.servers": ["ubuntu", "win2016"],
    });
    expect(ha.apart).toEqual({ servers: ["ubuntu", "win2016"] });
  });
});

describe("the place of an HA guest in its node's order", () => {
  refuses([
    [
      "is refused",
      { "guests.ubuntu.start": { order: 1 } },
      "guests.ubuntu.start: the HA manager starts this guest, and follows no order; take start away",
    ],
  ]);

  it("is taken where HA ignores the guest", () => {
    const { guests } = site({
      "guests.ubuntu.ha.state": "ignored",
      "guests.ubuntu.start": { order: 1 },
    });
    expect(guests.ubuntu?.start).toEqual({ order: 1 });
  });
});

describe("on release 8", () => {
  refuses([
    [
      "guests are not kept together or apart",
      { ...HA, "cluster.release": 8, "ha.apart.servers": ["ubuntu", "web"] },
      "ha.apart.servers: Proxmox VE 8 has no such groups; take this out until the cluster is on release 9",
    ],
    [
      "nodes are not chosen by what guests use",
      { "cluster.release": 8, "ha.scheduling": "dynamic" },
      "ha.scheduling: Proxmox VE 8 has no dynamic; write basic or static",
    ],
    [
      "nothing was upgraded from it",
      { "cluster.release": 8, "cluster.upgradedFrom": 8 },
      "cluster.upgradedFrom: 8; a cluster on release 8 was not upgraded from it; take this out",
    ],
  ]);
});
