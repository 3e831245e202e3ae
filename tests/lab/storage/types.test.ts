import { GIB } from "../support/guests";
import { type Lab, newLab, type Params } from "../support/lab";

let lab: Lab;
beforeEach(async () => {
  lab = await newLab();
});

type Row = Record<string, unknown>;
const create = (params: Params) =>
  lab.api("pve01", "POST", "/storage", { storage: "s1", ...params });
const read = () => lab.data<Row>("pve01", "GET", "/storage/s1");
const status = (id = "s1") => lab.data<Row>("pve01", "GET", `/nodes/pve01/storage/${id}/status`);

describe("a directory", () => {
  it("is for disks unless it is told otherwise, and is the node's own", async () => {
    await create({ type: "dir", path: "/srv/store/" });
    expect(await read()).toMatchObject({ path: "/srv/store", content: "images,rootdir" });
    expect(await read()).not.toHaveProperty("shared");
  });

  it("may be marked as shared", async () => {
    await create({ type: "dir", path: "/srv/store", shared: 1 });
    expect(await status()).toMatchObject({ shared: 1 });
  });

  it.each(["/srv/a b", "/srv/a;b"])("is not %s", async (path) => {
    expect((await create({ type: "dir", path })).status).not.toBe(200);
  });

  it("shows the files of another definition of it", async () => {
    await create({ type: "dir", path: "/var/lib/vz", content: "iso" });
    lab.site.storages
      .volumes("pve01", "local")
      .push({ name: "iso/a.iso", content: "iso", format: "iso", size: 5, ctime: 1 });
    const list = await lab.data<Row[]>("pve01", "GET", "/nodes/pve01/storage/s1/content");
    expect(list.map(({ volid }) => volid)).toEqual(["s1:iso/a.iso"]);
  });

  it("shares the space of the root file system", async () => {
    await create({ type: "dir", path: "/srv/store", content: "iso" });
    const before = await status("local");
    lab.site.storages
      .volumes("pve01", "s1")
      .push({ name: "iso/a.iso", content: "iso", format: "iso", size: GIB, ctime: 1 });
    expect(await status("local")).toMatchObject({ used: Number(before.used) + GIB });
  });

  it("that should be a mount point is not one", async () => {
    expect((await create({ type: "dir", path: "/mnt/usb", is_mountpoint: "yes" })).reason).toBe(
      "create storage failed: unable to activate storage 's1' - directory is expected to be a mount point but is not mounted: '/mnt/usb'",
    );
  });

  it("holds nothing, if that is what it is told", async () => {
    await create({ type: "dir", path: "/srv/store", content: "none" });
    expect(await read()).toMatchObject({ content: "none" });
    expect(
      (await create({ storage: "s2", type: "dir", path: "/x", content: "none,iso" })).reason,
    ).toBe("unable to combine 'none' with other content types");
  });
});

describe("a volume group", () => {
  it("gives out what it has and no more", async () => {
    expect((await create({ type: "lvm", vgname: "pve" })).status).toBe(200);
    const { avail } = await status();
    expect(avail).toBe(16 * GIB);
    const disk = (size: string) =>
      lab.api("pve01", "POST", "/nodes/pve01/storage/s1/content", {
        vmid: 100,
        filename: "vm-100-disk-0",
        size,
      });
    expect((await disk("17G")).reason).toBe("not enough free space (16777216 < 17825792)");
    expect((await disk("10G")).data).toBe("s1:vm-100-disk-0");
    expect(await status()).toMatchObject({ avail: 6 * GIB });
  });

  it("that is not there shows as inactive", async () => {
    expect((await create({ type: "lvm", vgname: "vg1" })).status).toBe(200);
    expect(await status()).toMatchObject({ active: 0, total: 0 });
  });

  it("has the thin pool that is named", async () => {
    expect((await create({ type: "lvmthin", vgname: "pve", thinpool: "fast" })).reason).toBe(
      "create storage failed: no such logical volume pve/fast",
    );
    expect((await create({ type: "lvmthin", vgname: "pve", thinpool: "data" })).status).toBe(200);
  });
});

describe("a ZFS pool", () => {
  it("keeps containers as file systems and disks of VMs as volumes", async () => {
    await create({ type: "zfspool", pool: "rpool/data", sparse: 1 });
    const disk = (filename: string, format?: string) =>
      lab.api("pve01", "POST", "/nodes/pve01/storage/s1/content", {
        vmid: 100,
        filename,
        size: "1G",
        ...(format ? { format } : {}),
      });
    expect((await disk("vm-100-disk-0")).data).toBe("s1:vm-100-disk-0");
    expect((await disk("subvol-100-disk-1", "subvol")).data).toBe("s1:subvol-100-disk-1");
    expect((await disk("data", "raw")).reason).toBe("illegal name 'data' - should be 'vm-100-*'");
    expect(
      await lab.data("pve01", "GET", "/nodes/pve01/storage/s1/content/s1:vm-100-disk-0"),
    ).toMatchObject({ path: "/dev/zvol/rpool/data/vm-100-disk-0", format: "raw" });
  });

  it("reserves what is not sparse", async () => {
    await create({ type: "zfspool", pool: "rpool/data" });
    const params = { vmid: 100, filename: "vm-100-disk-0", size: "200G" };
    expect((await lab.api("pve01", "POST", "/nodes/pve01/storage/s1/content", params)).reason).toBe(
      "zfs error: cannot create 'rpool/data': out of space",
    );
  });

  it("is the one that the node has", async () => {
    expect((await create({ type: "zfspool", pool: "tank" })).reason).toContain(
      "cannot import 'tank': no such pool available",
    );
  });
});

describe("a share or a backup server elsewhere", () => {
  it("is not online where nobody serves it, but may be defined for later", async () => {
    const share = { type: "cifs", server: "192.168.18.200", share: "data", password: "secret" };
    expect((await create(share)).reason).toBe("create storage failed: storage 's1' is not online");
    expect((await create({ ...share, disable: 1 })).status).toBe(200);
    expect(await read()).toMatchObject({ path: "/mnt/pve/s1", content: "images", shared: 1 });
    expect(await read()).not.toHaveProperty("password");
  });

  it("is used when it serves", async () => {
    lab.site.host("nas").services.push("smbd");
    await create({ type: "cifs", server: "192.168.18.200", share: "data", content: "iso" });
    expect(await status()).toMatchObject({ active: 1, shared: 1 });
  });

  it("is for backups if it is a backup server", async () => {
    const server = { type: "pbs", server: "192.168.18.201", datastore: "store" };
    expect((await create(server)).reason).toBe(
      "create storage failed: s1: error fetching datastores - 500 Can't connect to 192.168.18.201:8007 (Connection timed out)",
    );
    await create({ ...server, disable: 1 });
    expect(await read()).toMatchObject({ content: "backup", datastore: "store" });
  });
});

describe("a type", () => {
  it("that the lab does not have is not implemented", async () => {
    expect(await create({ type: "rbd" })).toMatchObject({ status: 501 });
  });

  it("tells its formats to who asks", async () => {
    const [row] = await lab.data<Row[]>(
      "pve01",
      "GET",
      "/nodes/pve01/storage?storage=local&format=1",
    );
    expect(row?.formats).toEqual({ supported: ["qcow2", "raw", "subvol", "vmdk"], default: "raw" });
  });

  it("keeps all backups or some", async () => {
    const params = { type: "dir", path: "/srv", "prune-backups": "keep-all=1,keep-last=2" };
    expect((await create(params)).errors).toEqual({
      "prune-backups":
        "invalid format - format error\nkeep-all cannot be set together with other options.\n",
    });
  });
});
