import { type Lab, newLab, type Params } from "../support/lab";

let lab: Lab;
beforeEach(async () => {
  lab = await newLab();
});

const ask = (method: string, path: string, params: Params = {}) =>
  lab.api("pve01", method, `/cluster/notifications/${path}`, params);
const data = async (path: string) => (await ask("GET", path)).data;
const SMTP = {
  name: "office",
  server: "smtp.example.org",
  "from-address": "pve@example.org",
  mailto: ["a@example.org", "b@example.org"],
};

describe("notification targets", () => {
  it("are one before anybody makes one, which cannot go", async () => {
    const origin = "builtin";
    expect(await data("targets")).toEqual([
      {
        name: "mail-to-root",
        type: "sendmail",
        origin,
        comment: "Send mails to root@pam's email address",
      },
    ]);
    expect(await data("matchers")).toMatchObject([{ name: "default-matcher", origin }]);
    await ask("PUT", "endpoints/sendmail/mail-to-root", { disable: 1 });
    expect(await data("targets")).toMatchObject([{ origin: "modified-builtin", disable: 1 }]);
    expect((await ask("DELETE", "endpoints/sendmail/mail-to-root")).status).toBe(200);
    expect(await data("targets")).toMatchObject([{ origin }]);
  });

  it("come back as they were made, without their secrets", async () => {
    await ask("POST", "endpoints/smtp", { ...SMTP, password: "secret", port: 25 });
    expect(await data("endpoints/smtp/office")).toEqual({
      ...SMTP,
      port: 25,
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const header = ["name=X-A,value=MQ==", "name=X-B,value=Mg=="];
    const hook = { name: "chat", url: "https://x.example.org", method: "post", header };
    await ask("POST", "endpoints/webhook", { ...hook, secret: "name=token,value=c2VjcmV0" });
    expect(await data("endpoints/webhook/chat")).toMatchObject({ header, secret: ["name=token"] });
    await ask("PUT", "endpoints/webhook/chat", { secret: "name=token" });
    const { secrets } = lab.site.pmxcfs("pve01").notifications ?? {};
    expect(secrets?.chat?.values).toEqual({ secret: ["name=token,value=c2VjcmV0"] });
  });

  it("are changed in parts", async () => {
    await ask("POST", "endpoints/smtp", { ...SMTP, port: 25, author: "Me" });
    await ask("PUT", "endpoints/smtp/office", {
      mailto: "c@example.org",
      delete: ["port", "author"],
    });
    const { name, server, "from-address": from } = SMTP;
    const rest = { name, server, "from-address": from, mailto: ["c@example.org"] };
    expect(await data("endpoints/smtp")).toEqual([{ ...rest, origin: "user-created" }]);
  });

  it.each<[string, string, Params, number, string]>([
    [
      "POST",
      "endpoints/gotify",
      { name: "office", server: "x", token: "y" },
      400,
      "Cannot create 'office', an entity with the same name already exists",
    ],
    [
      "POST",
      "endpoints/sendmail",
      { name: "nobody" },
      400,
      "must at least provide one recipient, either in mailto or in mailto-user",
    ],
    [
      "PUT",
      "endpoints/smtp/office",
      { delete: "mailto" },
      400,
      "must at least provide one recipient, either in mailto or in mailto-user",
    ],
    ["GET", "endpoints/gotify/office", {}, 404, "endpoint 'office' not found"],
    ["GET", "matchers/office", {}, 404, "matcher 'office' not found"],
    ["POST", "matchers", { name: "all", target: "x" }, 404, "endpoint 'x' does not exist"],
    ["POST", "targets/xx/test", {}, 404, "endpoint 'xx' does not exist"],
    [
      "PUT",
      "endpoints/smtp/office",
      { digest: "0" },
      500,
      "detected modified configuration - file changed by other user? Try again.",
    ],
    ["DELETE", "endpoints/smtp/office", {}, 400, "cannot delete 'office', referenced by: failures"],
  ])("refuse %s %s %j", async (method, path, params, status, reason) => {
    await ask("POST", "endpoints/smtp", SMTP);
    await ask("POST", "matchers", { name: "failures", target: "office" });
    expect(await ask(method, path, params)).toMatchObject({ status, reason });
  });

  it("are for whoever may change mappings and let nodes connect", async () => {
    const user = "jane@pve";
    await lab.data("pve01", "POST", "/access/users", { userid: user });
    const asJane = (method: string, path: string, params: Params = {}) =>
      lab.api("pve01", method, `/cluster/notifications/${path}`, params, lab.ticket("pve01", user));
    const give = (path: string, roles: string) =>
      lab.data("pve01", "PUT", "/access/acl", { path, roles, users: user });
    expect((await asJane("POST", "endpoints/smtp", SMTP)).status).toBe(403);
    await give("/mapping/notifications", "PVEMappingAdmin");
    expect((await asJane("POST", "matchers", { name: "m1" })).status).toBe(200);
    expect((await asJane("POST", "endpoints/smtp", SMTP)).status).toBe(403);
    await give("/", "PVESysAdmin");
    expect((await asJane("POST", "endpoints/smtp", SMTP)).status).toBe(403);
    await give("/", "Administrator");
    expect((await asJane("POST", "endpoints/smtp", SMTP)).status).toBe(200);
  });
});

describe("a test message", () => {
  const test = () => ask("POST", "targets/office/test");

  it("is in the journal of the node that sent it", async () => {
    await ask("POST", "endpoints/smtp", SMTP);
    expect((await test()).status).toBe(200);
    expect(lab.site.host("pve01").journal?.map(({ message }) => message)).toEqual([
      "test notification via target 'office' to smtp.example.org, for a@example.org, b@example.org",
    ]);
  });

  it.each([
    [{ username: "me" }, "username is set but no password was provided"],
    [{ server: "x.invalid" }, "failed to lookup address information: Name or service not known"],
    [{ server: "192.168.18.200" }, "Connection refused"],
  ])("fails with %j", async (change, why) => {
    await ask("POST", "endpoints/smtp", { ...SMTP, ...change });
    const { status, reason } = await test();
    expect(status).toBe(500);
    expect(reason).toContain("Could not test target: could not notify via endpoint(s): office: ");
    expect(reason).toContain(why);
  });
});
