import { type Lab, newLab, type Params } from "../support/lab";

let lab: Lab;
beforeEach(async () => {
  lab = await newLab();
});

const create = (params: Params) => lab.api("pve01", "POST", "/access/users", params);

describe("a user", () => {
  it("comes back as it was made", async () => {
    const fields = { comment: "c", email: "a@b.example", firstname: "f", lastname: "l", expire: 5 };
    await create({ userid: "a@pve", enable: 0, ...fields });
    expect(await lab.data("pve01", "GET", "/access/users/a@pve")).toEqual({
      enable: 0,
      ...fields,
      groups: [],
      tokens: {},
    });
  });

  it("is enabled without an end, and without what is empty", async () => {
    await create({ userid: "a@pve", comment: "", email: "", keys: "" });
    expect(await lab.data("pve01", "GET", "/access/users/a@pve")).toEqual({
      enable: 1,
      expire: 0,
      groups: [],
      tokens: {},
    });
  });

  it("is made once", async () => {
    await create({ userid: "a@pve" });
    const { status, reason } = await create({ userid: "a@pve" });
    expect([status, reason]).toEqual([500, "create user failed: user 'a@pve' already exists"]);
  });

  it("needs groups that exist", async () => {
    const { reason } = await create({ userid: "a@pve", groups: "g1" });
    expect(reason).toBe("create user failed: no such group 'g1'");
    expect((await lab.api("pve01", "GET", "/access/users/a@pve")).status).toBe(500);
  });

  it.each([
    ["GET", "no such user ('b@pve')"],
    ["PUT", "update user failed: no such user ('b@pve')"],
  ])("that is unknown answers %s with 500", async (method, words) => {
    const { status, reason } = await lab.api("pve01", method, "/access/users/b@pve");
    expect([status, reason]).toEqual([500, words]);
  });

  it("changes what is sent and keeps the rest", async () => {
    await create({ userid: "a@pve", comment: "c", firstname: "f" });
    await lab.data("pve01", "PUT", "/access/users/a@pve", { firstname: "", enable: 0 });
    expect(await lab.data("pve01", "GET", "/access/users/a@pve")).toEqual({
      enable: 0,
      expire: 0,
      comment: "c",
      groups: [],
      tokens: {},
    });
  });

  it("leaves with its tokens and access lists", async () => {
    await create({ userid: "a@pve" });
    await lab.data("pve01", "POST", "/access/users/a@pve/token/ci");
    for (const to of [{ users: "a@pve" }, { tokens: "a@pve!ci" }]) {
      await lab.data("pve01", "PUT", "/access/acl", { path: "/", roles: "PVEAuditor", ...to });
    }
    await lab.data("pve01", "DELETE", "/access/users/a@pve");
    expect(await lab.data("pve01", "GET", "/access/acl")).toEqual([]);
    const users = await lab.data<{ userid: string }[]>("pve01", "GET", "/access/users");
    expect(users.map(({ userid }) => userid)).toEqual(["root@pam"]);
  });

  it("is managed by whoever may modify users and allocate them in the realm", async () => {
    await create({ userid: "a@pve" });
    const auth = lab.ticket("pve01", "a@pve");
    const attempt = () => lab.api("pve01", "POST", "/access/users", { userid: "b@pve" }, auth);
    expect((await attempt()).reason).toBe(
      "Permission check failed (/access/realm/pve, Realm.AllocateUser)",
    );
    await lab.data("pve01", "POST", "/access/roles", { roleid: "r", privs: "Realm.AllocateUser" });
    await lab.data("pve01", "PUT", "/access/acl", { path: "/", roles: "r", users: "a@pve" });
    expect((await attempt()).reason).toBe("Permission check failed (/access/groups, User.Modify)");
    await lab.data("pve01", "PUT", "/access/acl", {
      path: "/",
      roles: "PVEUserAdmin",
      users: "a@pve",
    });
    expect((await attempt()).status).toBe(200);
  });
});

describe("a role", () => {
  const BUILT_IN = [
    "Administrator",
    "NoAccess",
    "PVEAdmin",
    "PVEAuditor",
    "PVEDatastoreAdmin",
    "PVEDatastoreUser",
    "PVEMappingAdmin",
    "PVEMappingUser",
    "PVEPoolAdmin",
    "PVEPoolUser",
    "PVESDNAdmin",
    "PVESDNUser",
    "PVESysAdmin",
    "PVETemplateUser",
    "PVEUserAdmin",
    "PVEVMAdmin",
    "PVEVMUser",
  ];
  const ofRole = (role: string) =>
    lab.data<Record<string, number>>("pve01", "GET", `/access/roles/${role}`);

  it("is there from the start, if PVE brings it", async () => {
    const roles = await lab.data<{ roleid: string; special: number }[]>(
      "pve01",
      "GET",
      "/access/roles",
    );
    expect(roles.map(({ roleid }) => roleid).sort()).toEqual(BUILT_IN);
    expect(new Set(roles.map(({ special }) => special))).toEqual(new Set([1]));
  });

  it("of an administrator who is not root lacks what changes the hosts themselves", async () => {
    const all = Object.keys(await ofRole("Administrator"));
    const some = Object.keys(await ofRole("PVEAdmin"));
    expect(all.filter((privilege) => !some.includes(privilege)).sort()).toEqual([
      "Mapping.Modify",
      "Permissions.Modify",
      "Realm.Allocate",
      "Sys.AccessNetwork",
      "Sys.Incoming",
      "Sys.Modify",
      "Sys.PowerMgmt",
    ]);
  });

  it("of an auditor holds every .Audit and nothing else", async () => {
    expect(Object.keys(await ofRole("PVEAuditor")).sort()).toEqual([
      "Datastore.Audit",
      "Mapping.Audit",
      "Pool.Audit",
      "SDN.Audit",
      "Sys.Audit",
      "VM.Audit",
      "VM.GuestAgent.Audit",
    ]);
  });

  it("tells its privileges in numbers", async () => {
    await lab.data("pve01", "POST", "/access/roles", { roleid: "r1", privs: "VM.Audit VM.Clone" });
    expect(await ofRole("r1")).toEqual({ "VM.Audit": 1, "VM.Clone": 1 });
  });

  it.each(["VM.Monitor", "VM.Audit,VM.Nonsense"])("does not hold %s", async (privs) => {
    const { status, errors } = await lab.api("pve01", "POST", "/access/roles", {
      roleid: "r1",
      privs,
    });
    const wrong = privs.split(",").at(-1);
    expect([status, errors]).toEqual([
      400,
      { privs: `invalid format - invalid privilege '${wrong}'\n` },
    ]);
  });

  it("is made once", async () => {
    await lab.data("pve01", "POST", "/access/roles", { roleid: "r1" });
    for (const roleid of ["r1", "NoAccess"]) {
      const { status, reason } = await lab.api("pve01", "POST", "/access/roles", { roleid });
      expect([status, reason]).toEqual([
        500,
        `create role failed: role '${roleid}' already exists`,
      ]);
    }
  });

  it("is not called as Proxmox's own are", async () => {
    const { status, errors } = await lab.api("pve01", "POST", "/access/roles", {
      roleid: "pveMine",
    });
    expect(status).toBe(400);
    expect(errors).toEqual({
      roleid: "cannot use role ID starting with the (case-insensitive) 'PVE' namespace",
    });
  });

  it("gets other privileges, or more of them", async () => {
    await lab.data("pve01", "POST", "/access/roles", { roleid: "r1", privs: "VM.Audit" });
    await lab.data("pve01", "PUT", "/access/roles/r1", { privs: "VM.Clone", append: 1 });
    expect(await ofRole("r1")).toEqual({ "VM.Audit": 1, "VM.Clone": 1 });
    await lab.data("pve01", "PUT", "/access/roles/r1", { privs: "Sys.Audit" });
    expect(await ofRole("r1")).toEqual({ "Sys.Audit": 1 });
  });

  it.each([
    ["PUT", "modified"],
    ["DELETE", "deleted"],
  ])("of Proxmox's answers %s with 500", async (method, done) => {
    const { status, reason } = await lab.api("pve01", method, "/access/roles/PVEAdmin");
    expect([status, reason]).toEqual([500, `auto-generated role 'PVEAdmin' cannot be ${done}`]);
  });

  it.each([
    ["GET", "role 'r1' does not exist"],
    ["PUT", "update role failed: role 'r1' does not exist"],
    ["DELETE", "delete role failed: role 'r1' does not exist"],
  ])("that is unknown answers %s with 500", async (method, words) => {
    const { status, reason } = await lab.api("pve01", method, "/access/roles/r1");
    expect([status, reason]).toEqual([500, words]);
  });

  it.each(["constructor", "toString", "hasOwnProperty"])("may be called %s", async (roleid) => {
    expect((await lab.api("pve01", "GET", `/access/roles/${roleid}`)).status).toBe(500);
    await lab.data("pve01", "POST", "/access/roles", { roleid, privs: "VM.Audit" });
    expect(await ofRole(roleid)).toEqual({ "VM.Audit": 1 });
  });

  it("is gone when it is deleted", async () => {
    await lab.data("pve01", "POST", "/access/roles", { roleid: "r1" });
    await lab.data("pve01", "DELETE", "/access/roles/r1");
    expect((await lab.api("pve01", "GET", "/access/roles/r1")).status).toBe(500);
  });
});

describe("an entry of the access list", () => {
  const put = (params: Params, auth = lab.ticket("pve01")) =>
    lab.api("pve01", "PUT", "/access/acl", params, auth);

  beforeEach(async () => {
    await create({ userid: "a@pve" });
    await lab.data("pve01", "POST", "/access/users/a@pve/token/ci");
  });

  it("comes back with its path, role and subject", async () => {
    await put({ path: "vms/100/", roles: "PVEVMUser", users: "a@pve", propagate: 0 });
    await put({ path: "/", roles: "PVEAuditor", tokens: "a@pve!ci" });
    expect(await lab.data("pve01", "GET", "/access/acl")).toEqual([
      { path: "/vms/100", roleid: "PVEVMUser", type: "user", ugid: "a@pve", propagate: 0 },
      { path: "/", roleid: "PVEAuditor", type: "token", ugid: "a@pve!ci", propagate: 1 },
    ]);
  });

  it("is made again without being there twice", async () => {
    for (const propagate of [1, 0]) {
      await put({ path: "/", roles: "PVEAuditor", users: "a@pve", propagate });
    }
    expect(await lab.data("pve01", "GET", "/access/acl")).toEqual([
      { path: "/", roleid: "PVEAuditor", type: "user", ugid: "a@pve", propagate: 0 },
    ]);
  });

  it("is made for each role and each user that is named", async () => {
    await put({ path: "/", roles: "PVEAuditor,PVEVMUser", users: "a@pve,root@pam" });
    expect(await lab.data("pve01", "GET", "/access/acl")).toHaveLength(4);
  });

  it("goes when it is deleted, and others stay", async () => {
    await put({ path: "/", roles: "PVEAuditor,PVEVMUser", users: "a@pve" });
    await put({ path: "/", roles: "PVEAuditor", users: "a@pve", delete: 1 });
    const left = await lab.data<{ roleid: string }[]>("pve01", "GET", "/access/acl");
    expect(left.map(({ roleid }) => roleid)).toEqual(["PVEVMUser"]);
  });

  it.each([
    [{ users: "a@pve", roles: "r9" }, "role 'r9' does not exist"],
    [{ users: "b@pve", roles: "PVEAuditor" }, "user 'b@pve' does not exist"],
    [{ groups: "g1", roles: "PVEAuditor" }, "group 'g1' does not exist"],
    [{ tokens: "a@pve!no", roles: "PVEAuditor" }, "no such token 'no' for user 'a@pve'"],
    [{ tokens: "b@pve!ci", roles: "PVEAuditor" }, "no such user ('b@pve')"],
  ])("needs what it names: %j", async (params, words) => {
    const { status, reason } = await put({ path: "/", ...params });
    expect([status, reason]).toEqual([500, `ACL update failed: ${words}`]);
    expect(await lab.data("pve01", "GET", "/access/acl")).toEqual([]);
  });

  it("needs somebody", async () => {
    const words = "either 'users', 'groups' or 'tokens' is required.";
    expect((await put({ path: "/", roles: "PVEAuditor" })).errors).toEqual({
      users: words,
      groups: words,
      tokens: words,
    });
  });

  it("needs a path that PVE has", async () => {
    const { status, errors } = await put({ path: "/vm/100", roles: "PVEAuditor", users: "a@pve" });
    expect([status, errors]).toEqual([400, { path: "invalid ACL path '/vm/100'" }]);
  });

  it("may be changed by who may allocate the guest", async () => {
    const auth = lab.ticket("pve01", "a@pve");
    const wanted = { path: "/vms/100", roles: "PVEVMUser", users: "a@pve" };
    expect((await put(wanted, auth)).reason).toBe(
      "Permission check failed (/vms/100, Permissions.Modify|VM.Allocate)",
    );
    await put({ path: "/vms", roles: "PVEVMAdmin", users: "a@pve" });
    expect((await put(wanted, auth)).status).toBe(200);
    expect((await put({ ...wanted, path: "/storage/Data" }, auth)).status).toBe(403);
  });
});
