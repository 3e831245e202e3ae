import { addData, newVm } from "../support/guests";
import { type Lab, newLab } from "../support/lab";

let lab: Lab;
beforeEach(async () => {
  lab = await newLab();
  await addData(lab);
  await newVm(lab);
  await lab.data("pve01", "POST", "/pools", { poolid: "p", comment: "c" });
});

const ask = (method: string, path: string, params = {}, user = "root@pam") =>
  lab.api("pve01", method, path, params, lab.ticket("pve01", user));
const put = (query: string, params: Record<string, string | number>) =>
  ask("PUT", `/pools?poolid=${query}`, params);
const members = async (path = "/pools?poolid=p"): Promise<unknown[]> => {
  const [pool] = await lab.data<{ members: unknown[] }[]>("pve01", "GET", path);
  return pool?.members ?? [];
};

describe("a pool", () => {
  it("holds guests and storages, named in a query", async () => {
    expect((await put("p", { vms: "100", storage: "Data" })).status).toBe(200);
    expect(await lab.data("pve01", "GET", "/pools")).toEqual([{ poolid: "p", comment: "c" }]);
    expect(await members()).toMatchObject([
      { id: "qemu/100", type: "qemu", node: "pve01", vmid: 100 },
      { id: "storage/pve01/Data", type: "storage", node: "pve01", storage: "Data" },
    ]);
    expect(await members("/pools?poolid=p&type=storage")).toHaveLength(1);
    const [guest] = await lab.data<unknown[]>("pve01", "GET", "/cluster/resources?type=vm");
    expect(guest).toMatchObject({ vmid: 100, pool: "p" });
  });

  it("answers under its path too", async () => {
    await ask("PUT", "/pools/p", { vms: "100" });
    const { data } = await ask("GET", "/pools/p");
    expect(data).toMatchObject({ poolid: "p", members: [{ vmid: 100 }] });
    expect((await ask("DELETE", "/pools/p")).reason).toMatch(/is not empty \(contains VM 100\)$/);
  });

  it("may lie in another, but in none that is not there", async () => {
    expect(await ask("POST", "/pools", { poolid: "x/y" })).toMatchObject({
      status: 500,
      reason: "create pool failed: parent 'x' of pool 'x/y' does not exist",
    });
    expect((await ask("POST", "/pools", { poolid: "p/q" })).status).toBe(200);
    expect((await ask("DELETE", "/pools?poolid=p")).reason).toBe(
      "delete pool failed: pool 'p' is not empty (contains pool 'p/q')",
    );
    expect((await ask("POST", "/pools", { poolid: "p/q/r/s" })).status).toBe(400);
  });

  it("hands a guest over only when that is asked for", async () => {
    await put("p", { vms: "100" });
    await ask("POST", "/pools", { poolid: "other" });
    expect((await put("other", { vms: "100" })).reason).toBe(
      "update pools failed: VM 100 belongs already to pool 'p' and 'allow-move' is not set",
    );
    expect((await put("other", { vms: "100", "allow-move": 1 })).status).toBe(200);
    expect(await members()).toEqual([]);
  });

  it.each([
    [{ vms: "100", delete: 1 }, "VM 100 is not a pool member"],
    [{ storage: "Data", delete: 1 }, "Storage 'Data' is not a pool member"],
    [{ vms: "100,100" }, "VM 100 is already a pool member"],
    [{ storage: "Data,Data" }, "Storage 'Data' is already a pool member"],
  ])("refuses %j and changes nothing", async (params, reason) => {
    expect((await put("p", params)).reason).toBe(`update pools failed: ${reason}`);
    expect(await members()).toEqual([]);
  });

  it("goes when it is empty, with its access lists", async () => {
    await put("p", { vms: "100", storage: "Data" });
    await lab.data("pve01", "PUT", "/access/acl", {
      path: "/pool/p",
      roles: "PVEPoolUser",
      users: "root@pam",
    });
    await put("p", { vms: "100", delete: 1 });
    expect((await ask("DELETE", "/pools?poolid=p")).reason).toBe(
      "delete pool failed: pool 'p' is not empty (contains storage 'Data')",
    );
    await put("p", { storage: "Data", delete: 1 });
    expect((await ask("DELETE", "/pools?poolid=p")).status).toBe(200);
    expect(await lab.data("pve01", "GET", "/access/acl")).toEqual([]);
    expect((await ask("GET", "/pools?poolid=p")).reason).toBe("pool 'p' does not exist");
  });
});

describe("permissions on a pool", () => {
  beforeEach(async () => {
    await put("p", { vms: "100" });
    await lab.data("pve01", "POST", "/access/users", { userid: "a@pve" });
  });
  const grant = (path: string, roles: string) =>
    lab.data("pve01", "PUT", "/access/acl", { path, roles, users: "a@pve" });
  const config = () => ask("GET", "/nodes/pve01/qemu/100/config", {}, "a@pve");

  it("hold for its members", async () => {
    expect((await config()).status).toBe(403);
    await grant("/pool/p", "PVEVMUser");
    expect((await config()).status).toBe(200);
    const all = await lab.data("pve01", "GET", "/access/permissions", { userid: "a@pve" });
    expect(all).toMatchObject({ "/vms/100": { "VM.Audit": 0 } });
  });

  it("are taken away there by NoAccess", async () => {
    await grant("/vms", "PVEVMUser");
    await grant("/pool/p", "NoAccess");
    expect((await config()).status).toBe(403);
  });

  it("show the pool, and let it be changed, by Pool.Audit and Pool.Allocate", async () => {
    expect((await ask("GET", "/pools", {}, "a@pve")).data).toEqual([]);
    expect((await ask("GET", "/pools?poolid=p", {}, "a@pve")).status).toBe(403);
    await grant("/pool/p", "PVEPoolAdmin");
    expect((await ask("GET", "/pools", {}, "a@pve")).data).toHaveLength(1);
    const change = (params: object) => ask("PUT", "/pools?poolid=p", params, "a@pve");
    expect((await change({ comment: "" })).status).toBe(200);
    // A member also takes the right to hand out permissions on it.
    expect((await change({ storage: "Data" })).status).toBe(500);
  });
});
