import { apiApplication } from "../../../lab/api/server";
import { type Lab, newLab, PASSWORD } from "../support/lab";

let lab: Lab;
beforeEach(async () => {
  lab = await newLab();
});

interface Reply {
  status: number;
  /** The HTTP reason phrase. */
  reason: string | undefined;
  headers: Headers;
  body: { data?: unknown; message?: string; errors?: Record<string, string>; success?: number };
}

async function send(
  method: string,
  path: string,
  body?: string,
  more: Record<string, string> = {},
) {
  const outgoing: { statusMessage?: string } = {};
  const { cookie = "", csrf = "" } = lab.ticket("pve01");
  const headers = new Headers({ cookie, csrfpreventiontoken: csrf, ...more });
  if (body !== undefined) headers.set("content-length", String(body.length));
  const init = { method, headers, ...(body === undefined ? {} : { body }) };
  const app = apiApplication(lab.site, "pve01");
  const response = await lab.settle(
    Promise.resolve(app.request(`https://pve01:8006${path}`, init, { outgoing } as never)),
  );
  const text = await response.text();
  const { status } = response;
  const reply: Reply = {
    status,
    reason: outgoing.statusMessage,
    headers: response.headers,
    body: text.startsWith("{") ? (JSON.parse(text) as Reply["body"]) : { message: text },
  };
  return reply;
}

const FORM = { "content-type": "application/x-www-form-urlencoded" };

describe("the web server of a node", () => {
  it("answers data as JSON", async () => {
    const { status, reason, headers, body } = await send("GET", "/api2/json/version");
    expect([status, reason]).toEqual([200, "OK"]);
    expect(headers.get("content-type")).toBe("application/json;charset=UTF-8");
    expect(body).toEqual({ data: expect.objectContaining({ release: "9.1" }) });
  });

  it("reads forms", async () => {
    const form = new URLSearchParams({ username: "root@pam", password: PASSWORD }).toString();
    const { body } = await send("POST", "/api2/json/access/ticket", form, FORM);
    expect(body.data).toMatchObject({ username: "root@pam" });
  });

  it("reads JSON", async () => {
    const text = JSON.stringify({ userid: "a@pve", enable: false });
    await send("POST", "/api2/json/access/users", text, { "content-type": "application/json" });
    expect(await lab.data("pve01", "GET", "/access/users/a@pve")).toMatchObject({ enable: 0 });
  });

  it("tells an error by its reason phrase, says it again in the body and closes the connection", async () => {
    const { status, reason, headers, body } = await send("GET", "/api2/json/storage/Data");
    expect([status, reason]).toEqual([500, "storage 'Data' does not exist"]);
    expect(headers.get("connection")).toBe("close");
    expect(body).toEqual({ data: null, message: "storage 'Data' does not exist\n" });
  });

  it("names wrong parameters beside the reason", async () => {
    const { status, reason, body } = await send("GET", "/api2/json/version?a=1");
    expect([status, reason]).toEqual([400, "Parameter verification failed."]);
    expect(Object.keys(body.errors ?? {})).toEqual(["a"]);
  });

  it("answers 501 with a body for a path that it does not know", async () => {
    const { status, reason, body } = await send("GET", "/api2/json/nodes/pve01/hardware");
    expect([status, reason]).toEqual([501, "Method 'GET /nodes/pve01/hardware' not implemented"]);
    expect(body).toEqual({
      data: null,
      message: "Method 'GET /nodes/pve01/hardware' not implemented\n",
    });
  });

  it("answers 501 for a DELETE with a body", async () => {
    const { reason } = await send("DELETE", "/api2/json/storage/Data", "a=1", FORM);
    expect(reason).toBe("Unexpected content for method 'DELETE'");
  });

  it("keeps a percent sign that was encoded twice", async () => {
    const { reason } = await send("GET", "/api2/json/access/roles/a%2520b");
    expect(reason).toBe("Parameter verification failed.");
    const { body } = await send(
      "GET",
      "/api2/json/nodes/pve01/storage/local/content/local:iso%2Fx.iso",
    );
    expect(body.message).toContain("'local:iso/x.iso'");
  });

  it("wraps the outcome for web interfaces, and answers 200", async () => {
    const good = await send("GET", "/api2/extjs/version");
    expect(good.body).toMatchObject({ success: 1 });
    const bad = await send("GET", "/api2/extjs/storage/Data");
    expect(bad.status).toBe(200);
    expect(bad.body).toEqual({
      data: null,
      success: 0,
      status: 500,
      message: "storage 'Data' does not exist",
    });
  });

  it("has nothing else", async () => {
    expect(await send("GET", "/")).toMatchObject({ status: 404, reason: "no such file" });
  });
});
