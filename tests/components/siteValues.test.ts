import { errorFor, MAPPING, refuses, SIZE, UNKNOWN_KEY } from "./support/broken";
import { site } from "./support/site";

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
      'backups.nightly.schedule: ""; write a calendar event of Proxmox VE, as in 02:00, mon..fri 22:00 or */5',
    ],
    ["is a release to come", { "cluster.release": 10 }, "cluster.release: 10; write one of 9, 8"],
    [
      "is an operating system that nobody knows",
      { "guests.ubuntu.os": "linux" },
      'guests.ubuntu.os: "linux"; write one of l26, l24, win11, win10, win8, win7, w2k8, wvista, w2k3, wxp, w2k, solaris, other',
    ],
    [
      "is a storage of another type",
      { "storages.Data.type": "iscsi" },
      'storages.Data.type: "iscsi"; write nfs, cifs, pbs, directory, lvm-thin or zfs',
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
      'guests.ubuntu.iso: "/var/lib/debian.iso"; write an entry of media, as in debian-13.iso, or STORAGE:iso/FILE, as in Data:iso/debian-13.iso',
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
