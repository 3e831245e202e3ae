import type { Volume } from "../../../lab/state/types";
import { type Lab, newLab } from "../support/lab";

let lab: Lab;
beforeEach(async () => {
  lab = await newLab();
  await lab.data("pve01", "POST", "/storage", {
    storage: "Data",
    type: "nfs",
    server: "192.168.18.200",
    export: "/backup/pve-data",
    content: "images,iso,backup,vztmpl,rootdir",
  });
});

type Row = Record<string, unknown>;
const rows = (query = "") => lab.data<Row[]>("pve01", "GET", `/nodes/pve01/storage${query}`);
const names = (list: Row[]) => list.map(({ storage }) => storage).sort();
const CONTENT = "/nodes/pve01/storage/Data/content";

function store(...volumes: Partial<Volume>[]): void {
  const stored = lab.site.storages.volumes("pve01", "Data");
  for (const volume of volumes) {
    stored.push({ name: "iso/a.iso", content: "iso", format: "iso", size: 5, ctime: 1, ...volume });
  }
}

const ARCHIVE = "backup/vzdump-qemu-100-2026_01_01-02_00_00.vma.zst";

describe("the storages of a node", () => {
  it("tell sizes in numbers and states in 1 or 0", async () => {
    const [row] = await rows("?storage=Data");
    expect(row).toMatchObject({
      storage: "Data",
      type: "nfs",
      active: 1,
      enabled: 1,
      shared: 1,
      total: 2048 * 1024 ** 3,
      used: 0,
      avail: 2048 * 1024 ** 3,
      used_fraction: 0,
    });
  });

  it("are not shared when they are the node's own", async () => {
    for (const row of await rows()) expect(row.shared).toBe(row.storage === "Data" ? 1 : 0);
  });

  it("include what the node may not use, as not enabled", async () => {
    await lab.data("pve01", "PUT", "/storage/local-lvm", { nodes: "pve02" });
    await lab.data("pve01", "PUT", "/storage/Data", { disable: 1 });
    const enabled = (await rows()).map(({ storage, enabled: on, active }) => [storage, on, active]);
    expect(enabled.sort()).toEqual([
      ["Data", 0, 0],
      ["local", 1, 1],
      ["local-lvm", 0, 0],
    ]);
    expect(names(await rows("?enabled=1"))).toEqual(["local", "local-lvm"]);
  });

  it("may be those for any of some contents, and usable then", async () => {
    expect(names(await rows("?content=rootdir"))).toEqual(["Data", "local-lvm"]);
    expect(names(await rows("?content=rootdir,import"))).toEqual(["Data", "local", "local-lvm"]);
    await lab.data("pve01", "PUT", "/storage/Data", { disable: 1 });
    expect(names(await rows("?content=rootdir"))).toEqual(["local-lvm"]);
  });

  it("may be those that another node has too", async () => {
    expect(names(await rows("?target=pve02"))).toEqual(["Data"]);
  });

  it("are not active while the NAS is away", async () => {
    lab.site.hardware.switchPower("nas", false);
    const [row] = await rows("?storage=Data");
    expect(row).toMatchObject({ enabled: 1, active: 0, total: 0, used: 0, avail: 0 });
  });

  it.each(["?storage=x1", "?storage=local&content=rootdir"])("do not include %s", async (query) => {
    const { status, errors } = await lab.api("pve01", "GET", `/nodes/pve01/storage${query}`);
    expect([status, errors]).toEqual([400, { storage: "No such storage." }]);
  });

  it("each tell their state", async () => {
    const status = await lab.data<Row>("pve01", "GET", "/nodes/pve01/storage/Data/status");
    expect(status).toMatchObject({ active: 1, enabled: 1, shared: 1, type: "nfs" });
    expect((await lab.api("pve01", "GET", "/nodes/pve01/storage/x1/status")).errors).toEqual({
      storage: "No such storage.",
    });
  });
});

describe("the content of a storage", () => {
  it("is sorted by name, without regard to case", async () => {
    store({ name: "iso/b.iso" }, { name: "iso/A.iso" }, { name: "iso/C.iso" });
    const list = await lab.data<Row[]>("pve01", "GET", CONTENT);
    expect(list.map(({ volid }) => volid)).toEqual([
      "Data:iso/A.iso",
      "Data:iso/b.iso",
      "Data:iso/C.iso",
    ]);
  });

  it("tells of a volume what it is", async () => {
    store({ name: "iso/a.iso" });
    await lab.data("pve01", "POST", "/nodes/pve01/qemu", { vmid: 100, scsi0: "Data:2" });
    const list = await lab.data<Row[]>("pve01", "GET", CONTENT);
    expect(list).toEqual([
      {
        volid: "Data:100/vm-100-disk-0.raw",
        content: "images",
        format: "raw",
        size: 2 * 1024 ** 3,
        ctime: lab.clock.now() / 1000,
        vmid: 100,
      },
      { volid: "Data:iso/a.iso", content: "iso", format: "iso", size: 5, ctime: 1 },
    ]);
  });

  it("may be of one kind or of one guest", async () => {
    store({}, { name: ARCHIVE, content: "backup", vmid: 100 });
    for (const query of ["?content=backup", "?vmid=100"]) {
      const list = await lab.data<Row[]>("pve01", "GET", CONTENT + query);
      expect(list.map(({ volid }) => volid)).toEqual([`Data:${ARCHIVE}`]);
    }
  });

  it("is only what the storage is for", async () => {
    store({});
    await lab.data("pve01", "PUT", "/storage/Data", { content: "backup" });
    expect(await lab.data("pve01", "GET", CONTENT)).toEqual([]);
  });

  it("is empty, not missing, when there is none", async () => {
    expect(await lab.data("pve01", "GET", CONTENT)).toEqual([]);
  });

  it.each([
    ["the NAS is off", () => lab.site.hardware.switchPower("nas", false), "is not online"],
    [
      "it is disabled",
      () => lab.data("pve01", "PUT", "/storage/Data", { disable: 1 }),
      "is disabled",
    ],
    [
      "it is another node's",
      () => lab.data("pve01", "PUT", "/storage/Data", { nodes: "pve02" }),
      "is not available on node 'pve01'",
    ],
  ])("is not told when %s", async (_case, act, words) => {
    await act();
    const { status, reason } = await lab.api("pve01", "GET", CONTENT);
    expect([status, reason]).toEqual([500, `storage 'Data' ${words}`]);
  });

  it("is the same from every node of the cluster on NFS, and each node's own elsewhere", async () => {
    await lab.cluster();
    store({});
    lab.site.storages.volumes("pve01", "local").push({
      name: "iso/own.iso",
      content: "iso",
      format: "iso",
      size: 1,
      ctime: 1,
    });
    const seen = async (storage: string) =>
      (await lab.data<Row[]>("pve02", "GET", `/nodes/pve02/storage/${storage}/content`)).length;
    expect(await seen("Data")).toBe(1);
    expect(await seen("local")).toBe(0);
  });

  it("shows disks to who may change those of the guest", async () => {
    store({ name: "100/vm-100-disk-0.raw", content: "images", format: "raw", vmid: 100 }, {});
    await lab.data("pve01", "POST", "/access/users", { userid: "a@pve" });
    const grant = (path: string, roles: string) =>
      lab.data("pve01", "PUT", "/access/acl", { path, roles, users: "a@pve" });
    await grant("/storage", "PVEDatastoreUser");
    const auth = lab.ticket("pve01", "a@pve");
    const seen = async () => (await lab.data<Row[]>("pve01", "GET", CONTENT, {}, auth)).length;
    expect(await seen()).toBe(1);
    await grant("/vms/100", "PVEVMAdmin");
    expect(await seen()).toBe(2);
  });
});

describe("a volume", () => {
  beforeEach(() => {
    store({}, { name: ARCHIVE, content: "backup", vmid: 100, format: "vma.zst" });
  });

  const ask = (volume: string, storage = "Data") =>
    lab.api("pve01", "GET", `/nodes/pve01/storage/${storage}/content/${volume}`);

  it.each(["Data:iso%2Fa.iso", "Data:iso/a.iso", "iso%2Fa.iso"])("is found as %s", async (name) => {
    expect((await ask(name)).data).toEqual({
      path: "/mnt/pve/Data/template/iso/a.iso",
      format: "raw",
      size: 5,
      used: 5,
    });
  });

  it.each([
    ["Data:iso/b.iso", "volume_size_info on 'Data:iso/b.iso' failed - no format"],
    ["Data:other/b.iso", "unable to parse directory volume name 'other/b.iso'"],
    ["local:iso/a.iso", "storage ID mismatch (local != Data)"],
    ["9:iso", "unable to parse volume ID '9:iso'"],
  ])("is not found as %s", async (name, words) => {
    const { status, reason } = await ask(name);
    expect([status, reason]).toEqual([500, words]);
  });

  it("of a volume group has a plain name", async () => {
    expect((await ask("local-lvm:iso/a.iso", "local-lvm")).reason).toBe(
      "unable to parse lvm volume name 'iso/a.iso'",
    );
    await lab.data("pve01", "POST", "/nodes/pve01/qemu", { vmid: 100, scsi0: "local-lvm:1" });
    expect((await ask("local-lvm:vm-100-disk-0", "local-lvm")).data).toMatchObject({
      path: "/dev/pve/vm-100-disk-0",
      format: "raw",
    });
  });

  it("is deleted by a task", async () => {
    const end = await lab.task("pve01", "DELETE", `${CONTENT}/Data:iso%2Fa.iso`);
    expect(end).toBe("OK");
    expect(await lab.data<Row[]>("pve01", "GET", `${CONTENT}?content=iso`)).toEqual([]);
    const [task] = lab.site.nodeState("pve01").tasks.slice(-1);
    expect([task?.type, task?.id]).toEqual(["imgdel", "Data"]);
    expect(task?.log).toContain("Removed volume 'Data:iso/a.iso'");
  });

  it("of a guest is deleted in its name", async () => {
    await lab.task("pve01", "DELETE", `${CONTENT}/Data:${ARCHIVE}`);
    expect(lab.site.nodeState("pve01").tasks.at(-1)?.id).toBe("100@Data");
  });

  it("is deleted before the answer when the caller waits", async () => {
    expect(await lab.data("pve01", "DELETE", `${CONTENT}/Data:iso%2Fa.iso?delay=5`)).toBeNull();
  });

  it("that is a file may be gone already", async () => {
    expect(await lab.task("pve01", "DELETE", `${CONTENT}/Data:iso%2Fb.iso`)).toBe("OK");
  });

  it("is deleted by who may allocate, or back up if it is a backup", async () => {
    await lab.data("pve01", "POST", "/access/users", { userid: "a@pve" });
    const grant = (path: string, roles: string) =>
      lab.data("pve01", "PUT", "/access/acl", { path, roles, users: "a@pve" });
    await grant("/storage", "PVEDatastoreUser");
    const auth = lab.ticket("pve01", "a@pve");
    const remove = (name: string) =>
      lab.api("pve01", "DELETE", `${CONTENT}/Data:${name}`, {}, auth);
    expect((await remove("iso%2Fa.iso")).reason).toBe(
      "Permission check failed (/storage/Data, Datastore.Allocate)",
    );
    expect((await remove(ARCHIVE)).reason).toBe("Permission check failed (/vms/100, VM.Backup)");
    await grant("/vms", "PVEVMUser");
    expect((await remove(ARCHIVE)).status).toBe(200);
  });
});
