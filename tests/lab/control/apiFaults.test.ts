import { once } from "node:events";
import { request, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { apiServer } from "../../../lab/api/server";
import { START } from "../support/lab";
import { freshHosts, type Machines } from "../cluster/support/machines";

let lab: Machines;
let server: Server;

beforeEach(async () => {
  lab = await freshHosts();
  server = apiServer(lab.site, "pve01");
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(() => new Promise<void>((resolve) => server.close(() => resolve())));

/** The status line of an answer, or that the connection ended without one. */
function ask(method: string, path: string, form = ""): Promise<string> {
  const { cookie = "", csrf = "" } = lab.ticket("pve01");
  const call = request({
    host: "127.0.0.1",
    port: (server.address() as AddressInfo).port,
    ca: lab.site.pmxcfs("pve01").ca.certificate,
    path: `/api2/json${path}`,
    method,
    agent: false,
    headers: {
      cookie,
      csrfpreventiontoken: csrf,
      "content-type": "application/x-www-form-urlencoded",
    },
  });
  call.end(form);
  return new Promise((resolve) => {
    call.on("error", () => resolve("cut off"));
    call.on("response", (response) => {
      response.resume();
      response.on("end", () => resolve(`${response.statusCode} ${response.statusMessage}`));
    });
  });
}

const flaky = (failRate: number, seed = 1): void =>
  lab.site.apiFaults.set("pve01", { delayMs: 0, failRate, seed });

async function many(count: number, method = "GET", path = "/version"): Promise<string[]> {
  const answers: string[] = [];
  for (let index = 0; index < count; index++) {
    const form = method === "POST" ? `userid=u${index}@pve` : "";
    answers.push(await ask(method, path, form));
  }
  return answers;
}

describe("a flaky API", () => {
  it("fails in the ways of a pveproxy that is dying, each time with the same seed", async () => {
    flaky(1);
    const first = await many(40);
    expect(new Set(first)).toEqual(
      new Set([
        "cut off",
        "595 Connection refused",
        "596 Broken pipe",
        "596 Connection timed out",
        "599 Too many redirections",
        "500 got timeout",
        "503 Service Unavailable",
      ]),
    );
    flaky(1);
    expect(await many(40)).toEqual(first);
    flaky(1, 2);
    expect(await many(40)).not.toEqual(first);
  });

  it("fails in its share of the requests", async () => {
    flaky(0.25);
    const failed = (await many(80)).filter((answer) => answer !== "200 OK");
    expect(failed.length).toBeGreaterThan(10);
    expect(failed.length).toBeLessThan(30);
    flaky(0);
    expect(new Set(await many(10))).toEqual(new Set(["200 OK"]));
  });

  it("does nothing when it answers with a status, and may have done what it cuts off", async () => {
    flaky(1);
    const answers = await many(40, "POST", "/access/users");
    const made = answers.map((answer, index): [string, boolean] => [
      answer,
      `u${index}@pve` in lab.site.pmxcfs("pve01").users,
    ]);
    expect(made.filter(([answer, done]) => answer !== "cut off" && done)).toEqual([]);
    const cut = made.filter(([answer]) => answer === "cut off").map(([, done]) => done);
    expect(new Set(cut)).toEqual(new Set([true, false]));
  });

  it("leaves other nodes alone, and is well again when it is told so", async () => {
    flaky(1);
    expect(await lab.site.apiFaults.meet("pve02")).toBeUndefined();
    lab.site.apiFaults.clear();
    expect(lab.state.apiFaults).toBeUndefined();
    expect(new Set(await many(10))).toEqual(new Set(["200 OK"]));
  });
});

describe("a slow API", () => {
  it("lets each request wait, in the lab's time", async () => {
    lab.site.apiFaults.set("pve01", { delayMs: 2_000, failRate: 0, seed: 1 });
    const start = lab.clock.now();
    let answered: number | undefined;
    const meeting = lab.site.apiFaults.meet("pve01").then(() => (answered = lab.clock.now()));
    await lab.clock.advance(1_999);
    expect(answered).toBeUndefined();
    await lab.clock.advance(1);
    await meeting;
    expect([start >= START, (answered ?? 0) - start]).toEqual([true, 2_000]);
  });
});
