import type { StatusEntry } from "../../../lab/ha/core/report";
import { clusterOfTwo, type Machines } from "../cluster/support/machines";
import { addGuest, isRunning, settled, siteWithGuests } from "./support/site";

let lab: Machines;
beforeEach(async () => {
  lab = await siteWithGuests();
});
afterEach(() => lab.site.stop());

const runs = (vmid: number, node: string): boolean => isRunning(lab, vmid, node);

const current = (): Promise<StatusEntry[]> =>
  lab.data("pve01", "GET", "/cluster/ha/status/current");

const service = async (sid: string): Promise<StatusEntry | undefined> =>
  (await current()).find((entry) => entry.sid === sid);

describe("an HA resource", () => {
  it("starts its guest where it is, some rounds later", async () => {
    await lab.out("pve02", "ha-manager add vm:100");
    expect(runs(100, "pve01")).toBe(false);
    expect(await service("vm:100")).toMatchObject({ state: "queued", node: "pve01" });
    await settled(lab);
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
      await settled(lab);
      await lab.out("pve01", `ha-manager set vm:100 --state ${state}`);
      expect(await service("vm:100")).toMatchObject({ state: "stopping" });
      await settled(lab);
      expect(runs(100, "pve01")).toBe(false);
      expect(await service("vm:100")).toMatchObject({ state, request_state: state });
    },
  );

  it("that is ignored is left alone", async () => {
    await lab.out("pve01", "ha-manager add vm:100 --state ignored");
    await settled(lab);
    expect(runs(100, "pve01")).toBe(false);
    expect(await service("vm:100")).toMatchObject({ state: "ignored" });
  });

  it("is moved by the manager where somebody asks for it", async () => {
    await lab.out("pve01", "ha-manager add vm:100");
    await settled(lab);
    await lab.out("pve01", "ha-manager migrate vm:100 pve02");
    await settled(lab);
    expect([runs(100, "pve01"), runs(100, "pve02")]).toEqual([false, true]);
    const upid = await lab.data<string>("pve02", "POST", "/nodes/pve02/qemu/100/migrate", {
      target: "pve01",
      online: 1,
    });
    expect(upid).toContain(":hamigrate:100:");
    await settled(lab);
    expect([runs(100, "pve01"), runs(100, "pve02")]).toEqual([true, false]);
  });

  it("is named by the guest's number too, and the type follows", async () => {
    await lab.out("pve01", "ha-manager add 102");
    expect(await lab.out("pve01", "ha-manager config")).toMatch(/^ct:102\n\tstate started\n\n$/);
  });

  it("of a lost slave starts on the survivor after two to two and a half minutes", async () => {
    await lab.out("pve01", "ha-manager add vm:101");
    await settled(lab);
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
    await settled(lab);
    lab.power(lost, false);
    await lab.advance(110);
    expect(runs(103, left)).toBe(false);
    await lab.advance(50);
    expect(runs(103, left)).toBe(true);
    expect(await lab.out(left, "ha-manager status")).toContain(`service vm:103 (${left}, started)`);
    lab.power(lost, true);
    await settled(lab);
    expect(runs(103, left)).toBe(true);
  });

  it("makes its node reset itself when that is cut off, and runs nowhere twice", async () => {
    await lab.out("pve01", "ha-manager add vm:100");
    await lab.out("pve01", "ha-manager add vm:101");
    await settled(lab);
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
    await settled(lab);
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
    await settled(lab);
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
    await settled(lab);
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
    await settled(lab);
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
    await settled(lab);
    await lab.out("pve01", "ha-manager crm-command node-maintenance enable pve02");
    await settled(lab);
    expect(runs(101, "pve01")).toBe(true);
    expect(await lab.out("pve01", "ha-manager status")).toContain("lrm pve02 (maintenance mode");
    await lab.out("pve01", "ha-manager crm-command node-maintenance disable pve02");
    await lab.advance(90);
    expect(runs(101, "pve02")).toBe(true);
  });

  it("lets go of locks and watchdogs while HA is disarmed", async () => {
    await lab.out("pve01", "ha-manager add vm:100");
    await settled(lab);
    await lab.out("pve01", "ha-manager crm-command disarm-ha freeze");
    await settled(lab);
    expect(await lab.out("pve01", "ha-manager status")).toContain("fencing disarmed");
    await lab.data("pve01", "POST", "/cluster/ha/status/arm-ha");
    await settled(lab);
    expect(await lab.out("pve01", "ha-manager status")).toContain("fencing armed");
  });

  it.each(["frobnicate", "node-maintenance pve02", "disarm-ha"])("refuses %s", async (words) => {
    const { stderr, exitCode } = await lab.run("pve01", `ha-manager crm-command ${words}`);
    expect(stderr).toBe(`ERROR: unknown command 'ha-manager crm-command ${words}'\n`);
    expect(exitCode).toBe(255);
  });
});

describe("HA in a cluster without a third vote", () => {
  it("shows what it knows when half is gone", async () => {
    lab = await clusterOfTwo();
    addGuest(lab, 100, "pve01");
    lab.site.start();
    await lab.out("pve01", "ha-manager add vm:100");
    await settled(lab);
    lab.power("pve02", false);
    await lab.advance(10);
    expect((await current())[0]).toMatchObject({
      id: "quorum",
      quorate: 0,
      status: "No quorum on node 'pve01'!",
    });
  });
});
