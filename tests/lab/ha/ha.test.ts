import type { StatusEntry } from "../../../lab/ha/core/report";
import { clusterOfTwo, clusterWithWitness, type Machines } from "../cluster/support/machines";

let lab: Machines;

function addGuest(vmid: number, node: string, type: "qemu" | "lxc" = "qemu"): void {
  lab.site.pmxcfs("pve01").guests[String(vmid)] = { vmid, type, node, config: { memory: "512" } };
}

const runs = (vmid: number, node: string): boolean =>
  lab.site.nodeState(node).running[String(vmid)] !== undefined;

const current = (): Promise<StatusEntry[]> =>
  lab.data("pve01", "GET", "/cluster/ha/status/current");

const service = async (sid: string): Promise<StatusEntry | undefined> =>
  (await current()).find((entry) => entry.sid === sid);

beforeEach(async () => {
  lab = await clusterWithWitness();
  addGuest(100, "pve01");
  addGuest(101, "pve02");
  addGuest(102, "pve02", "lxc");
  lab.site.start();
});
afterEach(() => lab.site.stop());

/** Until every daemon has had a few rounds. */
const settled = (): Promise<void> => lab.advance(60);

describe("an HA resource", () => {
  it("starts its guest where it is, some rounds later", async () => {
    await lab.out("pve02", "ha-manager add vm:100");
    expect(runs(100, "pve01")).toBe(false);
    expect(await service("vm:100")).toMatchObject({ state: "queued", node: "pve01" });
    await settled();
    expect(runs(100, "pve01")).toBe(true);
    expect(await service("vm:100")).toMatchObject({
      id: "service:vm:100",
      status: "vm:100 (pve01, started)",
      state: "started",
      crm_state: "started",
      request_state: "started",
      max_restart: 1,
      max_relocate: 1,
      failback: 1,
    });
  });

  it.each(["stopped", "disabled"])(
    "that is to be %s stops its guest and says so",
    async (state) => {
      await lab.out("pve01", "ha-manager add vm:100");
      await settled();
      await lab.out("pve01", `ha-manager set vm:100 --state ${state}`);
      expect(await service("vm:100")).toMatchObject({ state: "stopping" });
      await settled();
      expect(runs(100, "pve01")).toBe(false);
      expect(await service("vm:100")).toMatchObject({ state, request_state: state });
    },
  );

  it("that is ignored is left alone", async () => {
    await lab.out("pve01", "ha-manager add vm:100 --state ignored");
    await settled();
    expect(runs(100, "pve01")).toBe(false);
    expect(await service("vm:100")).toMatchObject({ state: "ignored" });
  });

  it("is moved by the manager where somebody asks for it", async () => {
    await lab.out("pve01", "ha-manager add vm:100");
    await settled();
    await lab.out("pve01", "ha-manager migrate vm:100 pve02");
    await settled();
    expect([runs(100, "pve01"), runs(100, "pve02")]).toEqual([false, true]);
    const upid = await lab.data<string>("pve02", "POST", "/nodes/pve02/qemu/100/migrate", {
      target: "pve01",
      online: 1,
    });
    expect(upid).toContain(":hamigrate:100:");
    await settled();
    expect([runs(100, "pve01"), runs(100, "pve02")]).toEqual([true, false]);
  });

  it("is named by the guest's number too, and the type follows", async () => {
    await lab.out("pve01", "ha-manager add 102");
    expect(await lab.out("pve01", "ha-manager config")).toMatch(/^ct:102\n\tstate started\n\n$/);
  });

  it("of a lost slave starts on the survivor after two to two and a half minutes", async () => {
    await lab.out("pve01", "ha-manager add vm:101");
    await settled();
    const master = (await current()).find(({ type }) => type === "master")?.node;
    const lost = master === "pve01" ? "pve02" : "pve01";
    const left = lost === "pve01" ? "pve02" : "pve01";
    lab.site.pmxcfs(left).guests["103"] = {
      vmid: 103,
      type: "qemu",
      node: lost,
      config: { memory: "512" },
    };
    await lab.out(left, "ha-manager add vm:103");
    await settled();
    lab.power(lost, false);
    await lab.advance(110);
    expect(runs(103, left)).toBe(false);
    await lab.advance(50);
    expect(runs(103, left)).toBe(true);
    expect(await lab.out(left, "ha-manager status")).toContain(`service vm:103 (${left}, started)`);
    lab.power(lost, true);
    await settled();
    expect(runs(103, left)).toBe(true);
  });

  it("makes its node reset itself when that is cut off, and runs nowhere twice", async () => {
    await lab.out("pve01", "ha-manager add vm:100");
    await lab.out("pve01", "ha-manager add vm:101");
    await settled();
    const booted = lab.site.host("pve02").bootedAt;
    lab.site.hardware.plug("pve02", false);
    for (let second = 0; second < 240; second++) {
      await lab.advance(1);
      expect(runs(101, "pve01") && runs(101, "pve02")).toBe(false);
    }
    expect(runs(101, "pve01")).toBe(true);
    expect(lab.site.host("pve02").bootedAt).toBeGreaterThan(booted);
    const [reset] = lab.site.ha.lines.filter(({ node }) => node === "pve02").slice(-1);
    expect(reset).toBeDefined();
  });

  it("does not start without quorum", async () => {
    lab.power("nas", false);
    lab.power("pve02", false);
    await lab.advance(30);
    lab.site.pmxcfs("pve01").ha.resources["vm:100"] = { state: "started" };
    await settled();
    expect(runs(100, "pve01")).toBe(false);
  });

  it.each([
    ["ha-manager add vm:999", "resource 'vm:999' does not exist in cluster"],
    ["ha-manager add ct:100", "resource 'ct:100' does not exist in cluster"],
    ["ha-manager add 999", "unable to detect SID from VMID - VM/CT 999 does not exist"],
    [
      "ha-manager set vm:100 --state stopped",
      "update resources config failed: no such resource 'vm:100'",
    ],
    ["ha-manager remove vm:100", "cannot delete service 'vm:100', not HA managed!"],
    ["ha-manager frobnicate", "ERROR: unknown command 'ha-manager frobnicate'"],
  ])("%s is refused", async (command, words) => {
    expect(await lab.run("pve01", command)).toMatchObject({ stderr: `${words}\n`, exitCode: 255 });
  });

  it("is defined once, and knows no group", async () => {
    await lab.out("pve01", "ha-manager add vm:100");
    expect((await lab.run("pve01", "ha-manager add vm:100")).stderr).toBe(
      "create resource failed: resource ID 'vm:100' already defined\n",
    );
    expect((await lab.run("pve01", "ha-manager add vm:101 --group g1")).stderr).toContain(
      "invalid parameter 'group': ha groups have been migrated to rules",
    );
  });

  it("in error is left alone until it is disabled", async () => {
    await lab.out("pve01", "ha-manager add vm:100");
    await settled();
    const { files } = lab.site.pmxcfs("pve01").ha;
    const failed = files?.manager_status.service_status["vm:100"];
    if (failed) failed.state = "error";
    const words = "service 'vm:100' in error state, must be disabled and fixed first\n";
    for (const command of ["set vm:100 --state stopped", "migrate vm:100 pve02"]) {
      expect((await lab.run("pve01", `ha-manager ${command}`)).stderr).toBe(words);
    }
    expect((await lab.run("pve01", "ha-manager set vm:100 --state disabled")).exitCode).toBe(0);
  });

  it("cannot be written without quorum", async () => {
    lab.power("nas", false);
    lab.power("pve02", false);
    await lab.advance(30);
    for (const command of ["ha-manager add vm:100", "ha-manager remove vm:100"]) {
      expect(await lab.run("pve01", command)).toMatchObject({
        stderr: "cluster not ready - no quorum?\n",
        exitCode: 255,
      });
    }
    expect(await lab.out("pve01", "ha-manager status")).toMatch(
      /^quorum No quorum on node 'pve01'!\n/,
    );
  });
});

describe("ha-manager config", () => {
  it("lists resources in order, with the keys that are set", async () => {
    await lab.out("pve01", "ha-manager add vm:101 --max_restart 3 --comment web");
    await lab.out("pve01", "ha-manager add vm:100");
    expect(await lab.out("pve02", "ha-manager config")).toBe(
      "vm:100\n\tstate started\n\nvm:101\n\tcomment web\n\tmax_restart 3\n\tstate started\n\n",
    );
  });
});

describe("ha-manager status", () => {
  it("shows quorum, master, the nodes and the services", async () => {
    await lab.out("pve01", "ha-manager add vm:100");
    await settled();
    const stamp = "\\w{3} \\w{3} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d \\d{4}";
    expect(await lab.out("pve02", "ha-manager status")).toMatch(
      new RegExp(
        `^quorum OK\nmaster pve0\\d \\(active, ${stamp}\\)\nfencing armed \\(CRM watchdog active\\)\n` +
          `lrm pve01 \\(active, watchdog active, ${stamp}\\)\nlrm pve02 \\(idle, watchdog standby, ${stamp}\\)\n` +
          "service vm:100 \\(pve01, started\\)\n$",
      ),
    );
  });

  it("shows a dead node as such, and the survivor as the master in the end", async () => {
    await lab.out("pve01", "ha-manager add vm:101");
    await settled();
    lab.power("pve01", false);
    await lab.advance(200);
    const text = await lab.out("pve02", "ha-manager status");
    expect(text).toContain("master pve02 (active");
    expect(text).toContain("lrm pve01 (old timestamp - dead?");
  });
});

describe("ha-manager crm-command", () => {
  it("moves guests off a node that goes into maintenance, and back afterwards", async () => {
    await lab.out("pve01", "ha-manager add vm:101");
    await settled();
    await lab.out("pve01", "ha-manager crm-command node-maintenance enable pve02");
    await settled();
    expect(runs(101, "pve01")).toBe(true);
    expect(await lab.out("pve01", "ha-manager status")).toContain("lrm pve02 (maintenance mode");
    await lab.out("pve01", "ha-manager crm-command node-maintenance disable pve02");
    await lab.advance(90);
    expect(runs(101, "pve02")).toBe(true);
  });

  it("lets go of locks and watchdogs while HA is disarmed", async () => {
    await lab.out("pve01", "ha-manager add vm:100");
    await settled();
    await lab.out("pve01", "ha-manager crm-command disarm-ha freeze");
    await settled();
    expect(await lab.out("pve01", "ha-manager status")).toContain("fencing disarmed");
    await lab.data("pve01", "POST", "/cluster/ha/status/arm-ha");
    await settled();
    expect(await lab.out("pve01", "ha-manager status")).toContain("fencing armed");
  });

  it.each(["frobnicate", "node-maintenance pve02", "disarm-ha"])("refuses %s", async (words) => {
    const { stderr, exitCode } = await lab.run("pve01", `ha-manager crm-command ${words}`);
    expect(stderr).toBe(`ERROR: unknown command 'ha-manager crm-command ${words}'\n`);
    expect(exitCode).toBe(255);
  });
});

describe("an HA rule", () => {
  beforeEach(async () => {
    for (const sid of ["vm:100", "vm:101", "ct:102"]) {
      await lab.out("pve01", `ha-manager add ${sid} --state stopped`);
    }
  });

  const add = (rule: string, params: Record<string, string | number>) =>
    lab.api("pve01", "POST", "/cluster/ha/rules", { rule, ...params });
  const pin = (resources: string, nodes: string, more = {}) => ({
    type: "node-affinity",
    resources,
    nodes,
    ...more,
  });
  const apart = (resources: string) => ({
    type: "resource-affinity",
    resources,
    affinity: "negative",
  });
  const together = (resources: string) => ({ ...apart(resources), affinity: "positive" });

  it("is kept as it was given, lists sorted", async () => {
    expect((await add("home", pin("vm:101,vm:100", "pve02:1,pve01:2", { strict: 1 }))).status).toBe(
      200,
    );
    expect(await lab.data("pve02", "GET", "/cluster/ha/rules/home")).toMatchObject({
      rule: "home",
      type: "node-affinity",
      resources: "vm:100,vm:101",
      nodes: "pve01:2,pve02:1",
      strict: 1,
    });
  });

  it("is defined once", async () => {
    await add("home", pin("vm:100", "pve01"));
    expect(await add("home", pin("vm:101", "pve01"))).toMatchObject({
      status: 500,
      reason: "create ha rule failed: HA rule 'home' already defined",
    });
  });

  it("needs resources that are HA's and nodes that exist", async () => {
    expect(await add("home", pin("vm:999,vm:100,ct:7", "pve01"))).toMatchObject({
      status: 500,
      reason: "create ha rule failed: cannot use unmanaged resource(s) ct:7, vm:999.",
    });
    expect(await add("home", pin("vm:100", "pve01,pve09"))).toMatchObject({ status: 400 });
  });

  it.each([
    ["one resource", apart("vm:100"), "rule is ineffective as there are less than two resources"],
    [
      "more resources than nodes to keep apart",
      apart("vm:100,vm:101,ct:102"),
      "rule defines more resources than available nodes",
    ],
    [
      "a second node affinity",
      pin("vm:101", "pve02"),
      "resource 'vm:101' is already used in another node affinity rule",
    ],
    [
      "resources apart that are kept together",
      apart("vm:100,vm:101"),
      "rule shares two or more resources with a positive resource affinity rule",
    ],
    [
      "a resource whose nodes have priorities",
      together("vm:101,ct:102"),
      "resources are in node affinity rules with multiple priorities",
    ],
  ])("is refused for %s", async (_name, params, words) => {
    await add("first", together("vm:100,vm:101"));
    lab.site.pmxcfs("pve01").ha.rules.second = pin("vm:101", "pve01:2,pve02:1") as never;
    expect(await add("third", params)).toMatchObject({
      status: 400,
      reason: "Rule 'third' is invalid.",
      errors: { resources: expect.stringContaining(words) as string },
    });
  });

  it("cannot keep apart what is pinned to one node", async () => {
    await add("pin", pin("vm:100,vm:101", "pve01"));
    expect(await add("apart", apart("vm:100,vm:101"))).toMatchObject({
      status: 400,
      errors: {
        resources:
          "two or more resources are restricted to less nodes than available to the resources",
      },
    });
  });

  it("does not count while it is disabled", async () => {
    expect((await add("first", pin("vm:100", "pve01", { disable: 1 }))).status).toBe(200);
    expect((await add("second", pin("vm:100", "pve02"))).status).toBe(200);
  });

  it("that is made with disable=0 counts, and has no such key", async () => {
    const fields = { type: "node-affinity", resources: "vm:100", nodes: "pve01:1,pve02:2" };
    await lab.data("pve01", "POST", "/cluster/ha/rules", { rule: "home", disable: 0, ...fields });
    expect(await lab.data("pve01", "GET", "/cluster/ha/rules/home")).not.toHaveProperty("disable");
    await lab.out("pve01", "ha-manager set vm:100 --state started");
    await settled();
    expect(runs(100, "pve02")).toBe(true);
  });

  it("is not enabled by disable=0, but by deleting the key", async () => {
    await add("home", pin("vm:100", "pve01", { disable: 1 }));
    const put = (params: Record<string, string | number>) =>
      lab.data("pve01", "PUT", "/cluster/ha/rules/home", { type: "node-affinity", ...params });
    await put({ disable: 0 });
    expect(await lab.data("pve01", "GET", "/cluster/ha/rules/home")).toMatchObject({ disable: 1 });
    await put({ delete: "disable" });
    expect(await lab.data("pve01", "GET", "/cluster/ha/rules/home")).not.toHaveProperty("disable");
  });

  it("loses a resource that leaves HA, and goes with its last", async () => {
    await add("home", pin("vm:100,vm:101", "pve01"));
    await lab.out("pve01", "ha-manager remove vm:100");
    expect(await lab.data("pve01", "GET", "/cluster/ha/rules/home")).toMatchObject({
      resources: "vm:101",
    });
    await lab.out("pve01", "ha-manager remove vm:101");
    expect(await lab.data("pve01", "GET", "/cluster/ha/rules")).toEqual([]);
  });

  it("that is not there can be deleted, but not changed or read", async () => {
    const path = "/cluster/ha/rules/nosuch";
    expect((await lab.api("pve01", "DELETE", path)).status).toBe(200);
    expect(await lab.api("pve01", "PUT", path, { type: "node-affinity" })).toMatchObject({
      reason: "update HA rules failed: HA rule 'nosuch' does not exist",
    });
    expect(await lab.api("pve01", "GET", path)).toMatchObject({
      reason: "no such ha rule 'nosuch'",
    });
  });

  it("cannot be written without quorum", async () => {
    lab.power("nas", false);
    lab.power("pve02", false);
    await lab.advance(30);
    expect(await add("home", pin("vm:100", "pve01"))).toMatchObject({
      status: 500,
      reason: "cluster not ready - no quorum?",
    });
  });
});

describe("HA in a cluster without a third vote", () => {
  it("shows what it knows when half is gone", async () => {
    lab = await clusterOfTwo();
    addGuest(100, "pve01");
    lab.site.start();
    await lab.out("pve01", "ha-manager add vm:100");
    await settled();
    lab.power("pve02", false);
    await lab.advance(10);
    expect((await current())[0]).toMatchObject({
      id: "quorum",
      quorate: 0,
      status: "No quorum on node 'pve01'!",
    });
  });
});
