import { refuses } from "../support/broken";
import { site } from "../support/site";

const share = {
  type: "cifs",
  server: "nas",
  share: "backup",
  username: "pve",
  passwordFrom: "sharePassword",
  content: ["backup"],
};
const pbs = {
  type: "pbs",
  server: "nas",
  datastore: "main",
  username: "pve@pbs",
  passwordFrom: "backupServerSecret",
};
const SERVERS = "hosts has nas";

describe("a storage", () => {
  refuses([
    [
      "is of no type",
      { "storages.more": { type: "ceph" } },
      'storages.more.type: "ceph"; write nfs, cifs, pbs, directory, lvm-thin or zfs',
    ],
    [
      "is served by a host that there is not",
      { "storages.more": { ...share, server: "nsa" } },
      `storages.more.server: there is no host "nsa"; ${SERVERS}`,
    ],
    [
      "is exported by no host",
      { "storages.Data.server": "nas.example.org" },
      'storages.Data.server: "nas.example.org"; use letters, digits and inner hyphens, 63 characters at most',
    ],
    [
      "is on a node that there is not",
      { "storages.more": { type: "zfs", pool: "tank", nodes: ["pve01", "pve03"] } },
      'storages.more.nodes.1: there is no node "pve03"; nodes has pve01, pve02',
    ],
    [
      "of blocks is to hold files",
      { "storages.more": { type: "zfs", pool: "tank", content: ["images", "iso"] } },
      'storages.more.content.1: "iso"; write one of images, rootdir',
    ],
    [
      "of a backup server is to hold disks",
      { "storages.more": { ...pbs, content: ["images"] } },
      'storages.more.content.0: "images"; write backup',
    ],
    [
      "has its password in the file",
      { "storages.more": { ...share, passwordFrom: undefined, password: "secret" } },
      "storages.more.passwordFrom: missing; write text",
      "storages.more.password: unknown key; see docs/configuration.md for what may stand here",
    ],
    [
      "has a user without a realm",
      { "storages.more": { ...pbs, username: "pve" } },
      'storages.more.username: "pve"; write a user with realm, or an API token, as in pve@pbs!mizar',
    ],
    [
      "has the NFS version among its options",
      { "storages.Data.options": "noatime,vers=4.2" },
      'storages.Data.options: "noatime,vers=4.2"; write options with commas between them and without blanks, as in ' +
        "nconnect=4,noatime; the version is nfsVersion",
    ],
    [
      "lies in a directory with blanks",
      { "storages.more": { type: "directory", path: "/srv/my files", content: ["iso"] } },
      'storages.more.path: "/srv/my files"; write a directory of the nodes, as in /srv/pve',
    ],
  ]);

  it("may be served by a machine that is not of the site", () => {
    const elsewhere = site({
      "storages.more": { ...pbs, server: "192.0.2.10" },
      "storages.share": { ...share, server: "files.example.org" },
    });
    expect(Object.keys(elsewhere.storages)).toEqual(["Data", "Backup", "more", "share"]);
  });
});

describe("a guest's storage", () => {
  const disk = { "guests.ubuntu.disks.scsi0.storage": "more" };
  refuses([
    [
      "is not on its home node",
      { ...disk, "storages.more": { type: "zfs", pool: "tank", nodes: ["pve02"] } },
      "guests.ubuntu.disks.scsi0.storage: storage more is not on pve01, where the guest is to run; choose another, " +
        "or add to storages.more.nodes",
    ],
    [
      "is not on a node that its HA prefers",
      { "storages.Data.nodes": ["pve02"], "guests.ubuntu": undefined },
      "guests.win2016.disks.scsi0.storage: storage Data is not on pve01, where the guest is to run; choose another, " +
        "or add to storages.Data.nodes",
    ],
    [
      "is disabled",
      { ...disk, "storages.more": { type: "zfs", pool: "tank", disabled: true } },
      "guests.ubuntu.disks.scsi0.storage: storage more is disabled; choose another, or enable it",
    ],
    [
      "cannot hold what it is for",
      {
        "storages.more": { type: "zfs", pool: "tank" },
        "guests.web.templateStorage": "more",
      },
      "guests.web.templateStorage: storage more does not hold vztmpl; one of type zfs cannot; choose another",
    ],
    [
      "for its ISO image is not on its home node",
      {
        "storages.more": { type: "directory", path: "/srv", content: ["iso"], nodes: ["pve02"] },
        media: {
          "it.iso": {
            type: "iso",
            storage: "more",
            url: "https://example.org/it.iso",
            checksum: `sha256:${"a".repeat(64)}`,
          },
        },
        "guests.ubuntu.iso": "it.iso",
      },
      "guests.ubuntu.iso: storage more is not on pve01, where the guest is to run; choose another, or add to storages.more.nodes",
    ],
  ]);
});
