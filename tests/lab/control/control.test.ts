import { Faults } from "../../../lab/control/faults";
import { freshHosts, type Machines } from "../cluster/support/machines";
import { Control } from "./support";

let lab: Machines;
let control: Control;
let switched: [string, boolean][];

beforeEach(async () => {
  lab = await freshHosts();
  switched = [];
  jest.spyOn(lab.hosts, "power").mockImplementation((name, on) => {
    switched.push([name, on]);
    return Promise.resolve();
  });
  control = new Control(lab);
  await control.open();
});

afterEach(() => control.close());

const ask: Control["ask"] = (...args) => control.ask(...args);

const POWER = "/lab/hosts/pve02/power";
const HOLD = "/lab/faults/hold";

describe("the control interface", () => {
  it.each([
    ["GET", "/lab/ready"],
    ["PUT", POWER],
    ["PUT", HOLD],
    ["GET", "/lab/tasks"],
    ["GET", "/lab/commands"],
  ])("refuses %s %s without its token", async (method, path) => {
    const body = method === "PUT" ? '{"power":"off"}' : undefined;
    expect((await ask(method, path, body, "wrong"))[0]).toBe(401);
    expect(switched).toEqual([]);
  });

  it("says that it is ready", async () => {
    expect(await ask("GET", "/lab/ready")).toEqual([200, { ready: true }]);
  });

  it("switches a host's power", async () => {
    expect(await ask("PUT", POWER, '{"power":"off"}')).toEqual([200, { power: "off" }]);
    expect(await ask("PUT", POWER, '{"power":"on"}')).toEqual([200, { power: "on" }]);
    expect(switched).toEqual([
      ["pve02", false],
      ["pve02", true],
    ]);
  });

  it.each([
    [POWER, "{", 400, "the body is a JSON object"],
    [POWER, "null", 400, "the body is a JSON object"],
    [POWER, "[]", 400, "the body is a JSON object"],
    [POWER, "{}", 400, 'power is "on" or "off", not missing'],
    [POWER, '{"power":"dim"}', 400, 'power is "on" or "off", not "dim"'],
    [
      "/lab/hosts/pve09/power",
      '{"power":"on"}',
      404,
      'there is no host "pve09"; the lab has pve01, pve02, nas',
    ],
    [
      "/lab/hosts/toString/power",
      '{"power":"on"}',
      404,
      'there is no host "toString"; the lab has pve01, pve02, nas',
    ],
    [HOLD, '{"match":"x","moment":"during"}', 400, 'moment is "before" or "after", not "during"'],
    [
      HOLD,
      '{"moment":"before"}',
      400,
      "match is a part of the label to wait for, as in POST /nodes/pve01/qemu",
    ],
    ["/lab/faults/kill", "{}", 400, "match is a part of the label of a script, as in ssh pve01"],
    [
      "/lab/faults/kill",
      '{"match":"ssh pve01","program":0}',
      400,
      "program is a number from 1 on, not 0",
    ],
    ["/lab/nosuch", "{}", 404, "there is no /lab/nosuch"],
  ])("answers PUT %s %s in a sentence", async (path, body, status, message) => {
    expect(await ask("PUT", path, body)).toEqual([status, { message }]);
    expect(switched).toEqual([]);
  });

  it("holds a request at its moment, tells that it is there, and lets it go", async () => {
    const body = JSON.stringify({ match: "POST /access/users", moment: "before" });
    expect(await ask("PUT", HOLD, body)).toEqual([200, { held: "POST /access/users" }]);
    expect(await ask("GET", HOLD)).toEqual([200, {}]);
    const request = lab.api("pve01", "POST", "/access/users", { userid: "held@pve" });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await ask("GET", HOLD)).toEqual([200, { reached: "POST /access/users" }]);
    expect(lab.site.pmxcfs("pve01").users).not.toHaveProperty(["held@pve"]);
    expect(await ask("DELETE", HOLD)).toEqual([200, { held: null }]);
    expect((await request).status).toBe(200);
    expect(lab.site.pmxcfs("pve01").users).toHaveProperty(["held@pve"]);
  });

  it("kills the script that was named before its next program, once", async () => {
    const kill = { match: "ssh pve01 hostname", program: 2 };
    expect(await ask("PUT", "/lab/faults/kill", JSON.stringify(kill))).toEqual([
      200,
      { kills: "ssh pve01 hostname", program: 2 },
    ]);
    const script = "hostname; uname -s";
    expect((await lab.run("pve02", script)).exitCode).toBe(0);
    expect((await lab.run("pve01", script)).exitCode).toBe(137);
    expect((await lab.run("pve01", script)).exitCode).toBe(0);
  });

  it("tells what sessions have run on the hosts, all of it or what came after an entry", async () => {
    await lab.run("pve01", "hostname");
    await lab.run("pve02", "cat /etc/nosuch");
    const [, all] = await ask("GET", "/lab/commands");
    expect(all).toMatchObject([
      { id: 1, host: "pve01", command: "hostname", exitCode: 0 },
      { id: 2, host: "pve02", command: "cat /etc/nosuch", exitCode: 1 },
    ]);
    expect(await ask("GET", "/lab/commands?after=1")).toMatchObject([200, [{ id: 2 }]]);
    expect(await ask("GET", "/lab/commands?after=x")).toEqual([
      400,
      { message: "after is the id of an entry" },
    ]);
  });

  it("lists the tasks of all nodes in the order of their start", async () => {
    await lab.task("pve01", "POST", "/cluster/config", { clustername: "site" });
    expect(await ask("GET", "/lab/tasks")).toEqual([
      200,
      [expect.objectContaining({ type: "clustercreate", node: "pve01", exitstatus: "OK" })],
    ]);
  });
});

describe("a fault", () => {
  it("holds one thing, at the moment that was asked for", async () => {
    const faults = new Faults();
    faults.hold("qemu", "after");
    await faults.pass("POST /nodes/pve01/qemu", "before");
    await faults.pass("POST /nodes/pve01/lxc", "after");
    expect(faults.reached).toBeUndefined();
    const held = faults.pass("POST /nodes/pve01/qemu", "after");
    expect(faults.reached).toBe("POST /nodes/pve01/qemu");
    await faults.pass("POST /nodes/pve01/qemu", "after");
    faults.release();
    await held;
    expect(faults.reached).toBeUndefined();
  });

  it("in place of another lets that one go", async () => {
    const faults = new Faults();
    faults.hold("first", "before");
    const held = faults.pass("first", "before");
    faults.hold("second", "before");
    await held;
    await faults.pass("first", "before");
    expect(faults.reached).toBeUndefined();
  });
});
