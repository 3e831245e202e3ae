import { commandLine, readScript } from "../../../components/scriptText";
import { freshHosts, type Machines } from "../cluster/support/machines";

const PVEUM = ["accounts/parts/pveum"];
const PASSWORD = "correct horse battery staple";

let lab: Machines;
beforeAll(async () => {
  lab = await freshHosts();
});

function step(
  script: string,
  variables: Record<string, string>,
  verb = "apply",
  words: string[] = [],
): Promise<string> {
  const name = `accounts/${script}`;
  const text = readScript(name, PVEUM)({ ...variables, HOST: "pve01" });
  return lab.out("pve01", commandLine(name, verb, words), text);
}

const config = () => lab.site.pmxcfs("pve01");
const USER = {
  ACCOUNT: "anna@pve",
  MEMBER_OF: "",
  ENABLED: "1",
  EXPIRES: "0",
  FIRST_NAME: "Anna",
  LAST_NAME: "",
  EMAIL: "anna@example.com",
  COMMENT: "It's Anna's.",
};
const PERMISSION = {
  PLACE: "/vms",
  KIND: "group",
  WHO: "admins",
  ROLE: "Operator",
  PROPAGATE: "1",
};
const LDAP = {
  REALM: "office",
  TYPE: "ldap",
  FIXED: "",
  SETTINGS:
    "base_dn=ou=people,dc=example,dc=com\nmode=ldaps\nserver1=ldap.example.com\nuser_attr=uid\nverify=1",
  UNSET: "comment,port",
  PASSWORD: "bind-secret",
};
const OPENID = {
  REALM: "login",
  TYPE: "openid",
  FIXED: "username-claim=email",
  SETTINGS: "client-id=proxmox\nissuer-url=https://login.example.com",
  UNSET: "comment",
  PASSWORD: "",
};

describe("a role", () => {
  it("has exactly the privileges that it is given, however often", async () => {
    await step("role", { ROLE: "Operator", PRIVILEGES: "VM.Audit,VM.Console" });
    await step("role", { ROLE: "Operator", PRIVILEGES: "VM.Audit" });
    expect(config().roles.Operator).toEqual(["VM.Audit"]);
  });
});

describe("a group and a user", () => {
  it("are as described, and left as they are by a second run", async () => {
    for (let run = 0; run < 2; run++) {
      await step("group", { GROUP: "admins", COMMENT: "All of us" });
      await step("user", { ...USER, MEMBER_OF: "admins" });
    }
    expect(config().groups).toEqual({ admins: { users: ["anna@pve"], comment: "All of us" } });
    expect(config().users["anna@pve"]).toMatchObject({
      enable: true,
      firstname: "Anna",
      email: "anna@example.com",
      comment: "It's Anna's.",
    });
  });

  it("lose what is taken away from them", async () => {
    await step("group", { GROUP: "admins", COMMENT: "" });
    await step("user", { ...USER, ENABLED: "0", EXPIRES: "1798675200", EMAIL: "", COMMENT: "" });
    expect(config().groups?.admins).toEqual({ users: [], comment: "" });
    expect(config().users["anna@pve"]).toMatchObject({
      enable: false,
      expire: 1798675200,
      email: "",
      comment: "",
    });
    await step("user", { ...USER, MEMBER_OF: "admins" });
  });
});

describe("a password", () => {
  const login = (password: string) =>
    lab.api("pve01", "POST", "/access/ticket", { username: "anna@pve", password });

  it("is the user's, and stands in no command line", async () => {
    const out = await step("password", { ACCOUNT: "anna@pve", PASSWORD });
    expect(out).toBe("");
    expect((await login(PASSWORD)).status).toBe(200);
    expect((await login("something else")).status).toBe(401);
  });
});

describe("a token", () => {
  const words = ["anna@pve", "backup", "1"];
  const secretOf = () => config().users["anna@pve"]?.tokens.backup?.secret;

  it("gets a secret, which goes to standard output alone", async () => {
    const told = await step("tokenSecret", {}, "apply", words);
    expect(told).toBe(`anna@pve!backup=${secretOf()}\n`);
  });

  it("gets its settings", async () => {
    const settings = { COMMENT: "For backups", EXPIRES: "1798675200", SEPARATED: "0" };
    await step("token", { ACCOUNT: "anna@pve", TOKEN: "backup", ...settings, GENERATION: "1" });
    expect(config().users["anna@pve"]?.tokens.backup).toMatchObject({
      privsep: false,
      expire: 1798675200,
      comment: "For backups",
    });
  });

  it("gets another secret where the old one is lost, and is gone when it is removed", async () => {
    const before = secretOf();
    const told = await step("tokenSecret", {}, "apply", words);
    expect(secretOf()).not.toBe(before);
    expect(told).toContain(secretOf());
    await step("tokenSecret", {}, "remove", words);
    await step("tokenSecret", {}, "remove", words);
    expect(secretOf()).toBeUndefined();
  });
});

describe("a permission", () => {
  const entries = () => config().acl.filter(({ ugid }) => ugid === "admins");

  it("is given once, and changed in place", async () => {
    await step("permission", PERMISSION);
    await step("permission", { ...PERMISSION, PROPAGATE: "0" });
    expect(entries()).toEqual([
      { path: "/vms", type: "group", ugid: "admins", roleid: "Operator", propagate: false },
    ]);
  });

  it("is taken away, even where whoever had it is gone", async () => {
    await step("permission", PERMISSION, "remove");
    expect(entries()).toEqual([]);
    const gone = { ...PERMISSION, WHO: "nobody" };
    await step("permission", gone, "remove");
  });
});

describe("a realm", () => {
  it("of a directory is as described, with its password where Proxmox VE keeps it", async () => {
    await step("realm", { ...LDAP, SETTINGS: `${LDAP.SETTINGS}\nport=3269\ncomment=Office` });
    await step("realm", LDAP);
    expect(config().realms?.office).toEqual({
      type: "ldap",
      server1: "ldap.example.com",
      base_dn: "ou=people,dc=example,dc=com",
      user_attr: "uid",
      mode: "ldaps",
      verify: "1",
    });
    expect(await lab.out("pve01", "cat /etc/pve/priv/realm/office.pw")).toBe("bind-secret");
  });

  it("of OpenID keeps a client key that was set by hand", async () => {
    await step("realm", OPENID);
    await lab.out("pve01", "pveum realm modify login --client-key by-hand");
    await step("realm", { ...OPENID, SETTINGS: `${OPENID.SETTINGS}\nscopes=email` });
    expect(config().realms?.login).toMatchObject({ "client-key": "by-hand", scopes: "email" });
  });

  it("is not given another type or claim, with which its users would be others", async () => {
    await expect(step("realm", { ...OPENID, FIXED: "username-claim=subject" })).rejects.toThrow(
      /realm login is there with another username-claim, which cannot be changed/,
    );
    await expect(step("realm", { ...LDAP, TYPE: "ad" })).rejects.toThrow(
      /realm office is there with another type/,
    );
  });
});

describe("what is removed", () => {
  it("is gone, and may be gone before", async () => {
    for (let run = 0; run < 2; run++) {
      await step("user", USER, "remove");
      await step("group", { GROUP: "admins", COMMENT: "" }, "remove");
      await step("role", { ROLE: "Operator", PRIVILEGES: "" }, "remove");
      await step("realm", LDAP, "remove");
      await step("realm", OPENID, "remove");
    }
    expect(config().users["anna@pve"]).toBeUndefined();
    expect([config().groups, config().roles.Operator]).toEqual([{}, undefined]);
    expect(Object.keys(config().realms ?? {}).sort()).toEqual(["pam", "pve"]);
    expect(await lab.out("pve01", "ls /etc/pve/priv/realm 2>/dev/null || true")).toBe("");
  });
});
