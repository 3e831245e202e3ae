import { type Auth, type Lab, newLab, PASSWORD } from "../support/lab";

const HOUR = 3_600_000;

let lab: Lab;
beforeEach(async () => {
  lab = await newLab();
});

interface Login {
  username: string;
  ticket: string;
  CSRFPreventionToken: string;
  clustername?: string;
  cap: Record<string, Record<string, unknown>>;
}

const login = (username: string, password: string, more = {}) =>
  lab.api("pve01", "POST", "/access/ticket", { username, password, ...more }, {});

async function loggedIn(username = "root@pam", password = PASSWORD): Promise<Login> {
  return (await login(username, password)).data as Login;
}

const cookie = ({ ticket }: Login): Auth => ({ cookie: `a=1; PVEAuthCookie=${ticket}; b=2` });

async function newUser(userid: string, more = {}): Promise<void> {
  await lab.data("pve01", "POST", "/access/users", { userid, password: "long enough", ...more });
}

describe("a login", () => {
  it("answers with the user, a ticket and a token against forged requests", async () => {
    const { username, ticket, CSRFPreventionToken } = await loggedIn();
    expect(username).toBe("root@pam");
    expect(ticket).toMatch(/^PVE:root@pam:[0-9A-F]{8}::\S+$/);
    expect(CSRFPreventionToken).toMatch(/^[0-9A-F]{8}:\S+$/);
  });

  it("tells what the user may do in numbers", async () => {
    const { cap } = await loggedIn();
    const leaves = Object.values(cap).flatMap((privileges) => Object.values(privileges));
    expect(new Set(leaves)).toEqual(new Set([1]));
    expect(cap.vms).toHaveProperty(["VM.Allocate"]);
  });

  it("names the cluster, where there is one and the user may see it", async () => {
    expect((await loggedIn()).clustername).toBeUndefined();
    await lab.cluster("home");
    expect((await loggedIn()).clustername).toBe("home");
    await newUser("a@pve");
    expect((await loggedIn("a@pve", "long enough")).clustername).toBeUndefined();
  });

  it("takes the realm apart from the name", async () => {
    expect((await login("root", PASSWORD, { realm: "pam" })).status).toBe(200);
  });

  it.each([
    ["a wrong password", "root@pam", "wrong"],
    ["an unknown user", "nobody@pve", PASSWORD],
    ["a user without a password", "empty@pve", ""],
  ])("with %s is refused without saying why", async (_case, username, password) => {
    await lab.data("pve01", "POST", "/access/users", { userid: "empty@pve" });
    const { status, reason } = await login(username, password);
    expect([status, reason]).toEqual([401, "authentication failure"]);
  });

  it.each([
    ["disabled", { enable: 0 }],
    ["expired", { expire: 1 }],
  ])("of a user who is %s is refused", async (_case, more) => {
    await newUser("a@pve", more);
    expect((await login("a@pve", "long enough")).reason).toBe("authentication failure");
  });

  it("takes three seconds to fail", async () => {
    const before = lab.clock.now();
    await login("root@pam", "wrong");
    expect(lab.clock.now() - before).toBeGreaterThanOrEqual(3_000);
  });

  it("is not made with a token", async () => {
    const token = { authorization: "PVEAPIToken=root@pam!a=b" };
    const form = { username: "root@pam", password: PASSWORD };
    const { status, reason } = await lab.api("pve01", "POST", "/access/ticket", form, token);
    expect([status, reason]).toEqual([
      403,
      "Permission check failed (URI '/access/ticket' not available with API token, need proper ticket.",
    ]);
  });
});

describe("a ticket", () => {
  it("reads without a token against forged requests", async () => {
    const auth = cookie(await loggedIn());
    expect((await lab.api("pve01", "GET", "/version", {}, auth)).status).toBe(200);
  });

  it.each(["POST", "DELETE"])("does not write with %s without that token", async (method) => {
    const auth = cookie(await loggedIn());
    const params = method === "POST" ? { roleid: "r1" } : {};
    const path = method === "POST" ? "/access/roles" : "/access/roles/r1";
    for (const csrf of [undefined, "", "00000000:x", `${"7".repeat(8)}:x`]) {
      const sent = csrf === undefined ? auth : { ...auth, csrf };
      const { status, reason } = await lab.api("pve01", method, path, params, sent);
      expect([status, reason]).toEqual([401, "Permission denied - invalid csrf token"]);
    }
    expect(lab.site.pmxcfs("pve01").roles).toEqual({});
  });

  it("does not write with another user's token", async () => {
    await newUser("a@pve");
    const { csrf } = lab.ticket("pve01", "a@pve");
    const auth = { ...cookie(await loggedIn()), csrf: String(csrf) };
    const { reason } = await lab.api("pve01", "POST", "/access/roles", { roleid: "r1" }, auth);
    expect(reason).toBe("Permission denied - invalid csrf token");
  });

  it("writes with it", async () => {
    const session = await loggedIn();
    const auth = { ...cookie(session), csrf: session.CSRFPreventionToken };
    const { status } = await lab.api("pve01", "POST", "/access/roles", { roleid: "r1" }, auth);
    expect(status).toBe(200);
  });

  it("is good for two hours", async () => {
    const auth = lab.ticket("pve01");
    await lab.clock.advance(2 * HOUR - 1000);
    expect((await lab.api("pve01", "GET", "/version", {}, auth)).status).toBe(200);
    await lab.clock.advance(1000);
    const { status, reason } = await lab.api("pve01", "GET", "/version", {}, auth);
    expect([status, reason]).toEqual([401, "permission denied - invalid PVE ticket"]);
  });

  it.each(["PVE:root@pam:68B00000::x", "nonsense", "PVE:root@pam:ZZZZZZZZ::x"])(
    "is not made up: %s",
    async (ticket) => {
      const auth = { cookie: `PVEAuthCookie=${ticket}` };
      const { status, reason } = await lab.api("pve01", "GET", "/version", {}, auth);
      expect([status, reason]).toEqual([401, "permission denied - invalid PVE ticket"]);
    },
  );

  it("is that of one user only", async () => {
    const { cookie: own = "" } = lab.ticket("pve01", "a@pve");
    const forged = { cookie: own.replace("a%40pve", "root%40pam") };
    expect((await lab.api("pve01", "GET", "/version", {}, forged)).status).toBe(401);
  });

  it.each([
    ["disabled", { enable: 0 }, "user 'a@pve' is disabled"],
    ["expired", { expire: 1 }, "user 'a@pve' access expired"],
  ])("ends when its user is %s", async (_case, change, words) => {
    await newUser("a@pve");
    const auth = lab.ticket("pve01", "a@pve");
    expect((await lab.api("pve01", "GET", "/version", {}, auth)).status).toBe(200);
    await lab.data("pve01", "PUT", "/access/users/a@pve", change);
    const { status, reason } = await lab.api("pve01", "GET", "/version", {}, auth);
    expect([status, reason]).toEqual([401, words]);
  });

  it("ends with its user", async () => {
    await newUser("a@pve");
    await lab.data("pve01", "DELETE", "/access/users/a@pve");
    const { reason } = await lab.api("pve01", "GET", "/version", {}, lab.ticket("pve01", "a@pve"));
    expect(reason).toBe("no such user ('a@pve')");
  });

  it("is good on every node of the cluster, and on no other", async () => {
    const auth = lab.ticket("pve01");
    expect((await lab.api("pve02", "GET", "/version", {}, auth)).status).toBe(401);
    await lab.cluster();
    expect((await lab.api("pve02", "GET", "/version", {}, lab.ticket("pve01"))).status).toBe(200);
  });

  it("counts before a token", async () => {
    const auth = { ...lab.ticket("pve01"), authorization: "PVEAPIToken=root@pam!no=no" };
    expect((await lab.api("pve01", "GET", "/version", {}, auth)).status).toBe(200);
  });
});

describe("a password", () => {
  const change = (auth: Auth | undefined, params: Record<string, string>) =>
    lab.api("pve01", "PUT", "/access/password", params, auth);

  it("is changed by root without knowing it", async () => {
    await newUser("a@pve");
    await change(undefined, { userid: "a@pve", password: "another one" });
    expect((await login("a@pve", "long enough")).status).toBe(401);
    expect((await login("a@pve", "another one")).status).toBe(200);
  });

  it("is changed by its user, who must know it", async () => {
    await newUser("a@pve");
    const auth = lab.ticket("pve01", "a@pve");
    const wanted = { userid: "a@pve", password: "another one" };
    expect((await change(auth, wanted)).errors).toEqual({
      "confirmation-password": "password is required to modify user",
    });
    const wrong = { ...wanted, "confirmation-password": "wrong one" };
    expect((await change(auth, wrong)).reason).toBe("invalid credentials");
    const right = { ...wanted, "confirmation-password": "long enough" };
    expect((await change(lab.ticket("pve01", "a@pve"), right)).status).toBe(200);
    expect((await login("a@pve", "another one")).status).toBe(200);
  });

  it("has eight characters", async () => {
    const { errors } = await change(undefined, { userid: "root@pam", password: "short" });
    expect(errors).toEqual({ password: "value must be at least 8 characters long" });
  });

  it("is not changed with a token", async () => {
    await lab.data("pve01", "POST", "/access/users/root@pam/token/ci", { privsep: 0 });
    const { secret } = lab.site.access.user("pve01", "root@pam").tokens.ci ?? { secret: "" };
    const auth = { authorization: `PVEAPIToken=root@pam!ci=${secret}` };
    const { status } = await change(auth, { userid: "root@pam", password: "another one" });
    expect(status).toBe(403);
  });
});
