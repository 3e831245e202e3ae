import { type Auth, type Lab, newLab } from "../support/lab";

let lab: Lab;
beforeEach(async () => {
  lab = await newLab();
  await lab.data("pve01", "POST", "/access/users", { userid: "a@pve" });
});

interface NewToken {
  "full-tokenid": string;
  info: Record<string, unknown>;
  value: string;
}

const TOKEN = "/access/users/a@pve/token/ci";
const bearer = (name: string, secret: string): Auth => ({
  authorization: `PVEAPIToken=${name}=${secret}`,
});

async function newToken(more: Record<string, string | number> = {}): Promise<Auth> {
  const { value } = await lab.data<NewToken>("pve01", "POST", TOKEN, more);
  return bearer("a@pve!ci", value);
}

const grant = (roles: string, to: Record<string, string>, path = "/") =>
  lab.data("pve01", "PUT", "/access/acl", { path, roles, ...to });

const ask = (auth: Auth, method = "GET", path = "/version") =>
  lab.api("pve01", method, path, {}, auth);

describe("a new token", () => {
  it("tells its secret, and what it is", async () => {
    const token = await lab.data<NewToken>("pve01", "POST", TOKEN, { comment: "c", expire: 0 });
    expect(token["full-tokenid"]).toBe("a@pve!ci");
    expect(token.value).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(token.info).toEqual({ privsep: 1, expire: 0, comment: "c" });
  });

  it("never tells its secret again", async () => {
    const { value } = await lab.data<NewToken>("pve01", "POST", TOKEN);
    const paths = [
      TOKEN,
      "/access/users/a@pve/token",
      "/access/users/a@pve",
      "/access/users?full=1",
    ];
    for (const path of paths) {
      const text = JSON.stringify(await lab.data("pve01", "GET", path));
      expect(text).not.toContain(value);
    }
    expect(JSON.stringify(await lab.data("pve01", "PUT", TOKEN, { comment: "c" }))).not.toContain(
      value,
    );
  });

  it("does not replace one of its name", async () => {
    const auth = await newToken();
    const { status, errors } = await lab.api("pve01", "POST", TOKEN);
    expect([status, errors]).toEqual([400, { tokenid: "Token already exists." }]);
    expect((await ask(auth)).status).toBe(200);
  });

  it("needs its user", async () => {
    const { status, reason } = await lab.api("pve01", "POST", "/access/users/b@pve/token/ci");
    expect([status, reason]).toEqual([500, "no such user ('b@pve')"]);
  });

  it.each(["1a", "a", "a b", "a!b"])("is not called %j", async (name) => {
    const path = `/access/users/a@pve/token/${encodeURIComponent(name)}`;
    expect((await lab.api("pve01", "POST", path)).errors).toEqual({
      tokenid: "value does not match the regex pattern",
    });
  });
});

describe("a token", () => {
  it("logs in without a ticket and without a token against forged requests", async () => {
    const auth = await newToken({ privsep: 0 });
    await grant("Administrator", { users: "a@pve" });
    const { status } = await lab.api("pve01", "POST", "/access/roles", { roleid: "r1" }, auth);
    expect(status).toBe(200);
  });

  it.each([
    ["a@pve!ci", "wrong", "invalid token value!"],
    ["a@pve!other", "wrong", "no such token 'other' for user 'a@pve'"],
    ["b@pve!ci", "wrong", "no such user ('b@pve')"],
    ["nonsense", "wrong", "no tokenid specified"],
  ])("is refused as %s=%s", async (name, secret, words) => {
    await newToken();
    const { status, reason } = await ask(bearer(name, secret));
    expect([status, reason]).toEqual([401, words]);
  });

  it("is refused after a delay", async () => {
    const before = lab.clock.now();
    await ask(bearer("a@pve!ci", "wrong"));
    expect(lab.clock.now() - before).toBeGreaterThanOrEqual(3_000);
  });

  it("ends when it is deleted, with its access list", async () => {
    const auth = await newToken();
    await grant("PVEAuditor", { tokens: "a@pve!ci" });
    await lab.data("pve01", "DELETE", TOKEN);
    expect((await ask(auth)).reason).toBe("no such token 'ci' for user 'a@pve'");
    expect(await lab.data("pve01", "GET", "/access/acl")).toEqual([]);
    expect((await lab.api("pve01", "GET", TOKEN)).reason).toBe(
      "no such token 'ci' for user 'a@pve'",
    );
  });

  it("ends at its time", async () => {
    const end = lab.clock.now() / 1000 + 60;
    const auth = await newToken({ expire: end });
    await lab.clock.advance(60_000);
    expect((await ask(auth)).status).toBe(200);
    await lab.clock.advance(1000);
    const { status, reason } = await ask(auth);
    expect([status, reason]).toEqual([401, "token 'ci' access expired"]);
  });

  it.each([
    ["disabled", { enable: 0 }, "user 'a@pve' is disabled"],
    ["expired", { expire: 1 }, "user 'a@pve' access expired"],
  ])("ends when its user is %s", async (_case, change, words) => {
    const auth = await newToken();
    await lab.data("pve01", "PUT", "/access/users/a@pve", change);
    expect((await ask(auth)).reason).toBe(words);
  });

  it("changes its comment, end and separation", async () => {
    await newToken({ comment: "c" });
    const changed = { comment: "", expire: 4_000_000_000, privsep: 0 };
    await lab.data("pve01", "PUT", TOKEN, changed);
    expect(await lab.data("pve01", "GET", TOKEN)).toEqual({ expire: 4_000_000_000, privsep: 0 });
    expect(await lab.data("pve01", "GET", "/access/users/a@pve/token")).toEqual([
      { tokenid: "ci", expire: 4_000_000_000, privsep: 0 },
    ]);
  });
});

describe("what a token may do", () => {
  const privileges = (auth: Auth, path = "/") =>
    lab.data<Record<string, object>>("pve01", "GET", `/access/permissions?path=${path}`, {}, auth);

  it("is nothing by itself", async () => {
    await grant("Administrator", { users: "a@pve" });
    const auth = await newToken();
    expect(await privileges(auth)).toEqual({ "/": {} });
    const { status, reason } = await ask(auth, "GET", "/storage/local");
    expect([status, reason]).toEqual([
      403,
      "Permission check failed (/storage/local, Datastore.Allocate)",
    ]);
  });

  it("is what both it and its user may", async () => {
    await lab.data("pve01", "POST", "/access/roles", { roleid: "r1", privs: "VM.Audit,Sys.Audit" });
    await lab.data("pve01", "POST", "/access/roles", { roleid: "r2", privs: "VM.Audit,VM.Clone" });
    const auth = await newToken();
    await grant("r1", { users: "a@pve" });
    await grant("r2", { tokens: "a@pve!ci" });
    expect(await privileges(auth)).toEqual({ "/": { "VM.Audit": 1 } });
  });

  it("is all that its user may when it is not separated", async () => {
    await grant("PVEPoolUser", { users: "a@pve" });
    const auth = await newToken({ privsep: 0 });
    expect(await privileges(auth)).toEqual({ "/": { "Pool.Audit": 1 } });
  });

  it("of root@pam is everything but what needs a ticket", async () => {
    const { value } = await lab.data<NewToken>("pve01", "POST", "/access/users/root@pam/token/ci", {
      privsep: 0,
    });
    const auth = bearer("root@pam!ci", value);
    expect((await ask(auth, "GET", "/storage/local")).status).toBe(200);
    const form = { clustername: "site" };
    const { status, reason } = await lab.api("pve01", "POST", "/cluster/config", form, auth);
    expect([status, reason]).toEqual([403, "Permission check failed (user != root@pam)"]);
  });

  it("is not what its user may do with itself", async () => {
    const auth = await newToken({ privsep: 0 });
    expect((await ask(auth, "GET", TOKEN)).reason).toBe("Permission check failed");
    expect((await ask(lab.ticket("pve01", "a@pve"), "GET", TOKEN)).status).toBe(200);
  });
});
