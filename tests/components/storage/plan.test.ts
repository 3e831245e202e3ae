import fc from "fast-check";
import {
  planStorages,
  planTemplates,
  pruneBackups,
  type StoragePlan,
} from "../../../components/storage/plan";
import { planGuests } from "../../../components/guest/plan";
import { SETTINGS } from "../support/reference";
import { type Changes, site } from "../support/site";

const TEMPLATE = "debian-13-standard_13.1-2_amd64.tar.zst";

const storagesOf = (changes: Changes = {}): StoragePlan[] =>
  planStorages(site(changes), SETTINGS.today);

describe("the reference storages", () => {
  it("are the NAS's exports, each with its contents in alphabetical order", () => {
    const nfs = { type: "nfs", shared: true, disabled: false, replaceable: false } as const;
    expect(storagesOf()).toEqual<StoragePlan[]>([
      {
        ...nfs,
        id: "Data",
        place: "192.168.18.200:/backup/pve-data",
        server: "192.168.18.200",
        export: "/backup/pve-data",
        content: ["images", "iso", "rootdir", "vztmpl"],
      },
      {
        ...nfs,
        id: "Backup",
        place: "192.168.18.200:/backup/pve-backup",
        server: "192.168.18.200",
        export: "/backup/pve-backup",
        content: ["backup"],
        retention: { last: 3, daily: 7, weekly: 4, monthly: 3 },
      },
    ]);
  });

  it("need one template", () => {
    expect(planTemplates(site())).toEqual([
      { key: `Data-${TEMPLATE}`, storage: "Data", file: TEMPLATE },
    ]);
  });
});

describe("a storage", () => {
  it("is mounted with the NFS version that the file names, and else with none", () => {
    const options = (version?: string) => storagesOf({ "storages.Data.nfsVersion": version })[0];
    expect(options()).not.toHaveProperty("options");
    expect(options("4.2")).toMatchObject({ options: "vers=4.2" });
  });

  it("is mounted with further options after the version", () => {
    const changes = {
      "storages.Data.nfsVersion": "4.2",
      "storages.Data.options": "nconnect=4,noatime",
    };
    expect(storagesOf(changes)[0]).toMatchObject({
      options: "vers=4.2,nconnect=4,noatime",
    });
  });

  it.each([
    [undefined, false],
    ["2026-11-22", false],
    ["2026-11-23", true],
  ])("whose replaceUntil is %s may be replaced that day: %s", (replaceUntil, replaceable) => {
    const changes = { "storages.Data.replaceUntil": replaceUntil };
    expect(planStorages(site(changes), "2026-11-23")[0]).toMatchObject({ replaceable });
  });

  it("has the same contents in any order", () => {
    const contents = ["images", "rootdir", "iso", "vztmpl"];
    fc.assert(
      fc.property(fc.shuffledSubarray(contents, { minLength: 4 }), (content) => {
        expect(storagesOf({ "storages.Data.content": content })).toEqual(storagesOf());
      }),
      { numRuns: 24 },
    );
  });
});

describe("a storage of another type", () => {
  const planOf = (storage: object, changes: Changes = {}) =>
    storagesOf({ "storages.more": storage, ...changes }).find(({ id }) => id === "more");

  it("is a share, by its server's entry or name", () => {
    const share = {
      type: "cifs",
      server: "nas",
      share: "backup",
      username: "pve",
      passwordFrom: "sharePassword",
      content: ["backup"],
    };
    expect(planOf(share)).toEqual({
      type: "cifs",
      id: "more",
      content: ["backup"],
      nodes: ["pve01", "pve02"],
      shared: true,
      disabled: false,
      replaceable: false,
      retention: "all",
      server: "192.168.18.200",
      share: "backup",
      username: "pve",
      passwordFrom: "sharePassword",
      preallocation: "metadata",
      place: "//192.168.18.200/backup",
    });
    const other = { ...share, server: "files.example.org", folder: "/pve", domain: "OFFICE" };
    expect(planOf(other)).toMatchObject({
      server: "files.example.org",
      folder: "/pve",
      domain: "OFFICE",
      place: "//files.example.org/backup/pve",
    });
  });

  it("is a backup server, for backups alone", () => {
    const server = {
      type: "pbs",
      server: "backup.example.org",
      datastore: "main",
      username: "pve@pbs!mizar",
      passwordFrom: "backupServerSecret",
      retention: { last: 2 },
    };
    expect(planOf(server)).toEqual({
      type: "pbs",
      id: "more",
      content: ["backup"],
      nodes: ["pve01", "pve02"],
      shared: true,
      disabled: false,
      replaceable: false,
      retention: { last: 2 },
      server: "backup.example.org",
      datastore: "main",
      username: "pve@pbs!mizar",
      passwordFrom: "backupServerSecret",
      place: "backup.example.org:main",
    });
    const fingerprint = Array.from({ length: 32 }, () => "0f").join(":");
    const more = { namespace: "site/one", fingerprint, encryptionKeyFrom: "backupKey" };
    expect(planOf({ ...server, ...more })).toMatchObject({
      ...more,
      place: "backup.example.org:main/site/one",
    });
  });

  it.each([
    [
      { type: "directory", path: "/srv/pve", content: ["iso"] },
      { content: ["iso"], place: "/srv/pve", preallocation: "metadata" },
    ],
    [
      { type: "lvm-thin", volumeGroup: "pve", thinPool: "data" },
      { content: ["images", "rootdir"], place: "pve/data" },
    ],
    [
      { type: "zfs", pool: "rpool/data" },
      { content: ["images", "rootdir"], place: "rpool/data", thin: true },
    ],
  ])("is each node's own: %j", (storage, plan) => {
    expect(planOf(storage)).toMatchObject({
      ...plan,
      shared: false,
      disabled: false,
      replaceable: false,
      nodes: ["pve01", "pve02"],
    });
  });

  it("is on some nodes only, in any order", () => {
    const zfs = { type: "zfs", pool: "tank" };
    expect(planOf({ ...zfs, nodes: ["pve02", "pve01"] })?.nodes).toEqual(["pve01", "pve02"]);
    expect(planOf({ ...zfs, nodes: ["pve02"], disabled: true })).toMatchObject({
      nodes: ["pve02"],
      disabled: true,
    });
  });

  it("is an NFS export of all nodes, whichever come, unless the file names some", () => {
    const nfs = { type: "nfs", server: "nas", export: "/more", content: ["iso"] };
    expect(planOf(nfs)).not.toHaveProperty("nodes");
    expect(planOf({ ...nfs, nodes: ["pve02", "pve01"] })?.nodes).toEqual(["pve01", "pve02"]);
  });

  it("is a directory that all see the same", () => {
    const directory = { type: "directory", path: "/mnt/cephfs", content: ["iso"], shared: true };
    expect(planOf(directory)).toMatchObject({ shared: true });
  });
});

describe("a VM's disk", () => {
  const formatOn = (storage: object | undefined, name = "more") => {
    const changes = {
      ...(storage ? { "storages.more": storage } : {}),
      "guests.ubuntu.disks.scsi0.storage": name,
      "guests.ubuntu.ha": undefined,
    };
    const plan = planGuests(site(changes), SETTINGS).find(({ key }) => key === "ubuntu");
    return plan?.type === "vm" ? plan.disks[0]?.format : undefined;
  };

  it.each([
    ["qcow2", { type: "directory", path: "/srv/pve", content: ["images"] }],
    ["raw", { type: "lvm-thin", volumeGroup: "pve", thinPool: "data" }],
    ["raw", { type: "zfs", pool: "tank" }],
  ])("is %s on %j", (format, storage) => {
    expect(formatOn(storage)).toBe(format);
  });

  it("is raw on what an installation has, and qcow2 on the NAS", () => {
    expect(formatOn(undefined, "local-lvm")).toBe("raw");
    expect(formatOn(undefined, "Data")).toBe("qcow2");
  });
});

describe("templates", () => {
  const container = (changes: Changes) => ({
    type: "container",
    node: "pve01",
    memory: "256 MiB",
    disk: { storage: "Data", size: "1 GiB" },
    template: TEMPLATE,
    templateStorage: "Data",
    ...changes,
  });
  const keys = (guests: Changes[]) => {
    const changes = guests.map((guest, index) => [
      `guests.more${index}`,
      container({ vmid: 200 + index, ...guest }),
    ]);
    return planTemplates(site(Object.fromEntries(changes))).map(({ key, node }) => [key, node]);
  };

  it("are downloaded once, however many containers use them", () => {
    expect(keys([{}, {}])).toEqual([[`Data-${TEMPLATE}`, undefined]]);
  });

  it("differ by file", () => {
    expect(keys([{ template: "alpine-3.22-default_amd64.tar.xz" }])).toEqual([
      [`Data-${TEMPLATE}`, undefined],
      ["Data-alpine-3.22-default_amd64.tar.xz", undefined],
    ]);
  });

  it("are downloaded on each container's own node where the storage is local", () => {
    const local = { templateStorage: "local" };
    expect(keys([local, { ...local, node: "pve02" }, { ...local, node: "pve02" }])).toEqual([
      [`Data-${TEMPLATE}`, undefined],
      [`pve01-local-${TEMPLATE}`, "pve01"],
      [`pve02-local-${TEMPLATE}`, "pve02"],
    ]);
  });

  it("are downloaded by another node than the founder where that has the storage not", () => {
    const changes = {
      "storages.Data.nodes": ["pve02"],
      "guests.ubuntu": undefined,
      "guests.win2016.ha.nodes": { pve02: 1 },
    };
    expect(planTemplates(site(changes))).toMatchObject([{ node: "pve02" }]);
  });

  it("are not needed without containers", () => {
    expect(planTemplates(site({ "guests.web": undefined }))).toEqual([]);
  });
});

describe("pruneBackups", () => {
  it("names each period as Proxmox VE does, and none that is not kept", () => {
    expect(pruneBackups({ last: 3, daily: 7, yearly: undefined })).toEqual({
      "keep-last": "3",
      "keep-daily": "7",
    });
  });

  it("keeps every number", () => {
    const count = fc.option(fc.integer({ min: 1 }), { nil: undefined });
    const retention = fc.record({
      last: count,
      daily: count,
      weekly: count,
      monthly: count,
      yearly: count,
    });
    fc.assert(
      fc.property(retention, (kept) => {
        const planned = Object.entries(pruneBackups(kept));
        const given = Object.entries(kept).filter(([, number]) => number !== undefined);
        expect(planned.map(([key, text]) => [key.replace("keep-", ""), Number(text)])).toEqual(
          given,
        );
      }),
    );
  });
});
