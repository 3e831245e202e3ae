import { type Lab, newLab } from "../support/lab";

let lab: Lab;
beforeEach(async () => {
  lab = await newLab();
});

const ask = (method: string, below = "", params = {}) =>
  lab.api("pve01", method, `/access/domains${below}`, params);
const ldap = {
  type: "ldap",
  server1: "ldap.example",
  base_dn: "dc=example",
  user_attr: "uid",
};
const BUILT_IN = [
  { realm: "pam", type: "pam", comment: "Linux PAM standard authentication" },
  { realm: "pve", type: "pve", comment: "Proxmox VE authentication server" },
];

describe("realms", () => {
  it("are those of the system and of Proxmox VE, told before a login", async () => {
    const { data } = await lab.api("pve01", "GET", "/access/domains", {}, {});
    expect(data).toEqual(BUILT_IN);
  });

  it("come back as they were made, without their password", async () => {
    const more = { secure: 1, port: 636, comment: "c", filter: "(a=b)" };
    await ask("POST", "", { realm: "corp", ...ldap, ...more, password: "secret" });
    expect((await ask("GET", "/corp")).data).toEqual({
      ...ldap,
      ...more,
      digest: expect.any(String) as string,
    });
    expect((await ask("GET")).data).toEqual([
      { realm: "corp", type: "ldap", comment: "c" },
      ...BUILT_IN,
    ]);
  });

  it("are changed in parts", async () => {
    await ask("POST", "", { realm: "corp", ...ldap, filter: "a" });
    await ask("PUT", "/corp", { server1: "other.example", delete: "filter" });
    const { data } = await ask("GET", "/corp");
    expect(data).toMatchObject({ server1: "other.example", base_dn: "dc=example" });
    expect(data).not.toHaveProperty("filter");
    await ask("PUT", "/pam", { comment: "root" });
    expect((await ask("GET", "/pam")).data).toMatchObject({ type: "pam", comment: "root" });
  });

  it("forget what is empty", async () => {
    await ask("POST", "", { realm: "corp", ...ldap, comment: "", filter: "a" });
    await ask("PUT", "/corp", { filter: "" });
    const { data } = await ask("GET", "/corp");
    expect(Object.keys(data as object).sort()).toEqual([
      "base_dn",
      "digest",
      "server1",
      "type",
      "user_attr",
    ]);
  });

  it("have one default", async () => {
    await ask("POST", "", { realm: "one", ...ldap, default: 1 });
    await ask("POST", "", { realm: "two", ...ldap, default: 1 });
    const { data } = await ask("GET");
    const defaults = (data as { realm: string; default?: number }[]).filter((r) => r.default);
    expect(defaults.map(({ realm }) => realm)).toEqual(["two"]);
  });

  it.each([
    [
      "POST",
      "",
      { realm: "corp", ...ldap },
      "add auth server failed: domain 'corp' already exists",
    ],
    [
      "POST",
      "",
      { realm: "new", type: "pam" },
      "add auth server failed: unable to create builtin type 'pam'",
    ],
    [
      "POST",
      "",
      { realm: "new", type: "ldap", server1: "a" },
      "add auth server failed: missing value for required option 'base_dn'",
    ],
    [
      "POST",
      "",
      { realm: "new", ...ldap, "client-id": "a" },
      "add auth server failed: unexpected property 'client-id'",
    ],
    ["PUT", "/none", { comment: "" }, "update auth server failed: domain 'none' does not exist"],
    ["PUT", "/corp", {}, "update auth server failed: no options specified"],
    [
      "DELETE",
      "/none",
      {},
      "delete auth server failed: authentication domain 'none' does not exist",
    ],
    ["GET", "/none", {}, "domain 'none' does not exist"],
    [
      "POST",
      "/pve/sync",
      { scope: "users" },
      "Cannot sync realm type 'pve'! Only LDAP/AD realms can be synced.",
    ],
  ])("refuse %s %s %j", async (method, path, params, reason) => {
    await ask("POST", "", { realm: "corp", ...ldap });
    expect(await ask(method, path, params)).toMatchObject({ status: 500, reason });
  });

  it("go again", async () => {
    await ask("POST", "", { realm: "corp", ...ldap });
    await ask("DELETE", "/corp");
    expect((await ask("GET")).data).toEqual(BUILT_IN);
  });

  it("are synced by a task, which finds no directory here", async () => {
    await ask("POST", "", { realm: "corp", ...ldap });
    expect((await ask("POST", "/corp/sync")).errors).toEqual({
      scope: "Not passed as parameter and not defined in realm default sync options.",
    });
    await ask("PUT", "/corp", { "sync-defaults-options": "scope=users" });
    expect(await lab.task("pve01", "POST", "/access/domains/corp/sync")).toBe(
      "unable to connect to the LDAP server 'ldap.example'",
    );
  });
});
