import { MAPPING, refuses } from "./support/broken";
import { site } from "./support/site";

describe("an address", () => {
  refuses([
    [
      "is none",
      { "nodes.pve01.address": "192.168.18.300" },
      'nodes.pve01.address: "192.168.18.300"; write an IPv4 address, as in 192.168.18.251',
    ],
    [
      "is outside the network",
      { "hosts.nas.address": "10.0.0.200" },
      "hosts.nas.address: 10.0.0.200 is not in the site's network 192.168.18.0/24 (network.cidr); correct one of them",
    ],
    [
      "of a container is outside the network",
      { "guests.web.address": "10.0.0.30/24" },
      "guests.web.address: 10.0.0.30 is not in the site's network 192.168.18.0/24 (network.cidr); correct one of them",
    ],
    [
      "of a gateway is outside the network",
      { "guests.web.address": "192.168.18.30/24", "guests.web.gateway": "192.168.81.1" },
      "guests.web.gateway: 192.168.81.1 is not in the site's network 192.168.18.0/24 (network.cidr); correct one of them",
    ],
    [
      "of a container has no prefix",
      { "guests.web.address": "192.168.18.30" },
      'guests.web.address: "192.168.18.30"; write dhcp, or an address with prefix, as in 192.168.18.30/24',
    ],
    [
      "is used twice",
      { "guests.web.address": "192.168.18.200/24" },
      "guests.web.address: 192.168.18.200 is also the address of hosts.nas; give each its own",
    ],
    [
      "of the network is none",
      { "network.cidr": "192.168.18.x/24" },
      'network.cidr: "192.168.18.x/24"; write a network, as in 192.168.18.0/24',
    ],
  ]);
});

describe("a VMID that is used twice", () => {
  refuses([
    [
      "is refused",
      { "guests.web.vmid": 100 },
      "guests.web.vmid: 100 is also the VMID of guests.win2016; give each guest its own",
    ],
    [
      "is refused at each guest after the first",
      { "guests.web.vmid": 100, "guests.ubuntu.vmid": 100 },
      "guests.ubuntu.vmid: 100 is also the VMID of guests.win2016; give each guest its own",
      "guests.web.vmid: 100 is also the VMID of guests.win2016; give each guest its own",
    ],
  ]);
});

describe("a name that stands nowhere else", () => {
  refuses([
    [
      "is a guest's node",
      { "guests.web.node": "pve03" },
      'guests.web.node: there is no node "pve03"; nodes has pve01, pve02',
    ],
    [
      "is a preferred node",
      { "guests.ubuntu.ha.nodes": { pve03: 1 } },
      'guests.ubuntu.ha.nodes.pve03: there is no node "pve03"; nodes has pve01, pve02',
    ],
    [
      "is the founder",
      { "cluster.founder": "nas" },
      'cluster.founder: there is no node "nas"; nodes has pve01, pve02',
    ],
    [
      "is the witness",
      { "cluster.witness": "nas2" },
      'cluster.witness: there is no host "nas2"; hosts has nas',
    ],
    [
      "is a storage's server",
      { "storages.Data.server": "pve01" },
      'storages.Data.server: there is no host "pve01"; hosts has nas',
    ],
    [
      "is a storage",
      { "guests.web.disk.storage": "data" },
      'guests.web.disk.storage: there is no storage "data"; storages has Data, Backup, local, local-lvm',
    ],
    [
      "is the storage of an ISO image",
      { "guests.ubuntu.iso": "isos:iso/debian.iso" },
      'guests.ubuntu.iso: there is no storage "isos"; storages has Data, Backup, local, local-lvm',
    ],
    [
      "is a guest's pool",
      { "pools.office": {}, "guests.web.pool": "offices" },
      'guests.web.pool: there is no pool "offices"; pools has office',
    ],
    [
      "is a pool where there are none, beside another fault",
      { "guests.web.pool": "office", "guests.web.cores": 0 },
      "guests.web.cores: 0; write 1 or more",
      'guests.web.pool: there is no pool "office"; pools is empty',
    ],
    [
      "is a guest to back up",
      { "backups.nightly.guests": ["web", "mail"] },
      'backups.nightly.guests.1: there is no guest "mail"; guests has win2016, ubuntu, web',
    ],
    [
      "is a guest to back up where there are none",
      { guests: undefined, "backups.nightly.guests": ["web"] },
      'backups.nightly.guests.0: there is no guest "web"; guests is empty',
    ],
    // Every JavaScript object has these.
    [
      "is a word that JavaScript knows",
      { "cluster.founder": "constructor", "guests.web.disk.storage": "toString" },
      'cluster.founder: there is no node "constructor"; nodes has pve01, pve02',
      'guests.web.disk.storage: there is no storage "toString"; storages has Data, Backup, local, local-lvm',
    ],
  ]);
});

describe("a host", () => {
  refuses([
    [
      "that is a node is no witness",
      { "cluster.witness": "pve01" },
      "cluster.witness: pve01 is a node, and its vote would be lost with it; name one of hosts",
    ],
    [
      "may not be called like a node",
      { "hosts.pve01": { address: "192.168.18.9" } },
      "hosts.pve01: this name is also a node's; give the host another",
    ],
  ]);
});

describe("a storage", () => {
  refuses([
    [
      "that does not hold images takes no disk",
      { "guests.ubuntu.disks.scsi0.storage": "Backup" },
      "guests.ubuntu.disks.scsi0.storage: storage Backup does not hold images; add it to storages.Backup.content",
    ],
    [
      "that does not hold rootdir and vztmpl takes no container and no template",
      { "storages.Data.content": ["images", "iso"] },
      "guests.web.disk.storage: storage Data does not hold rootdir; add it to storages.Data.content",
      "guests.web.templateStorage: storage Data does not hold vztmpl; add it to storages.Data.content",
    ],
    [
      "that does not hold iso has no image",
      { "guests.ubuntu.iso": "Backup:iso/debian.iso" },
      "guests.ubuntu.iso: storage Backup does not hold iso; add it to storages.Backup.content",
    ],
    [
      "that does not hold backup takes none",
      { "backups.nightly.storage": "Data" },
      "backups.nightly.storage: storage Data does not hold backup; add it to storages.Data.content",
    ],
    [
      "of the installation is as it is",
      { "guests.ubuntu.disks.scsi0.storage": "local" },
      "guests.ubuntu.disks.scsi0.storage: storage local does not hold images; choose another",
    ],
    [
      "may not be called like one of the installation",
      {
        "storages.local": {
          type: "nfs",
          server: "nas",
          export: "/local",
          content: ["iso"],
        },
      },
      "storages.local: every Proxmox VE node has a storage of this name; give this one another",
    ],
    [
      "names a content twice",
      { "storages.Backup.content": ["backup", "backup"] },
      "storages.Backup.content: a list; name each only once",
    ],
    [
      "names a content that there is not",
      { "storages.Backup.content": ["backup", "disk"] },
      'storages.Backup.content.1: "disk"; write one of images, rootdir, iso, vztmpl, backup, snippets, import',
    ],
    [
      "exports a directory",
      { "storages.Data.export": "pve-data" },
      'storages.Data.export: "pve-data"; write the exported directory, as in /backup/pve-data',
    ],
  ]);

  it("of the installation needs no description", () => {
    const local = site({
      "guests.ubuntu.disks.scsi0.storage": "local-lvm",
      "guests.ubuntu.iso": "local:iso/debian.iso",
    });
    expect(Object.keys(local.storages)).toEqual(["Data", "Backup"]);
  });
});

describe("the guests of a backup", () => {
  refuses([
    [
      "are all, or a list",
      { "backups.nightly.guests": "web" },
      'backups.nightly.guests: "web"; write all, or a list of guests',
    ],
    [
      "are no mapping",
      { "backups.nightly.guests": { web: true } },
      "backups.nightly.guests: a mapping; write all, or a list of guests",
    ],
    [
      "are at least one",
      { "backups.nightly.guests": [] },
      "backups.nightly.guests: an empty list; name at least one",
    ],
    [
      "are named by key, not by VMID",
      { "backups.nightly.guests": ["web", 100] },
      'backups.nightly.guests.1: 100; write it in quotes: "100"',
    ],
    [
      "are each named once",
      { "backups.nightly.guests": ["web", "web"] },
      "backups.nightly.guests: a list; name each only once",
    ],
  ]);
});

describe("HA", () => {
  refuses([
    [
      "is a mapping, if only an empty one",
      { "guests.web.ha": true },
      `guests.web.ha: true; ${MAPPING}`,
    ],
    [
      "prefers at least one node, if it prefers any",
      { "guests.ubuntu.ha.nodes": {} },
      "guests.ubuntu.ha.nodes: an empty mapping; name at least one node",
    ],
    [
      "is strict about nodes that it names",
      { "guests.ubuntu.ha.strict": true },
      "guests.ubuntu.ha.nodes: missing; strict needs them: name the nodes that the guest may run on",
    ],
    [
      "has priorities up to 1000",
      { "guests.ubuntu.ha.nodes": { pve01: 1001 } },
      "guests.ubuntu.ha.nodes.pve01: 1001; write 1000 or less",
    ],
    [
      "has four states",
      { "guests.ubuntu.ha.state": "running" },
      'guests.ubuntu.ha.state: "running"; write one of started, stopped, ignored, disabled',
    ],
  ]);
});
