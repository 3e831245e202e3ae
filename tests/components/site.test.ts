import { InvalidSite, parseSite } from "../../components/site";
import { type Changes, readSiteFile, reversed, site, siteWith } from "./support/site";

/** The whole error text for a site file; fails where there is none, or any other error. */
function errorFor(input: unknown): string {
  try {
    parseSite(input);
  } catch (error) {
    if (error instanceof InvalidSite) return error.message;
    throw error;
  }
  throw new Error("this site file was taken");
}

describe("the reference site", () => {
  it.each(["dev", "prod"] as const)("of %s is taken", (stack) => {
    expect(Object.keys(parseSite(readSiteFile(stack)).guests)).toEqual([
      "win2016",
      "ubuntu",
      "web",
    ]);
  });

  it("is the same site in dev and prod", () => {
    expect(parseSite(readSiteFile("dev"))).toEqual(parseSite(readSiteFile("prod")));
  });

  it("is the same whatever the order of its keys, which Pulumi does not keep", () => {
    expect(parseSite(reversed(readSiteFile("dev")))).toEqual(site());
  });

  it("gets the defaults that the schema names, and no others", () => {
    expect(site().guests.ubuntu).toEqual({
      type: "vm",
      vmid: 101,
      node: "pve01",
      os: "l26",
      cores: 1,
      memory: 512 * 1024 ** 2,
      disks: { scsi0: { storage: "Data", size: 16 * 1024 ** 3 } },
      ha: { state: "started", maxRestart: 1, maxRelocate: 1, failback: true, strict: false },
      cpu: "x86-64-v2-AES",
      bridge: "vmbr0",
      agent: false,
    });
  });

  it("needs no hosts, storages, guests and backups", () => {
    const { cluster, network, nodes } = siteWith({ "cluster.witness": undefined }) as Record<
      string,
      unknown
    >;
    expect(parseSite({ cluster, network, nodes })).toMatchObject({
      hosts: {},
      storages: {},
      guests: {},
      backups: {},
    });
  });

  it("is frozen in all its depth", () => {
    const frozen = (value: unknown): boolean =>
      typeof value !== "object" ||
      value === null ||
      (Object.isFrozen(value) && Object.values(value).every(frozen));
    expect(frozen(site())).toBe(true);
  });
});

/** What is wrong, the change that makes it so, and every line of the error below its first. */
type Broken = [what: string, changes: Changes, ...lines: string[]];

function refuses(table: Broken[]): void {
  it.each(table)("%s", (_what, changes, ...lines) => {
    const count = lines.length === 1 ? "1 problem" : `${lines.length} problems`;
    expect(errorFor(siteWith(changes))).toBe(
      [`The site file has ${count}:`, ...lines.map((line) => `  site.${line}`)].join("\n"),
    );
  });
}

const MAPPING = "write a mapping, as in { name: value }";
const SIZE = "write a number, a blank and MiB, GiB or TiB, as in 2 GiB";
const UNKNOWN_KEY = "unknown key; see docs/configuration.md for what may stand here";

describe("a value of the wrong type", () => {
  refuses([
    ["is text", { "nodes.pve01.cpus": "four" }, 'nodes.pve01.cpus: "four"; write a whole number'],
    [
      "is a number in quotes",
      { "guests.web.vmid": "102" },
      'guests.web.vmid: "102"; write it without quotes: 102',
    ],
    ["is a fraction", { "guests.web.cores": 1.5 }, "guests.web.cores: 1.5; write a whole number"],
    [
      "is a number where text is needed",
      { "storages.Data.nfsVersion": 4.2 },
      'storages.Data.nfsVersion: 4.2; write it in quotes: "4.2"',
    ],
    [
      "is true where text is needed",
      { "guests.web.notes": true },
      'guests.web.notes: true; write it in quotes: "true"',
    ],
    [
      "is a word where true or false is needed",
      { "guests.web.protect": "no" },
      'guests.web.protect: "no"; write true or false',
    ],
    [
      "is false in quotes",
      { "guests.web.protect": "false" },
      'guests.web.protect: "false"; write it without quotes: false',
    ],
    [
      "is the release in quotes",
      { "cluster.release": "9" },
      'cluster.release: "9"; write it without quotes: 9',
    ],
    ["is a list where a mapping is needed", { guests: ["web"] }, `guests: a list; ${MAPPING}`],
    [
      "is an empty list where a mapping is needed",
      { nodes: [] },
      `nodes: an empty list; ${MAPPING}`,
    ],
    [
      "is a mapping where text is needed",
      { "cluster.name": { a: 1 } },
      "cluster.name: a mapping; write text",
    ],
    [
      "is text where a list is needed",
      { "storages.Backup.content": "backup" },
      'storages.Backup.content: "backup"; write a list, as in [one, two]',
    ],
    ["is empty", { "guests.web": null }, `guests.web: empty; ${MAPPING}`],
    ["is empty where text is needed", { "cluster.name": null }, "cluster.name: empty; write text"],
    [
      "is long",
      { "nodes.pve01.cpus": "x".repeat(200) },
      `nodes.pve01.cpus: "${"x".repeat(59)}…; write a whole number`,
    ],
  ]);

  it.each([
    ["nothing", undefined, "missing"],
    ["an empty value", null, "empty"],
    ["a list", [1], "a list"],
    ["text", "mizar", '"mizar"'],
    ["a number", 5, "5"],
  ])("is the site itself: %s", (_what, input, shown) => {
    expect(errorFor(input)).toBe(`The site file has 1 problem:\n  site: ${shown}; ${MAPPING}`);
  });
});

describe("a key", () => {
  refuses([
    ["is unknown", { "guests.web.memroy": "1 GiB" }, `guests.web.memroy: ${UNKNOWN_KEY}`],
    ["is unknown at the top", { guest: {} }, `guest: ${UNKNOWN_KEY}`],
    [
      "belongs to the other type of guest",
      { "guests.web.disks": {} },
      `guests.web.disks: ${UNKNOWN_KEY}`,
    ],
    [
      "is missing",
      { "guests.web.vmid": undefined },
      "guests.web.vmid: missing; write a whole number",
    ],
    ["is missing, a section", { network: undefined }, `network: missing; ${MAPPING}`],
    [
      "is no name for a guest",
      { "guests.web_1": {} },
      "guests.web_1: this name cannot be used; use letters, digits and inner hyphens, 63 characters at most",
    ],
    [
      "is no name for a storage",
      { "storages.1st": {} },
      "storages.1st: this name cannot be used; use two or more letters, digits, - and _; begin with a letter, end with a letter or digit",
    ],
    [
      "is no slot for a disk",
      { "guests.ubuntu.disks.ide0": { storage: "Data", size: "1 GiB" } },
      "guests.ubuntu.disks.ide0: this name cannot be used; name disks scsi0 to scsi30, virtio0 to virtio15 or sata0 to sata5",
    ],
    [
      "is a slot that Proxmox VE does not have",
      { "guests.ubuntu.disks.sata6": { storage: "Data", size: "1 GiB" } },
      "guests.ubuntu.disks.sata6: this name cannot be used; name disks scsi0 to scsi30, virtio0 to virtio15 or sata0 to sata5",
    ],
  ]);
});

describe("the type of a guest", () => {
  refuses([
    ["is unknown", { "guests.web.type": "lxc" }, 'guests.web.type: "lxc"; write vm or container'],
    [
      "is missing",
      { "guests.web.type": undefined },
      "guests.web.type: missing; write vm or container",
    ],
    ["is a number", { "guests.web.type": 1 }, "guests.web.type: 1; write vm or container"],
  ]);
});

describe("a value outside its limits", () => {
  refuses([
    [
      "is a VMID too low",
      { "guests.web.vmid": 99 },
      "guests.web.vmid: 99; use a VMID from 100 to 999999999",
    ],
    [
      "is a VMID too high",
      { "guests.web.vmid": 1_000_000_000 },
      "guests.web.vmid: 1000000000; use a VMID from 100 to 999999999",
    ],
    ["is no core", { "guests.web.cores": 0 }, "guests.web.cores: 0; write 1 or more"],
    ["is too many cores", { "guests.web.cores": 129 }, "guests.web.cores: 129; write 128 or less"],
    [
      "is a negative number of restarts",
      { "guests.ubuntu.ha.maxRestart": -1 },
      "guests.ubuntu.ha.maxRestart: -1; write 0 or more",
    ],
    [
      "is no backup to keep",
      { "storages.Backup.retention.last": 0 },
      "storages.Backup.retention.last: 0; write 1 or more",
    ],
    [
      "is a retention that keeps everything",
      { "storages.Backup.retention": {} },
      "storages.Backup.retention: an empty mapping; name at least one of last, daily, weekly, monthly, yearly",
    ],
    [
      "is a cluster name too long for corosync",
      { "cluster.name": "mizar-and-alcor-1" },
      'cluster.name: "mizar-and-alcor-1"; write 15 characters at most, which is what corosync allows',
    ],
    [
      "is a long note",
      { "guests.web.notes": "x".repeat(4001) },
      `guests.web.notes: "${"x".repeat(59)}…; write 4000 characters at most`,
    ],
    [
      "is an empty schedule",
      { "backups.nightly.schedule": "" },
      'backups.nightly.schedule: ""; write text',
    ],
    ["is a release to come", { "cluster.release": 10 }, "cluster.release: 10; write 9"],
    [
      "is an operating system that nobody knows",
      { "guests.ubuntu.os": "linux" },
      'guests.ubuntu.os: "linux"; write one of l26, win10, win11, other',
    ],
    [
      "is a storage of another type",
      { "storages.Data.type": "cifs" },
      'storages.Data.type: "cifs"; write nfs',
    ],
    ["is a site without nodes", { nodes: {} }, "nodes: an empty mapping; name at least one node"],
    [
      "is a storage for nothing",
      { "storages.Backup.content": [] },
      "storages.Backup.content: an empty list; name at least one",
    ],
  ]);
});

describe("a size", () => {
  refuses([
    ["has no unit", { "guests.web.memory": 256 }, `guests.web.memory: 256; ${SIZE}`],
    ["has no unit, in quotes", { "guests.web.memory": "256" }, `guests.web.memory: "256"; ${SIZE}`],
    [
      "has a unit of another kind",
      { "nodes.pve01.memory": "4 GB" },
      `nodes.pve01.memory: "4 GB"; ${SIZE}`,
    ],
    [
      "is less memory than Proxmox VE gives",
      { "guests.web.memory": "8 MiB" },
      'guests.web.memory: "8 MiB"; write whole MiB, 16 MiB at least',
    ],
    [
      "is a fraction of a disk's GiB",
      { "guests.web.disk.size": "1.5 GiB" },
      'guests.web.disk.size: "1.5 GiB"; write whole GiB, 1 GiB at least',
    ],
    [
      "is an empty disk",
      { "guests.ubuntu.disks.scsi0.size": "0 GiB" },
      'guests.ubuntu.disks.scsi0.size: "0 GiB"; write whole GiB, 1 GiB at least',
    ],
    [
      "is half a MiB of swap",
      { "guests.web.swap": "0.5 MiB" },
      'guests.web.swap: "0.5 MiB"; write whole MiB',
    ],
    [
      "is a node without memory",
      { "nodes.pve01.memory": "0 GiB" },
      'nodes.pve01.memory: "0 GiB"; write what the node reports',
    ],
  ]);

  it("of swap may be zero", () => {
    expect(site({ "guests.web.swap": "0 MiB" }).guests.web).toMatchObject({ swap: 0 });
  });
});

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

describe("a text in a form of its own", () => {
  refuses([
    [
      "is a date",
      { "guests.web.replaceUntil": "2026-02-30" },
      'guests.web.replaceUntil: "2026-02-30"; write a date in quotes, as in "2026-12-31"',
    ],
    [
      "is a date without quotes, of which Pulumi makes a point in time",
      { "guests.web.replaceUntil": "2026-12-31 00:00:00 +0000 UTC" },
      'guests.web.replaceUntil: "2026-12-31 00:00:00 +0000 UTC"; write a date in quotes, as in "2026-12-31"',
    ],
    [
      "is a template",
      { "guests.web.template": "debian-13" },
      'guests.web.template: "debian-13"; write a name from `pveam available`, as in debian-13-standard_13.1-2_amd64.tar.zst',
    ],
    [
      "is an ISO image",
      { "guests.ubuntu.iso": "/var/lib/debian.iso" },
      'guests.ubuntu.iso: "/var/lib/debian.iso"; write STORAGE:iso/FILE, as in Data:iso/debian-13.iso',
    ],
    [
      "is a bridge",
      { "guests.web.bridge": "0" },
      'guests.web.bridge: "0"; write a bridge, as in vmbr0',
    ],
    [
      "is a tag",
      { "guests.web.tags": ["web", "In House"] },
      'guests.web.tags.1: "In House"; use lower-case letters, digits, _, +, . and -; begin with a letter, a digit or _',
    ],
    [
      "is a public key",
      { "guests.web.sshKeys": ["-----BEGIN OPENSSH PRIVATE KEY-----"] },
      'guests.web.sshKeys.0: "-----BEGIN OPENSSH PRIVATE KEY-----"; write a public key, as in an authorized_keys file',
    ],
    [
      "names a configuration key",
      { "guests.web.passwordFrom": "my secret" },
      'guests.web.passwordFrom: "my secret"; name a configuration key, as in webRootPassword',
    ],
    [
      "is no password, which the site does not hold",
      { "guests.web.password": "hush" },
      `guests.web.password: ${UNKNOWN_KEY}`,
    ],
  ]);
});

describe("several problems", () => {
  refuses([
    [
      "are told at once, those of single values first",
      {
        "cluster.founder": "pve09",
        "guests.web.memory": 256,
        "guests.ubuntu.colour": "blue",
        "guests.ubuntu.vmid": 100,
        "hosts.nas.address": "10.0.0.200",
        "storages.Data.server": "filer",
        "backups.nightly.storage": "Data",
      },
      `guests.ubuntu.colour: ${UNKNOWN_KEY}`,
      `guests.web.memory: 256; ${SIZE}`,
      "guests.ubuntu.vmid: 100 is also the VMID of guests.win2016; give each guest its own",
      "hosts.nas.address: 10.0.0.200 is not in the site's network 192.168.18.0/24 (network.cidr); correct one of them",
      'cluster.founder: there is no node "pve09"; nodes has pve01, pve02',
      'storages.Data.server: there is no host "filer"; hosts has nas',
      "backups.nightly.storage: storage Data does not hold backup; add it to storages.Data.content",
    ],
    [
      "of one guest are all told",
      { "guests.web": { type: "container", vmid: 99, node: "pve01", disk: { storage: "Data" } } },
      "guests.web.vmid: 99; use a VMID from 100 to 999999999",
      "guests.web.template: missing; write a name from `pveam available`, as in debian-13-standard_13.1-2_amd64.tar.zst",
      "guests.web.templateStorage: missing; write text",
      `guests.web.memory: missing; ${SIZE}`,
      `guests.web.disk.size: missing; ${SIZE}`,
    ],
  ]);

  it("of an empty site are its three mandatory sections", () => {
    expect(errorFor({})).toBe(
      [
        "The site file has 3 problems:",
        `  site.cluster: missing; ${MAPPING}`,
        `  site.network: missing; ${MAPPING}`,
        `  site.nodes: missing; ${MAPPING}`,
      ].join("\n"),
    );
  });

  describe("do not follow from each other:", () => {
    refuses([
      ["nodes that cannot be read", { nodes: "pve01, pve02" }, `nodes: "pve01, pve02"; ${MAPPING}`],
      ["a node that cannot be read", { "nodes.pve02": null }, `nodes.pve02: empty; ${MAPPING}`],
      ["hosts that cannot be read", { hosts: null }, `hosts: empty; ${MAPPING}`],
      ["storages that cannot be read", { storages: [] }, `storages: an empty list; ${MAPPING}`],
      [
        "a storage that cannot be read",
        { "storages.Data": "nfs" },
        `storages.Data: "nfs"; ${MAPPING}`,
      ],
      [
        "a guest whose type is unknown",
        { "guests.web.type": "lxc", "guests.web.vmid": 100, "backups.nightly.guests": ["web"] },
        'guests.web.type: "lxc"; write vm or container',
      ],
      [
        "a network that cannot be read",
        { "network.cidr": "192.168.18.0" },
        'network.cidr: "192.168.18.0"; write a network, as in 192.168.18.0/24',
      ],
    ]);
  });
});
