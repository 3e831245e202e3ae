import { refuses } from "../support/broken";

const NAME = "write a name in lower-case letters, digits and inner hyphens, as in example.org";

describe("the site file refuses, of the nodes' system", () => {
  refuses([
    [
      "a zone that is no place",
      { "system.timeZone": "CET" },
      'system.timeZone: "CET"; write a name of the tz database, as in Europe/Berlin, or UTC',
    ],
    [
      "an empty list of time servers",
      { "system.timeServers": [] },
      "system.timeServers: an empty list; name at least one",
    ],
    [
      "a time server that is named twice",
      { "system.timeServers": ["nas", "nas"] },
      "system.timeServers: a list; name each only once",
    ],
    [
      "a node that asks itself",
      { "system.timeServers": ["pve01", "192.168.18.100"] },
      "system.timeServers.0: pve01 is the node pve01; name a machine that is no node: the router, the NAS",
      "system.timeServers.1: 192.168.18.100 is the node pve02; name a machine that is no node: the router, the NAS",
    ],
    [
      "more name servers than Linux asks",
      {
        "system.dns": {
          servers: ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"],
          domain: "example.org",
        },
      },
      "system.dns.servers: a list; write three at most, which is what Linux asks",
    ],
    [
      "name servers without a domain, which Proxmox VE needs",
      { "system.dns": { servers: ["10.0.0.1"] } },
      `system.dns.domain: missing; ${NAME}`,
    ],
    [
      "a second address for a node or host",
      { "system.hosts": { nas: "192.168.18.7", pve01: "192.168.18.8" } },
      "system.hosts.nas: hosts.nas has an address already, and every node learns it; leave this line out",
      "system.hosts.pve01: nodes.pve01 has an address already, and every node learns it; leave this line out",
    ],
    [
      "empty notes",
      { "nodes.pve01.notes": "  \n" },
      'nodes.pve01.notes: "  \\n"; write text, or leave it out',
    ],
  ]);
});
