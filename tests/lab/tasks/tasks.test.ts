import { die } from "../../../lab/api/errors";
import { VirtualClock } from "../../../lab/seams/clock";
import { MemoryStore } from "../../../lab/seams/store";
import { Site } from "../../../lab/site";
import type { Worker } from "../../../lab/tasks/tasks";
import { type Auth, type Lab, newLab } from "../support/lab";

let lab: Lab;
beforeEach(async () => {
  lab = await newLab();
});

const begin = (worker: Worker, { type = "qmcreate", id = "100", user = "root@pam" } = {}) =>
  lab.site.tasks.start("pve01", type, id, user, worker);
const get = (upid: string, what: string, auth?: Auth, node = "pve01") =>
  lab.api(node, "GET", `/nodes/pve01/tasks/${upid}/${what}`, {}, auth);
const status = async (upid: string) => (await get(upid, "status")).data as Record<string, unknown>;
const log = async (upid: string, query = "") =>
  (await get(upid, `log${query}`)).data as { n: number; t: string }[];
type Row = Record<string, unknown>;
const list = (query = "", auth?: Auth) =>
  lab.data<Row[]>("pve01", "GET", `/nodes/pve01/tasks${query}`, {}, auth);

describe("a task", () => {
  it("that has ended well says OK, and everything in its UPID", async () => {
    const upid = begin((say) => say.info("done"));
    const answer = await status(upid);
    expect(answer).toEqual({
      upid,
      node: "pve01",
      pid: expect.any(Number),
      pstart: expect.any(Number),
      starttime: lab.clock.now() / 1000,
      type: "qmcreate",
      id: "100",
      user: "root@pam",
      status: "stopped",
      exitstatus: "OK",
    });
    expect(await log(upid)).toEqual([
      { n: 1, t: "done" },
      { n: 2, t: "TASK OK" },
    ]);
  });

  it("that awaits nothing has ended before its UPID is known", () => {
    const upid = begin(() => undefined);
    expect(lab.site.tasks.find("pve01", upid)?.exitstatus).toBe("OK");
  });

  it("that fails says why", async () => {
    const upid = begin(() => {
      throw die("storage 'Data' is not online");
    });
    expect(await status(upid)).toMatchObject({
      status: "stopped",
      exitstatus: "storage 'Data' is not online",
    });
    expect(await log(upid)).toEqual([{ n: 1, t: "TASK ERROR: storage 'Data' is not online" }]);
  });

  it("that warns counts its warnings", async () => {
    const upid = begin((say) => {
      say.warn("disk is old");
      say.info("went on");
      say.warn("disk is full");
    });
    expect(await status(upid)).toMatchObject({ exitstatus: "WARNINGS: 2" });
    expect((await log(upid)).map(({ t }) => t)).toEqual([
      "WARN: disk is old",
      "went on",
      "WARN: disk is full",
      "TASK WARNINGS: 2",
    ]);
  });

  it("that warns and then fails has failed", async () => {
    const upid = begin((say) => {
      say.warn("disk is old");
      throw die("disk is gone");
    });
    expect(await status(upid)).toMatchObject({ exitstatus: "disk is gone" });
    expect((await log(upid)).at(-1)).toEqual({ n: 2, t: "TASK ERROR: disk is gone" });
  });

  it("runs until it ends, without an exit status", async () => {
    const upid = begin((say) => {
      say.info("begun");
      return new Promise((resolve) => lab.clock.after(5_000, resolve));
    });
    const running = await status(upid);
    expect(running.status).toBe("running");
    expect(running).not.toHaveProperty("exitstatus");
    expect(await log(upid)).toEqual([{ n: 1, t: "begun" }]);
    await lab.clock.advance(5_000);
    expect(await status(upid)).toMatchObject({ status: "stopped", exitstatus: "OK" });
  });

  it("has a UPID of its own, even within one second", () => {
    const upids = Array.from({ length: 20 }, () => begin(() => undefined));
    expect(new Set(upids).size).toBe(20);
  });

  it("of a token tells user and token apart", async () => {
    const upid = begin(() => undefined, { user: "root@pam!ci" });
    expect(upid).toMatch(/:root@pam!ci:$/);
    expect(await status(upid.replace("!", "%21"))).toMatchObject({
      user: "root@pam",
      tokenid: "ci",
    });
  });

  it.each([
    ["has logged something", ["half done"], "unexpected status"],
    ["has logged nothing", [], "unable to read tail (got 0 bytes)"],
  ])("that %s when the lab is killed has died without an end", (_case, lines, status) => {
    const upid = begin(({ info }) => {
      for (const line of lines) info(line);
      return new Promise(() => undefined);
    });
    const later = new VirtualClock(lab.clock.now() + 90_000);
    const next = new Site(new MemoryStore(structuredClone(lab.state)), later);
    const task = next.tasks.find("pve01", upid);
    expect([task?.exitstatus, task?.endtime]).toEqual([status, (task?.starttime ?? 0) + 90]);
    expect(task?.log).toEqual(lines);
  });

  it("tells who listens that it starts and how it ends", async () => {
    const told: [string, string | undefined][] = [];
    lab.site.tasks.onChange(({ type, exitstatus }) => told.push([type, exitstatus]));
    begin(() => undefined);
    begin(() => Promise.reject(new Error("no")));
    await lab.settle(lab.site.tasks.idle());
    const [type] = told[0] ?? [];
    expect(told).toEqual([
      [type, undefined],
      [type, "OK"],
      [type, undefined],
      [type, "no"],
    ]);
  });

  it("is asked about on any node of the cluster", async () => {
    await lab.cluster();
    const upid = begin(() => undefined);
    expect((await get(upid, "status", undefined, "pve02")).status).toBe(200);
  });
});

describe("the log of a task", () => {
  let upid: string;
  beforeEach(() => {
    upid = begin((say) => {
      for (let line = 1; line <= 119; line++) say.info(`line ${line}`);
    });
  });

  it("comes in pages of 50 lines", async () => {
    const lines = await log(upid);
    expect(lines).toHaveLength(50);
    expect(lines[0]).toEqual({ n: 1, t: "line 1" });
  });

  it.each([
    ["?start=50", 51, 100],
    ["?start=100", 101, 120],
    ["?start=10&limit=5", 11, 15],
    ["?limit=0", 1, 120],
    ["?start=110&limit=0", 111, 120],
  ])("with %s comes from line %d to %d", async (query, first, last) => {
    const lines = await log(upid, query);
    expect([lines[0]?.n, lines.at(-1)?.n]).toEqual([first, last]);
  });

  it("is empty after its end", async () => {
    expect(await log(upid, "?start=120")).toEqual([]);
  });

  it("that has no line yet says so", async () => {
    const silent = begin(() => new Promise(() => undefined));
    expect(await log(silent)).toEqual([{ n: 1, t: "no content" }]);
  });
});

describe("a task that is unknown", () => {
  const UNKNOWN = "UPID:pve01:0000A1B2:00C3CE45:68B00000:qmcreate:100:root@pam:";

  it("is a wrong parameter, never missing", async () => {
    expect(await get(UNKNOWN, "status")).toMatchObject({
      status: 400,
      errors: { upid: "no such task" },
    });
    const remove = await lab.api("pve01", "DELETE", `/nodes/pve01/tasks/${UNKNOWN}`);
    expect(remove).toMatchObject({ status: 400, errors: { upid: "no such task" } });
  });

  it("has a log that cannot be opened", async () => {
    expect(await log(UNKNOWN)).toEqual([
      { n: 1, t: "unable to open file - No such file or directory" },
    ]);
  });

  it.each(["status", "log"])("by nature has no %s", async (what) => {
    expect(await get("UPID:nonsense", what)).toMatchObject({
      status: 400,
      errors: { upid: "unable to parse worker upid" },
    });
  });
});

describe("another's task", () => {
  const asUser = async (...roles: string[]): Promise<Auth> => {
    await lab.data("pve01", "POST", "/access/users", { userid: "a@pve" });
    for (const role of roles) {
      await lab.data("pve01", "PUT", "/access/acl", { path: "/", roles: role, users: "a@pve" });
    }
    return lab.ticket("pve01", "a@pve");
  };

  it.each(["status", "log"])("shows its %s to auditors of the node only", async (what) => {
    const upid = begin(() => undefined);
    const auth = await asUser();
    expect(await get(upid, what, auth)).toMatchObject({
      status: 403,
      reason: "Permission check failed (/nodes/pve01, Sys.Audit)",
    });
    await lab.data("pve01", "PUT", "/access/acl", {
      path: "/",
      roles: "PVEAuditor",
      users: "a@pve",
    });
    expect((await get(upid, what, auth)).status).toBe(200);
  });

  it("is stopped by who may change the node only", async () => {
    const upid = begin(() => undefined);
    const auth = await asUser("PVEAuditor");
    const answer = await lab.api("pve01", "DELETE", `/nodes/pve01/tasks/${upid}`, {}, auth);
    expect(answer.reason).toBe("Permission check failed (/nodes/pve01, Sys.Modify)");
  });

  it("is not a token's own, but a token's is its user's", async () => {
    const own = begin(() => undefined, { user: "a@pve" });
    const tokens = begin(() => undefined, { user: "a@pve!ci" });
    const longer = begin(() => undefined, { user: "a@pve2" });
    const auth = await asUser();
    expect((await get(own, "status", auth)).status).toBe(200);
    expect((await get(tokens, "status", auth)).status).toBe(200);
    expect((await get(longer, "status", auth)).status).toBe(403);
    const made = await lab.data<{ value: string }>("pve01", "POST", "/access/users/a@pve/token/ci");
    const token = { authorization: `PVEAPIToken=a@pve!ci=${made.value}` };
    expect((await get(tokens, "status", token)).status).toBe(200);
    expect((await get(own, "status", token)).status).toBe(403);
  });

  it("is not in the list of who may not see it", async () => {
    begin(() => undefined);
    begin(() => undefined, { user: "a@pve!ci" });
    const rows = await list("", await asUser());
    expect(rows.map(({ user, tokenid }) => [user, tokenid])).toEqual([["a@pve", "ci"]]);
  });
});

describe("the list of tasks", () => {
  const failing: Worker = () => {
    throw die("no");
  };

  it("has the newest first, with how it ended", async () => {
    begin(() => undefined, { id: "100" });
    await lab.clock.advance(1000);
    begin(failing, { id: "101" });
    const rows = await list();
    expect(rows.map(({ id, status: end }) => [id, end])).toEqual([
      ["101", "no"],
      ["100", "OK"],
    ]);
    expect(rows[0]).not.toHaveProperty("log");
    expect(rows[0]).toHaveProperty("endtime");
  });

  it.each([
    ["?vmid=101", ["101"]],
    ["?typefilter=vzcreate", ["101"]],
    ["?userfilter=ROOT", ["103", "101", "100"]],
    ["?errors=1", ["103", "102"]],
    ["?statusfilter=ok", ["101", "100"]],
    ["?statusfilter=warning,error", ["103", "102"]],
    ["?limit=2", ["103", "102"]],
    ["?start=1&limit=2", ["102", "101"]],
    ["?since=1767225602", ["103", "102"]],
    ["?until=1767225600", ["100"]],
  ])("with %s has those of %j", async (query, ids) => {
    begin(() => undefined);
    await lab.clock.advance(1000);
    begin(() => undefined, { id: "101", type: "vzcreate" });
    await lab.clock.advance(1000);
    begin(failing, { id: "102", user: "a@pve" });
    await lab.clock.advance(1000);
    begin((say) => say.warn("old"), { id: "103" });
    expect((await list(query)).map(({ id }) => id)).toEqual(ids);
  });

  it("has those that run apart from those that have ended", async () => {
    begin(() => new Promise(() => undefined), { id: "1" });
    begin(() => undefined, { id: "2" });
    const ids = async (source: string) => (await list(`?source=${source}`)).map(({ id }) => id);
    expect(await ids("active")).toEqual(["1"]);
    expect(await ids("archive")).toEqual(["2"]);
    expect(await ids("all")).toEqual(["2", "1"]);
  });
});
