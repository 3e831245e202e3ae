import { dispatch } from "../../../lab/api/dispatch";
import { type Lab, newLab } from "../support/lab";

let lab: Lab;
beforeEach(async () => {
  lab = await newLab();
});

describe("a request", () => {
  it.each([
    ["GET", "/nodes/pve01/qemu/100/firewall/nonsense"],
    ["PUT", "/version"],
    ["GET", "/cluster/ha/nothing"],
    ["GET", "/nodes/pve01/sto%20rage"],
    ["GET", "/"],
  ])("answers 501 for %s %s, which it does not know, and never 404", async (method, path) => {
    const { status, reason, data } = await lab.api("pve01", method, path);
    const words = `Method '${method} ${decodeURIComponent(path)}' not implemented`;
    expect({ status, reason, data }).toEqual({ status: 501, reason: words, data: null });
  });

  it("answers 501 for a method that PVE does not have", async () => {
    const { status, reason } = await lab.api("pve01", "PATCH", "/version");
    expect([status, reason]).toEqual([501, "method 'PATCH' not available"]);
  });

  it.each(["GET", "DELETE"])("answers 501 for a body where %s has none", async (method) => {
    const request = { method, path: "/storage/local", query: {}, body: {}, content: true };
    const answer = await dispatch(lab.site, "pve01", { ...request, ...lab.ticket("pve01") });
    expect([answer.status, answer.reason]).toEqual([
      501,
      `Unexpected content for method '${method}'`,
    ]);
  });

  it("without a login learns nothing about paths", async () => {
    for (const path of ["/version", "/no/such/path"]) {
      const { status, reason } = await lab.api("pve01", "GET", path, {}, {});
      expect([status, reason]).toEqual([401, "No ticket"]);
    }
  });

  it("without a login is answered three seconds later", async () => {
    let status: number | undefined;
    const asked = dispatch(lab.site, "pve01", {
      method: "GET",
      path: "/version",
      query: {},
      body: {},
    });
    const waiting = asked.then((answer) => {
      status = answer.status;
    });
    await lab.clock.advance(2_999);
    expect(status).toBeUndefined();
    await lab.clock.advance(1);
    await waiting;
    expect(status).toBe(401);
  });

  it("takes a trailing slash as nothing", async () => {
    expect(await lab.data("pve01", "GET", "/cluster/ha/resources/")).toEqual([]);
  });

  it("checks permissions before parameters", async () => {
    const auth = await auditor();
    const { status } = await lab.api("pve01", "POST", "/storage", { nonsense: 1 }, auth);
    expect(status).toBe(403);
  });

  it("says which parameters are wrong", async () => {
    const answer = await lab.api("pve01", "POST", "/access/users", { nonsense: 1 });
    expect([answer.status, answer.reason]).toEqual([400, "Parameter verification failed."]);
    expect(answer.errors).toEqual({
      nonsense:
        "property is not defined in schema and the schema does not allow additional properties",
      userid: "property is missing and it is not optional",
    });
  });

  it("answers with null where there is nothing to say", async () => {
    const answer = await lab.api("pve01", "POST", "/access/roles", { roleid: "r1" });
    expect(answer).toEqual({ status: 200, reason: "OK", data: null });
  });

  async function auditor() {
    await lab.data("pve01", "POST", "/access/users", { userid: "a@pve" });
    await lab.data("pve01", "PUT", "/access/acl", {
      path: "/",
      roles: "PVEAuditor",
      users: "a@pve",
    });
    return lab.ticket("pve01", "a@pve");
  }
});

describe("parameters of one request", () => {
  it("come from query and form together", async () => {
    await lab.data("pve01", "POST", "/access/users?userid=a@pve", { comment: "both" });
    const user = await lab.data("pve01", "GET", "/access/users/a@pve");
    expect(user).toMatchObject({ comment: "both" });
  });

  it("count from the query where both have them", async () => {
    await lab.data("pve01", "POST", "/access/users?comment=query", {
      userid: "a@pve",
      comment: "form",
    });
    expect(await lab.data("pve01", "GET", "/access/users/a@pve")).toMatchObject({
      comment: "query",
    });
  });

  it("may repeat what the path says", async () => {
    const answer = await lab.api("pve01", "GET", "/storage/local", { storage: "local" });
    expect(answer.status).toBe(200);
  });

  it("may not say otherwise than the path", async () => {
    const { status, errors } = await lab.api("pve01", "GET", "/storage/local", { storage: "Data" });
    expect(status).toBe(400);
    expect(errors).toEqual({
      storage: "duplicate parameter (already defined in URI) with conflicting values!",
    });
  });

  it("may hold the number by which browsers defeat caches", async () => {
    expect((await lab.api("pve01", "GET", "/version?_dc=1700000000")).status).toBe(200);
  });
});

describe("a request about another node", () => {
  it("is answered by that node", async () => {
    await lab.cluster();
    const status = await lab.data<{ memory: { total: number } }>(
      "pve01",
      "GET",
      "/nodes/pve02/status",
    );
    expect(status.memory.total).toBe(lab.site.nodeState("pve02").memory);
  });

  it("answers 595 while that node is off", async () => {
    await lab.cluster();
    lab.site.hardware.switchPower("pve02", false);
    const { status, reason } = await lab.api("pve01", "GET", "/nodes/pve02/qemu");
    expect([status, reason]).toEqual([595, "No route to host"]);
  });

  it("answers 500 when nobody has that name", async () => {
    const { status, reason } = await lab.api("pve01", "GET", "/nodes/pve09/qemu");
    expect(status).toBe(500);
    expect(reason).toContain("hostname lookup 'pve09' failed");
  });

  it("takes localhost for the node that is asked", async () => {
    expect((await lab.api("pve02", "GET", "/nodes/localhost/qemu")).data).toEqual([]);
  });
});

describe("a write while corosync forms a membership", () => {
  it("waits until it is clear who has quorum, and is refused where there is none", async () => {
    await lab.cluster();
    lab.site.hardware.plug("pve01", false);
    const started = lab.clock.now();
    const answer = await lab.api("pve01", "POST", "/pools", { poolid: "late" });
    expect(lab.clock.now() - started).toBeGreaterThan(5_000);
    expect(answer.status).toBe(500);
    expect(lab.site.pmxcfs("pve02").pools ?? {}).not.toHaveProperty("late");
  });

  it("is refused at once where corosync does not run", async () => {
    await lab.cluster();
    const host = lab.site.host("pve01");
    host.services = host.services.filter((unit) => unit !== "corosync");
    lab.site.quorum.servicesChanged();
    const started = lab.clock.now();
    const answer = await lab.api("pve01", "POST", "/pools", { poolid: "late" });
    expect([answer.status, lab.clock.now() - started]).toEqual([500, 0]);
  });

  it("does not keep readers waiting", async () => {
    await lab.cluster();
    lab.site.hardware.plug("pve01", false);
    const started = lab.clock.now();
    expect((await lab.api("pve01", "GET", "/pools")).status).toBe(200);
    expect(lab.clock.now()).toBe(started);
  });
});
