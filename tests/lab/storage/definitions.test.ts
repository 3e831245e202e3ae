import { type Lab, newLab, type Params } from "../support/lab";

let lab: Lab;
beforeEach(async () => {
  lab = await newLab();
});

const NAS = { server: "192.168.18.200", export: "/backup/pve-data" };
const create = (params: Params) =>
  lab.api("pve01", "POST", "/storage", { type: "nfs", storage: "Data", ...NAS, ...params });
const change = (params: Params, id = "Data") => lab.api("pve01", "PUT", `/storage/${id}`, params);
const read = (id = "Data") => lab.data<Record<string, unknown>>("pve01", "GET", `/storage/${id}`);
const ids = async () =>
  (await lab.data<{ storage: string }[]>("pve01", "GET", "/storage")).map(({ storage }) => storage);

describe("a fresh node", () => {
  it("has the two storages of its installer", async () => {
    expect((await ids()).sort()).toEqual(["local", "local-lvm"]);
    expect(await read("local")).toMatchObject({ type: "dir", path: "/var/lib/vz" });
    expect(await read("local-lvm")).toMatchObject({
      type: "lvmthin",
      vgname: "pve",
      thinpool: "data",
    });
  });
});

describe("an NFS storage", () => {
  it("answers its id and type when it is made", async () => {
    expect(await create({})).toEqual({
      status: 200,
      reason: "OK",
      data: { storage: "Data", type: "nfs" },
    });
  });

  it("comes back with what was sent, and with what PVE adds", async () => {
    await create({
      content: "images,iso",
      nodes: "pve01",
      options: "vers=4.2",
      "prune-backups": "keep-last=3,keep-daily=7",
      "max-protected-backups": 5,
      disable: 0,
      "create-base-path": 1,
    });
    const { content, ...rest } = await read();
    expect(String(content).split(",").sort()).toEqual(["images", "iso"]);
    expect(rest).toEqual({
      storage: "Data",
      type: "nfs",
      ...NAS,
      path: "/mnt/pve/Data",
      shared: 1,
      nodes: "pve01",
      options: "vers=4.2",
      "prune-backups": "keep-last=3,keep-daily=7",
      "max-protected-backups": 5,
      disable: 0,
      "create-base-path": 1,
      digest: expect.stringMatching(/^[0-9a-f]{40}$/),
    });
  });

  it("holds images only, unless it is told otherwise", async () => {
    await create({});
    expect(await read()).toMatchObject({ content: "images" });
  });

  it("is shared and does not take that from anybody", async () => {
    const { status, reason } = await create({ shared: 1 });
    expect([status, reason]).toEqual([500, "unexpected property 'shared'"]);
    expect(await ids()).not.toContain("Data");
  });

  it.each(["vgname", "thinpool"])("has no %s", async (key) => {
    expect((await create({ [key]: "xx" })).reason).toBe(`unexpected property '${key}'`);
  });

  it.each(["server", "export"])("needs its %s", async (key) => {
    const { [key]: _left, ...rest }: Record<string, string> = NAS;
    const answer = await lab.api("pve01", "POST", "/storage", {
      type: "nfs",
      storage: "Data",
      ...rest,
    });
    expect([answer.status, answer.reason]).toEqual([
      500,
      `missing value for required option '${key}'`,
    ]);
  });

  it("is made once", async () => {
    await create({});
    const { status, reason } = await create({});
    expect([status, reason]).toEqual([
      500,
      "create storage failed: storage ID 'Data' already defined",
    ]);
  });

  it.each([
    ["the NAS is off", () => lab.site.hardware.switchPower("nas", false), {}],
    ["its cable is out", () => lab.site.hardware.plug("nas", false), {}],
    ["nobody has that address", () => undefined, { server: "192.168.18.77" }],
  ])("is not saved when %s", async (_case, act, params) => {
    act();
    const { status, reason } = await create(params);
    expect([status, reason]).toEqual([500, "create storage failed: storage 'Data' is not online"]);
    expect(await ids()).not.toContain("Data");
  });

  it("is not tried where it is not used", async () => {
    lab.site.hardware.switchPower("nas", false);
    expect((await create({ nodes: "pve02" })).status).toBe(200);
    expect((await create({ storage: "Off", disable: 1 })).status).toBe(200);
  });

  it("refuses content that PVE does not know", async () => {
    const { status, errors } = await create({ content: "images,disks" });
    expect([status, errors]).toEqual([
      400,
      { content: "invalid format - invalid content type 'disks'\n" },
    ]);
  });

  it("is not saved when the NAS does not export that", async () => {
    expect((await create({ export: "/elsewhere" })).reason).toBe(
      "create storage failed: mount error: mount.nfs: access denied by server while mounting 192.168.18.200:/elsewhere",
    );
    expect(await ids()).not.toContain("Data");
  });

  it.each(["a", "1a", "a b", "a/b"])("is not called %j", async (storage) => {
    const { status, errors } = await create({ storage });
    expect(status).toBe(400);
    expect(Object.keys(errors ?? {})).toEqual(["storage"]);
  });

  it("has options without blanks", async () => {
    expect((await create({ options: "vers=4.2 soft" })).errors).toEqual({
      options: "invalid format - invalid options 'vers=4.2 soft'\n",
    });
  });
});

describe("a change of a storage", () => {
  beforeEach(async () => {
    await create({ content: "images,iso", nodes: "pve01", options: "vers=4.2" });
  });

  it("sets, deletes and keeps", async () => {
    const { data } = await change({ content: "backup", delete: "nodes,options" });
    expect(data).toEqual({ storage: "Data", type: "nfs" });
    const after = await read();
    expect(after).toMatchObject({ content: "backup", ...NAS });
    expect(Object.keys(after)).not.toEqual(expect.arrayContaining(["nodes"]));
    expect(Object.keys(after)).not.toEqual(expect.arrayContaining(["options"]));
  });

  it.each(["server", "snapshot-as-volume-chain"])(
    "does not touch %s, which is fixed",
    async (key) => {
      const { status, reason } = await change({ [key]: key === "server" ? NAS.server : 1 });
      expect([status, reason]).toEqual([
        500,
        `update storage failed: can't change value of fixed parameter '${key}'`,
      ]);
    },
  );

  it.each(["export", "path"])("does not even know %s", async (key) => {
    expect((await change({ [key]: "/x" })).errors).toEqual({
      [key]:
        "property is not defined in schema and the schema does not allow additional properties",
    });
  });

  it("does not take shared", async () => {
    expect((await change({ shared: 1 })).reason).toBe(
      "update storage failed: unexpected property 'shared'",
    );
  });

  it.each([
    ["server", "unable to delete required option 'server'"],
    ["path", "unable to delete required option 'path'"],
    ["snapshot-as-volume-chain", "unable to delete fixed option 'snapshot-as-volume-chain'"],
    ["vgname", "no such option 'vgname'"],
  ])("does not delete %s", async (key, words) => {
    expect((await change({ delete: key })).reason).toBe(`update storage failed: ${words}`);
  });

  it("does not set and delete the same", async () => {
    expect((await change({ delete: "nodes", nodes: "pve02" })).reason).toBe(
      "update storage failed: cannot set and delete property 'nodes' at the same time!",
    );
    expect(await read()).toMatchObject({ nodes: "pve01" });
  });

  it("is refused when the file has changed since it was read", async () => {
    const { digest } = await read();
    expect((await change({ content: "iso", digest: String(digest) })).status).toBe(200);
    expect((await change({ content: "images", digest: String(digest) })).reason).toBe(
      "update storage failed: detected modified configuration - file changed by other user? Try again.",
    );
  });
});

describe("a storage that is unknown", () => {
  it.each([
    ["GET", "storage 'x1' does not exist"],
    ["PUT", "update storage failed: storage 'x1' does not exist"],
    ["DELETE", "delete storage failed: storage 'x1' does not exist"],
  ])("answers %s with 500", async (method, words) => {
    const { status, reason } = await lab.api("pve01", method, "/storage/x1");
    expect([status, reason]).toEqual([500, words]);
  });

  it.each(["constructor", "toString"])("may be called %s", async (id) => {
    expect((await lab.api("pve01", "GET", `/storage/${id}`)).reason).toBe(
      `storage '${id}' does not exist`,
    );
    expect((await create({ storage: id })).status).toBe(200);
  });
});

describe("a deleted storage", () => {
  it("leaves what is stored there, and its own access list goes", async () => {
    await create({ content: "images" });
    await lab.data("pve01", "PUT", "/access/acl", {
      path: "/storage/Data",
      roles: "PVEDatastoreUser",
      users: "root@pam",
    });
    await lab.data("pve01", "POST", "/nodes/pve01/qemu", { vmid: 100, scsi0: "Data:1" });
    await lab.data("pve01", "DELETE", "/storage/Data");
    expect(await ids()).not.toContain("Data");
    expect(await lab.data("pve01", "GET", "/access/acl")).toEqual([]);
    expect(lab.state.exports["192.168.18.200:/backup/pve-data"]).toHaveLength(1);
  });
});

describe("a list of storages", () => {
  it("may be of one type", async () => {
    await create({});
    const list = await lab.data<{ storage: string }[]>("pve01", "GET", "/storage?type=nfs");
    expect(list.map(({ storage }) => storage)).toEqual(["Data"]);
  });

  it("is that of the whole cluster", async () => {
    await lab.cluster();
    await create({});
    const list = await lab.data<{ storage: string }[]>("pve02", "GET", "/storage");
    expect(list.map(({ storage }) => storage)).toContain("Data");
  });
});
