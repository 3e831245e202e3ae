import { clusterWithWitness, type Machines } from "../cluster/support/machines";

let lab: Machines;

beforeEach(async () => {
  lab = await clusterWithWitness();
  for (const node of ["pve01", "pve02"]) {
    Object.assign(lab.site.host(node), { release: 8, kernel: "6.8.12-17-pve" });
  }
  for (const [vmid, node] of [
    [100, "pve01"],
    [101, "pve02"],
  ] as const) {
    const guest = { vmid, type: "qemu" as const, node, config: { memory: "512" } };
    lab.site.pmxcfs("pve01").guests[String(vmid)] = guest;
  }
  lab.site.start();
});
afterEach(() => lab.site.stop());

const runs = (vmid: number, node: string): boolean =>
  lab.site.nodeState(node).running[String(vmid)] !== undefined;
const groups = "/cluster/ha/groups";
const addGroup = (group: string, nodes: string, more = {}): Promise<unknown> =>
  lab.data("pve01", "POST", groups, { group, nodes, type: "group", ...more });

describe("a node of release 8", () => {
  it("says so wherever it is asked", async () => {
    const version = { version: "8.4.14", release: "8.4", repoid: "b502d23c55afcba1" };
    expect(await lab.data("pve01", "GET", "/version")).toEqual(version);
    expect(await lab.data("pve01", "GET", "/nodes/pve02/version")).toEqual(version);
    expect(await lab.data("pve02", "GET", "/nodes/pve02/status")).toMatchObject({
      pveversion: "pve-manager/8.4.14/b502d23c55afcba1",
      kversion: expect.stringContaining("6.8.12-17-pve") as string,
    });
    expect(await lab.out("pve01", "pveversion")).toBe(
      "pve-manager/8.4.14/b502d23c55afcba1 (running kernel: 6.8.12-17-pve)\n",
    );
  });

  it.each([
    ["GET", "/cluster/ha/rules"],
    ["POST", "/cluster/ha/rules"],
    ["GET", "/cluster/ha/rules/home"],
    ["POST", "/cluster/ha/status/disarm-ha"],
    ["POST", "/cluster/ha/status/arm-ha"],
  ])("has no %s %s", async (method, path) => {
    expect(await lab.api("pve01", method, path)).toMatchObject({
      status: 501,
      reason: `Method '${method} ${path}' not implemented`,
    });
  });

  it("knows neither failback nor purge of a resource, and no chains of snapshots", async () => {
    const unknown = "property is not defined in schema and the schema does not allow";
    const refused = async (method: string, path: string, params: Record<string, string>) =>
      (await lab.api("pve01", method, path, params)).errors;
    expect(
      await refused("POST", "/cluster/ha/resources", { sid: "vm:100", failback: "0" }),
    ).toEqual({ failback: expect.stringContaining(unknown) as string });
    expect(await refused("DELETE", "/cluster/ha/resources/vm:100", { purge: "1" })).toEqual({
      purge: expect.stringContaining(unknown) as string,
    });
    expect(await refused("PUT", "/storage/local", { "snapshot-as-volume-chain": "1" })).toEqual({
      "snapshot-as-volume-chain": expect.stringContaining(unknown) as string,
    });
  });

  it("knows neither the dynamic scheduler nor a container's interfaces that the host manages", async () => {
    const options = (crs: string) => lab.api("pve01", "PUT", "/cluster/options", { crs });
    expect((await options("ha=static")).status).toBe(200);
    expect((await options("ha=dynamic")).errors?.crs).toContain(
      "value 'dynamic' does not have a value in the enumeration 'basic, static'",
    );
    const container = {
      vmid: 200,
      ostemplate: "local:vztmpl/none.tar.zst",
      net0: "name=eth0,bridge=vmbr0,host-managed=1",
    };
    const { errors } = await lab.api("pve01", "POST", "/nodes/pve01/lxc", container);
    expect(errors?.net0).toContain("host-managed");
  });

  it("answers a migration request with nothing, and shows neither failback nor fencing", async () => {
    await lab.out("pve01", "ha-manager add vm:100");
    await lab.advance(60);
    const path = "/cluster/ha/resources/vm:100";
    expect(await lab.data("pve01", "POST", `${path}/migrate`, { node: "pve02" })).toBeNull();
    const status = await lab.data<Record<string, unknown>[]>(
      "pve01",
      "GET",
      "/cluster/ha/status/current",
    );
    expect(status.map(({ type }) => type)).not.toContain("fencing");
    expect(status.find(({ sid }) => sid === "vm:100")).not.toHaveProperty("failback");
    expect(await lab.out("pve01", "ha-manager status")).toMatch(/^lrm pve01 \(active, [^,]+\)$/m);
  });

  it("has maintenance mode, but cannot be disarmed", async () => {
    await lab.out("pve01", "ha-manager crm-command node-maintenance enable pve02");
    expect(await lab.run("pve01", "ha-manager crm-command disarm-ha freeze")).toMatchObject({
      exitCode: 255,
      stderr: "ERROR: unknown command 'ha-manager crm-command disarm-ha freeze'\n",
    });
  });

  it("holds VM.Monitor instead of the guest agent's privileges", async () => {
    const create = (roleid: string, privs: string) =>
      lab.api("pve01", "POST", "/access/roles", { roleid, privs });
    expect((await create("watch", "VM.Monitor,VM.Audit")).status).toBe(200);
    expect((await create("agent", "VM.GuestAgent.Audit")).errors).toEqual({
      privs: "invalid format - invalid privilege 'VM.GuestAgent.Audit'\n",
    });
    const admin = await lab.data("pve01", "GET", "/access/roles/PVEVMAdmin");
    expect(admin).toMatchObject({ "VM.Monitor": 1 });
    expect(admin).not.toHaveProperty("VM.Replicate");
    // After the upgrade nobody reads it any more.
    lab.site.host("pve01").release = 9;
    expect(await lab.data("pve01", "GET", "/access/roles/watch")).toEqual({ "VM.Audit": 1 });
  });

  it("asks for VM.Monitor where the guest's agent is asked", async () => {
    const { acl, roles, users } = lab.site.pmxcfs("pve01");
    users["eve@pve"] = { enable: true, expire: 0, tokens: {} };
    roles.watch = ["VM.Audit"];
    acl.push({ path: "/vms", type: "user", ugid: "eve@pve", roleid: "watch", propagate: true });
    const ask = async () =>
      (
        await lab.api(
          "pve01",
          "GET",
          "/nodes/pve01/qemu/100/agent/get-osinfo",
          {},
          lab.ticket("pve01", "eve@pve"),
        )
      ).reason;
    expect(await ask()).toBe("Permission check failed (/vms/100, VM.Monitor)");
    roles.watch.push("VM.Monitor");
    expect(await ask()).not.toContain("Permission");
  });
});

describe("an HA group", () => {
  it("is kept as it was given", async () => {
    await addGroup("site", "pve01:2,pve02", { restricted: true, nofailback: false, comment: "c" });
    expect(await lab.data("pve02", "GET", `${groups}/site`)).toEqual({
      group: "site",
      type: "group",
      nodes: "pve01:2,pve02",
      restricted: 1,
      nofailback: 0,
      comment: "c",
      digest: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
    });
    await lab.data("pve01", "PUT", `${groups}/site`, { nodes: "pve02", delete: "comment" });
    expect(await lab.data("pve01", "GET", groups)).toEqual([
      expect.objectContaining({ group: "site", nodes: "pve02", restricted: 1 }),
    ]);
    expect(await lab.out("pve01", "ha-manager groupconfig")).toBe(
      "group: site\n\tnodes pve02\n\tnofailback 0\n\trestricted 1\n\n",
    );
  });

  it.each([
    ["POST", groups, { group: "site", nodes: "pve01" }, "ha group ID 'site' already defined"],
    ["PUT", `${groups}/nosuch`, { nodes: "pve01" }, "no such ha group 'nosuch'"],
    ["PUT", `${groups}/site`, { delete: "nodes" }, "unable to delete required option 'nodes'"],
    ["PUT", `${groups}/site`, { delete: "colour" }, "no such option 'colour'"],
    ["DELETE", `${groups}/site`, {}, "ha group is used by service 'vm:100'"],
    ["GET", `${groups}/nosuch`, {}, "no such ha group 'nosuch'"],
  ])("%s %s is refused with PVE's words", async (method, path, params, words) => {
    await lab.out("pve01", "ha-manager groupadd site --nodes pve01");
    await lab.out("pve01", "ha-manager add vm:100 --group site");
    const answer = await lab.api("pve01", method, path, params);
    expect(answer.status).toBe(500);
    expect(answer.reason).toMatch(new RegExp(`^([a-z ]+ failed: )?${words}$`));
  });

  it("need not exist when a resource is made with it, but when one is changed", async () => {
    await lab.out("pve01", "ha-manager add vm:100 --group nosuch");
    expect(await lab.data("pve01", "GET", "/cluster/ha/resources")).toMatchObject([
      { sid: "vm:100", group: "nosuch", errors: { group: "group 'nosuch' does not exist" } },
    ]);
    expect((await lab.run("pve01", "ha-manager config")).stderr).toBe(
      "error: property 'group' - group 'nosuch' does not exist\n",
    );
    expect(await lab.run("pve01", "ha-manager set vm:100 --group other")).toMatchObject({
      exitCode: 255,
      stderr: "HA group 'other' does not exist\n",
    });
  });

  it("takes its resources to its nodes, and lets them go", async () => {
    await addGroup("second", "pve02");
    await lab.out("pve01", "ha-manager add vm:100 --group second");
    await lab.advance(120);
    expect(runs(100, "pve02")).toBe(true);
    await lab.out("pve01", "ha-manager groupset second --nodes pve01");
    await lab.advance(120);
    expect(runs(100, "pve01")).toBe(true);
    await lab.out("pve01", "ha-manager set vm:100 --delete group");
    await lab.out("pve01", "ha-manager groupremove second");
    expect(await lab.data("pve01", "GET", groups)).toEqual([]);
  });

  it("cannot be written without quorum", async () => {
    lab.power("nas", false);
    lab.power("pve02", false);
    await lab.advance(60);
    expect(await lab.api("pve01", "POST", groups, { group: "a1", nodes: "pve01" })).toMatchObject({
      status: 500,
      reason: expect.stringContaining("no quorum") as string,
    });
  });
});
