import type { ExistingStorage, Findings } from "../../../components/inventory";
import { compare } from "../../../components/storage/inventory";
import { planStorages } from "../../../components/storage/plan";
import { type Changes, site } from "../support/site";

const TODAY = "2026-11-23";
const NAS = "192.168.18.200";

const findings = (changes: Changes, storages: ExistingStorage[]): Findings =>
  compare(planStorages(site(changes), TODAY), {
    storages,
    guests: [
      {
        ...{ vmid: 101, type: "qemu", node: "pve01", notes: "" },
        disks: { scsi0: "Data:101/vm-101-disk-0.qcow2,size=16G" },
      },
      { vmid: 100, type: "qemu", node: "pve01", notes: "", disks: { scsi0: "Data:100/a.qcow2" } },
      { vmid: 102, type: "lxc", node: "pve02", notes: "", disks: { rootfs: "Data2:102/a.raw" } },
    ],
  });

const DATA: ExistingStorage = {
  ...{ id: "Data", type: "nfs" },
  fields: { server: NAS, export: "/backup/pve-data", path: "/mnt/pve/Data", content: "images" },
};
const BACKUP: ExistingStorage = {
  ...{ id: "Backup", type: "nfs" },
  fields: { server: NAS, export: "/backup/pve-backup", path: "/mnt/pve/Backup" },
};
const more = (type: string, fields: Record<string, string>): ExistingStorage => ({
  ...{ id: "more", type, fields },
});

const SAID =
  "storages.Data: its export would change from /backup/pve-data to /backup/new, so its definition would be deleted and made anew. " +
  "What lies there stays, and is not found under the storage's name any more: disks of VMID 100, 101, and whatever else it holds.";

describe("a storage that exists", () => {
  it("may be as the file says, or not there yet", () => {
    const nothing = { refusals: [], notices: [] };
    expect(findings({}, [DATA, BACKUP])).toEqual(nothing);
    expect(findings({}, [])).toEqual(nothing);
    const others = { "storages.Backup.nodes": ["pve01"], "storages.Data.options": "noatime" };
    expect(findings(others, [DATA])).toEqual(nothing);
  });

  it("is not made anew for another export, and is with a date for it", () => {
    const other = { "storages.Data.export": "/backup/new" };
    expect(findings(other, [DATA, BACKUP])).toEqual({
      refusals: [
        `${SAID} Undo that change, or allow the replacement up to and including a day: storages.Data.replaceUntil: "<date>"`,
      ],
      notices: [],
    });
    const allowed = { ...other, "storages.Data.replaceUntil": TODAY };
    expect(findings(allowed, [DATA])).toEqual({
      refusals: [],
      notices: [SAID.replace("would be deleted", "will be deleted")],
    });
    expect(findings({ ...other, "storages.Data.replaceUntil": "2026-11-22" }, [DATA])).toEqual(
      findings(other, [DATA]),
    );
  });

  it("tells all that would change, and that no disk lies there", () => {
    const changes = { "storages.Backup.export": "/new", "storages.Backup.preallocation": "full" };
    expect(findings(changes, [BACKUP]).refusals[0]).toContain(
      "its export would change from /backup/pve-backup to /new and its preallocation would change from nothing to full, so",
    );
    expect(findings(changes, [BACKUP]).refusals[0]).toContain(
      "any more: no disk of a guest, but whatever else it holds.",
    );
  });

  it.each([
    ["dir", "nfs", "directory"],
    ["btrfs", "nfs", "btrfs"],
  ])("of type %s goes before one of type %s comes, whatever is allowed", (type, to, words) => {
    const changes = { "storages.Data.replaceUntil": TODAY };
    expect(findings(changes, [{ ...DATA, type }]).refusals).toEqual([
      `storages.Data: its type would change from ${words} to ${to}, for which the storage has to go first. ` +
        "Undo that change, give the new storage another id, or take storages.Data out and run an update before this one.",
    ]);
  });

  const SHARE = {
    ...{ type: "cifs", server: "a.example.org", share: "b", username: "pve" },
    ...{ passwordFrom: "sharePassword", content: ["backup"] },
  };
  const VAULT = {
    ...{ type: "pbs", server: "a.example.org", datastore: "main", username: "pve@pbs" },
    passwordFrom: "backupServerSecret",
  };
  const SHARE_FIELDS = { server: "a.example.org", share: "b", username: "pve" };
  const VAULT_FIELDS = { server: "a.example.org", datastore: "main", username: "pve@pbs" };
  const THIN = { type: "lvm-thin", volumeGroup: "pve", thinPool: "data" };
  it.each<[object, string, Record<string, string>, string | undefined]>([
    [SHARE, "cifs", SHARE_FIELDS, undefined],
    [SHARE, "cifs", { ...SHARE_FIELDS, share: "a" }, "its share would change from a to b"],
    [SHARE, "cifs", { ...SHARE_FIELDS, server: "b" }, "its server would change from b to a."],
    [
      SHARE,
      "cifs",
      { ...SHARE_FIELDS, subdir: "/a" },
      "its folder would change from /a to nothing",
    ],
    [SHARE, "cifs", { ...SHARE_FIELDS, username: "x" }, "its username would change from x to pve"],
    [SHARE, "cifs", { ...SHARE_FIELDS, domain: "A" }, "its domain would change from A to nothing"],
    [VAULT, "pbs", VAULT_FIELDS, undefined],
    [VAULT, "pbs", { ...VAULT_FIELDS, server: "b" }, "its server would change from b to a."],
    [
      VAULT,
      "pbs",
      { ...VAULT_FIELDS, datastore: "b" },
      "its datastore would change from b to main",
    ],
    [VAULT, "pbs", { ...VAULT_FIELDS, namespace: "b" }, "its namespace would change from b to"],
    [
      VAULT,
      "pbs",
      { ...VAULT_FIELDS, username: "b" },
      "its username would change from b to pve@pbs",
    ],
    [{ type: "zfs", pool: "rpool/b" }, "zfspool", { pool: "rpool/b" }, undefined],
    [
      { type: "zfs", pool: "rpool/b" },
      "zfspool",
      { pool: "rpool/a" },
      "its pool would change from",
    ],
    [THIN, "lvmthin", { vgname: "pve", thinpool: "data" }, undefined],
    [
      THIN,
      "lvmthin",
      { vgname: "a", thinpool: "data" },
      "its volumeGroup would change from a to pve",
    ],
    [THIN, "lvmthin", { vgname: "pve", thinpool: "a" }, "its thinPool would change from a to data"],
    [{ type: "directory", path: "/b/", content: ["iso"] }, "dir", { path: "/b" }, undefined],
    [{ type: "directory", path: "/b", content: ["iso"] }, "dir", { path: "/a" }, "its path would"],
  ])("%j keeps what is fixed: %s %j", (storage, type, fields, told) => {
    const { refusals } = findings({ "storages.more": storage }, [more(type, fields)]);
    expect(refusals).toEqual(told === undefined ? [] : [expect.stringContaining(told)]);
  });
});
