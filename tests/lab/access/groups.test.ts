import { type Lab, newLab } from "../support/lab";

let lab: Lab;
beforeEach(async () => {
  lab = await newLab();
});

const ask = (method: string, path: string, params = {}, user = "root@pam") =>
  lab.api("pve01", method, path, params, lab.ticket("pve01", user));
const get = (path: string) => lab.data("pve01", "GET", path);
const make = (path: string, params: Record<string, string | number>) =>
  lab.data("pve01", "POST", path, params);

describe("a group", () => {
  it("has a comment, and users that name it", async () => {
    await make("/access/groups", { groupid: "ops", comment: "on call" });
    await make("/access/users", { userid: "b@pve", groups: "ops" });
    await make("/access/users", { userid: "a@pve", groups: "ops" });
    expect(await get("/access/groups/ops")).toEqual({
      comment: "on call",
      members: ["b@pve", "a@pve"],
    });
    expect(await get("/access/groups")).toEqual([
      { groupid: "ops", comment: "on call", users: "a@pve,b@pve" },
    ]);
  });

  it("is left when a user is sent with others, unless they are added", async () => {
    for (const groupid of ["one", "two"]) await make("/access/groups", { groupid });
    await make("/access/users", { userid: "a@pve", groups: "one" });
    await lab.data("pve01", "PUT", "/access/users/a@pve", { groups: "two", append: 1 });
    expect(await get("/access/users/a@pve")).toMatchObject({ groups: ["one", "two"] });
    await lab.data("pve01", "PUT", "/access/users/a@pve", { groups: "two" });
    expect(await get("/access/users/a@pve")).toMatchObject({ groups: ["two"] });
    await lab.data("pve01", "PUT", "/access/users/a@pve", { comment: "c" });
    expect(await get("/access/users/a@pve")).toMatchObject({ groups: ["two"] });
    await lab.data("pve01", "DELETE", "/access/users/a@pve");
    expect(await get("/access/groups/two")).toEqual({ members: [] });
  });

  it("takes its access lists with it", async () => {
    await make("/access/groups", { groupid: "ops" });
    await lab.data("pve01", "PUT", "/access/acl", {
      path: "/",
      roles: "PVEAuditor",
      groups: "ops",
    });
    await lab.data("pve01", "DELETE", "/access/groups/ops");
    expect(await get("/access/acl")).toEqual([]);
  });

  it.each([
    [
      "POST",
      "/access/groups",
      { groupid: "ops" },
      "create group failed: group 'ops' already exists",
    ],
    ["PUT", "/access/groups/x", { comment: "" }, "update group failed: group 'x' does not exist"],
    ["DELETE", "/access/groups/x", {}, "delete group failed: group 'x' does not exist"],
    ["GET", "/access/groups/x", {}, "group 'x' does not exist"],
  ])("refuses %s %s with words", async (method, path, params, reason) => {
    await make("/access/groups", { groupid: "ops" });
    expect(await ask(method, path, params)).toMatchObject({ status: 500, reason });
  });
});

describe("permissions by group", () => {
  beforeEach(async () => {
    await make("/access/groups", { groupid: "ops" });
    await make("/access/users", { userid: "a@pve", groups: "ops" });
    await make("/access/users", { userid: "b@pve" });
  });
  const grant = (path: string, roles: string, more: Record<string, string>) =>
    lab.data("pve01", "PUT", "/access/acl", { path, roles, ...more });
  const held = async (user: string, path: string) =>
    Object.keys(
      (
        await lab.data<Record<string, Record<string, number>>>(
          "pve01",
          "GET",
          "/access/permissions",
          {
            userid: user,
            path,
          },
        )
      )[path] ?? {},
    );

  it("are those of its members only", async () => {
    await grant("/vms", "PVETemplateUser", { groups: "ops" });
    expect((await held("a@pve", "/vms/100")).sort()).toEqual(["VM.Audit", "VM.Clone"]);
    expect(await held("b@pve", "/vms/100")).toEqual([]);
  });

  it("give way to those of the user on the same path", async () => {
    await grant("/vms", "PVETemplateUser", { groups: "ops" });
    await grant("/vms", "PVEAuditor", { users: "a@pve" });
    expect(await held("a@pve", "/vms")).toContain("VM.Audit");
    expect(await held("a@pve", "/vms")).not.toContain("VM.Clone");
  });

  it("let a manager of the group manage its members, and nobody else", async () => {
    await make("/access/roles", { roleid: "people", privs: "User.Modify" });
    await grant("/access/groups/ops", "people", { users: "b@pve" });
    expect((await ask("PUT", "/access/users/a@pve", { groups: "ops" }, "b@pve")).status).toBe(200);
    expect((await ask("GET", "/access/users/a@pve", {}, "b@pve")).status).toBe(200);
    expect((await ask("GET", "/access/users/root@pam", {}, "b@pve")).status).toBe(403);
    const { data } = await ask("GET", "/access/users", {}, "b@pve");
    expect((data as { userid: string }[]).map(({ userid }) => userid)).toEqual(["a@pve", "b@pve"]);
  });
});
