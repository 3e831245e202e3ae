import { type Auth, Lab, newLab, newState, type Params, PASSWORD } from "../support/lab";

/** Of RFC 6238's appendix B, of whose 8 digits a code has the last 6. */
const TOTP = "otpauth://totp/lab:a@pve?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=lab";
const THEN = 2_000_000_000;
const CODE = "279037";

let lab: Lab;
beforeEach(async () => {
  lab = new Lab(await newState(), THEN * 1000);
  for (const userid of ["a@pve", "b@pve"]) {
    await lab.data("pve01", "POST", "/access/users", { userid, password: "password" });
  }
});

const ask = (method: string, below = "", params: Params = {}, auth?: Auth) =>
  lab.api("pve01", method, `/access/tfa${below}`, params, auth);
const reason = async (...asked: Parameters<typeof ask>) => {
  const { status, reason: words, errors } = await ask(...asked);
  return [status, words, ...Object.values(errors ?? {})];
};
const app = (more: Params = {}): Params => ({
  ...{ type: "totp", description: "phone", totp: TOTP, value: CODE },
  ...more,
});
const added = async (userid = "a@pve", params = app()): Promise<string> => {
  const { data } = await ask("POST", `/${userid}`, params);
  return (data as { id: string }).id;
};
const keysOf = async (userid: string): Promise<unknown> =>
  (await lab.data<{ keys?: string }>("pve01", "GET", `/access/users/${userid}`)).keys;

describe("second factors", () => {
  it("are nobody's at first", async () => {
    expect((await ask("GET")).data).toEqual([]);
    expect((await ask("GET", "/root@pam")).data).toEqual([]);
    expect(await keysOf("a@pve")).toBeUndefined();
  });

  it("are an application's code or recovery keys, and told without their secrets", async () => {
    const id = await added();
    const { data } = await ask("POST", "/a@pve", { type: "recovery" });
    const { recovery } = data as { recovery: string[] };
    expect(new Set(recovery).size).toBe(10);
    expect(recovery[0]).toMatch(/^([0-9a-f]{4}-){3}[0-9a-f]{4}$/);
    const entries = [
      { type: "recovery", id: "recovery", created: THEN },
      { type: "totp", id, description: "phone", created: THEN },
    ];
    expect((await ask("GET")).data).toEqual([{ userid: "a@pve", entries }]);
    expect((await ask("GET", "/a@pve")).data).toEqual(entries);
    expect((await ask("GET", `/a@pve/${id}`)).data).toEqual(entries[1]);
    expect(await keysOf("a@pve")).toBe("x");
  });

  it("are taken with a code of this half minute or of the ones beside it", async () => {
    for (const seconds of [-30, 30]) {
      lab = new Lab(lab.state, (THEN + seconds) * 1000);
      expect((await ask("POST", "/a@pve", app())).status).toBe(200);
    }
    lab = new Lab(lab.state, (THEN + 90) * 1000);
    expect(await reason("POST", "/a@pve", app())).toEqual([500, "failed to verify TOTP challenge"]);
  });

  it("are switched off, and go; with the last of them the mark at their user", async () => {
    const id = await added();
    await added("a@pve", { type: "recovery" });
    await ask("PUT", `/a@pve/${id}`, { enable: 0, description: "old phone" });
    expect((await ask("GET", `/a@pve/${id}`)).data).toMatchObject({
      description: "old phone",
      enable: 0,
    });
    await ask("DELETE", `/a@pve/${id}`);
    expect(await keysOf("a@pve")).toBe("x");
    await ask("DELETE", "/a@pve/recovery");
    expect((await ask("GET")).data).toEqual([]);
    expect(await keysOf("a@pve")).toBeUndefined();
  });

  it("go with their user", async () => {
    await added();
    await lab.data("pve01", "DELETE", "/access/users/a@pve");
    expect((await ask("GET")).data).toEqual([]);
  });

  it.each([
    ["POST", "/c@pve", app(), [500, "no such user ('c@pve')"]],
    ["POST", "/a@pve", app({ value: "123456" }), [500, "failed to verify TOTP challenge"]],
    ["POST", "/a@pve", { type: "totp" }, [500, "'description' is required for new entries"]],
    [
      "POST",
      "/a@pve",
      { type: "totp", description: "phone" },
      [500, "'totp' type requires both 'totp' and 'value' parameters"],
    ],
    [
      "POST",
      "/a@pve",
      { type: "recovery", value: "1" },
      [500, "generating recovery tokens does not allow additional parameters"],
    ],
    ["GET", "/a@pve/none", {}, [404, "No such tfa entry 'none'"]],
    ["PUT", "/a@pve/none", { enable: 0 }, [500, "no such entry"]],
    ["DELETE", "/a@pve/none", {}, [500, "no such entry"]],
  ] as [string, string, Params, unknown[]][])("%s %s with %j is refused", async (...asked) => {
    const [method, below, params, expected] = asked;
    expect(await reason(method, below, params)).toEqual(expected);
  });

  it("of recovery keys there is one set, which is not switched off", async () => {
    await added("a@pve", { type: "recovery" });
    expect(await reason("POST", "/a@pve", { type: "recovery" })).toEqual([
      500,
      "user already has recovery keys",
    ]);
    expect(await reason("PUT", "/a@pve/recovery", { enable: 0 })).toEqual([500, "no such entry"]);
  });

  it("are not changed by a node without quorum", async () => {
    lab = await newLab();
    await lab.cluster();
    await lab.data("pve01", "POST", "/access/users", { userid: "a@pve" });
    lab.site.hardware.switchPower("pve02", false);
    await lab.clock.advance(60_000);
    expect(await reason("POST", "/a@pve", { type: "recovery" })).toEqual([
      500,
      "cfs-lock 'file-priv_tfa_cfg' error: no quorum!",
    ]);
  });
});

describe("whose second factors somebody may see and change", () => {
  const asA = () => lab.ticket("pve01", "a@pve");

  it("are one's own, with one's password", async () => {
    await added("b@pve");
    expect(await reason("POST", "/a@pve", app(), asA())).toEqual([
      400,
      "Parameter verification failed.",
      "password is required to modify user",
    ]);
    const wrong = app({ password: "another" });
    expect(await reason("POST", "/a@pve", wrong, asA())).toEqual([500, "invalid credentials"]);
    const right = app({ password: "password" });
    expect((await ask("POST", "/a@pve", right, asA())).status).toBe(200);
    const { data } = await ask("GET", "", {}, asA());
    expect((data as { userid: string }[]).map(({ userid }) => userid)).toEqual(["a@pve"]);
    expect((await ask("GET", "/b@pve", {}, asA())).status).toBe(403);
  });

  it("are others' for those who manage them, but never root's", async () => {
    await added("b@pve");
    const grant = { path: "/access", roles: "PVEUserAdmin", users: "a@pve" };
    await lab.data("pve01", "PUT", "/access/acl", grant);
    const { data } = await ask("GET", "", {}, asA());
    expect((data as { userid: string }[]).map(({ userid }) => userid)).toEqual(["b@pve"]);
    const keys = { type: "recovery", password: "password" };
    expect((await ask("POST", "/b@pve", keys, asA())).status).toBe(200);
    expect(await reason("POST", "/root@pam", keys, asA())).toEqual([
      403,
      "Permission check failed",
    ]);
  });

  it("are no token's to change", async () => {
    const path = "/access/users/root@pam/token/ci";
    const { value } = await lab.data<{ value: string }>("pve01", "POST", path, { privsep: 0 });
    const token = { authorization: `PVEAPIToken=root@pam!ci=${value}` };
    expect((await ask("GET", "/a@pve", {}, token)).status).toBe(200);
    expect((await ask("POST", "/a@pve", { type: "recovery" }, token)).status).toBe(403);
  });
});

describe("a realm that demands a second factor", () => {
  it("says so to whoever asks, by its type", async () => {
    await lab.data("pve01", "PUT", "/access/domains/pve", { tfa: "type=oath,digits=6,step=30" });
    const { data } = await lab.api("pve01", "GET", "/access/domains", {}, {});
    expect(
      (data as { realm: string; tfa?: string }[]).map(({ realm, tfa }) => [realm, tfa]),
    ).toEqual([
      ["pam", undefined],
      ["pve", "oath"],
    ]);
  });

  it.each(["oath", "type=sms", "type=oath,digits=9"])("does not say %j", async (tfa) => {
    const { status } = await lab.api("pve01", "PUT", "/access/domains/pve", { tfa });
    expect(status).toBe(400);
  });
});

describe("a user", () => {
  it("is told with the type of the realm", async () => {
    const ldap = { type: "ldap", server1: "ldap.example", base_dn: "dc=a", user_attr: "uid" };
    await lab.data("pve01", "POST", "/access/domains", { realm: "corp", ...ldap });
    await lab.data("pve01", "POST", "/access/users", { userid: "c@corp" });
    const types = async () =>
      (await lab.data<Record<string, string>[]>("pve01", "GET", "/access/users")).map(
        (user) => user["realm-type"],
      );
    expect(await types()).toEqual(["pve", "pve", "ldap", "pam"]);
    await lab.data("pve01", "DELETE", "/access/domains/corp");
    expect(await types()).toEqual(["pve", "pve", undefined, "pam"]);
  });
});

describe("a login", () => {
  it("asks for no second factor, in the lab", async () => {
    await added("root@pam", { type: "recovery" });
    const login = { username: "root@pam", password: PASSWORD };
    expect((await lab.api("pve01", "POST", "/access/ticket", login, {})).status).toBe(200);
  });
});
