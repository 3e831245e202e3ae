import { isAclPath, normalizePath, pathPrefixes, privilegesOn } from "../../../lab/access/acl";
import type { AclEntry, Pmxcfs } from "../../../lab/state/types";
import { type Lab, newLab } from "../support/lab";

const config = (...acl: Partial<AclEntry>[]): Pmxcfs =>
  ({
    roles: { one: ["VM.Audit"], two: ["VM.Clone", "VM.Audit"] },
    acl: acl.map((entry) => ({ type: "user", ugid: "a@pve", propagate: true, ...entry })),
  }) as Partial<Pmxcfs> as Pmxcfs;

const held = (settings: Pmxcfs, path: string, id = "a@pve"): string[] => [
  ...privilegesOn(settings, { type: "user", id }, path, 9).keys(),
];

describe("an access list", () => {
  it("looks at a path from its root", () => {
    expect(pathPrefixes("/vms/100")).toEqual(["/", "/vms", "/vms/100"]);
    expect(pathPrefixes("/")).toEqual(["/"]);
  });

  it("counts below its path when it propagates", () => {
    const settings = config({ path: "/vms", roleid: "one" });
    expect(held(settings, "/vms/100")).toEqual(["VM.Audit"]);
    expect(held(settings, "/")).toEqual([]);
    expect(held(settings, "/vmsx")).toEqual([]);
  });

  it("counts on its path alone when it does not", () => {
    const settings = config({ path: "/vms", roleid: "one", propagate: false });
    expect(held(settings, "/vms")).toEqual(["VM.Audit"]);
    expect(held(settings, "/vms/100")).toEqual([]);
  });

  it("replaces what stands higher up", () => {
    const settings = config({ path: "/", roleid: "two" }, { path: "/vms/100", roleid: "one" });
    expect(held(settings, "/vms/100")).toEqual(["VM.Audit"]);
    expect(held(settings, "/vms/101")).toEqual(["VM.Clone", "VM.Audit"]);
  });

  it("adds up roles of one path", () => {
    const settings = config({ path: "/", roleid: "one" }, { path: "/", roleid: "PVEPoolUser" });
    expect(held(settings, "/").sort()).toEqual(["Pool.Audit", "VM.Audit"]);
  });

  it("takes everything away with NoAccess", () => {
    const settings = config({ path: "/", roleid: "two" }, { path: "/", roleid: "NoAccess" });
    expect(held(settings, "/vms")).toEqual([]);
  });

  it("is that of one user or token", () => {
    const settings = config({ path: "/", roleid: "one" });
    expect(held(settings, "/", "b@pve")).toEqual([]);
    expect([...privilegesOn(settings, { type: "token", id: "a@pve" }, "/", 9)]).toEqual([]);
  });

  it("gives nothing by a role that is gone", () => {
    expect(held(config({ path: "/", roleid: "gone" }), "/")).toEqual([]);
    expect(held(config({ path: "/", roleid: "constructor" }), "/")).toEqual([]);
  });
});

describe("a path of an access list", () => {
  it.each([
    ["vms/100/", "/vms/100"],
    ["//storage//Data", "/storage/Data"],
    ["/", "/"],
  ])("%s means %s", (given, path) => {
    expect(normalizePath(given)).toBe(path);
  });

  it.each(["", "/vms 100", "/vms/ä"])("is not %j", (given) => {
    expect(normalizePath(given)).toBeUndefined();
  });

  it.each([
    "/",
    "/access/groups/g",
    "/access/realm/pve",
    "/nodes/pve01",
    "/pool/a/b/c",
    "/sdn/zones/localnetwork/vmbr0",
    "/sdn/zones/localnetwork/vmbr0/12",
    "/storage/Data",
    "/vms/100",
  ])("may be %s", (path) => {
    expect(isAclPath(path)).toBe(true);
  });

  it.each(["/vm", "/vms/1", "/vms/100/disk", "/storage/a/b", "/pool/a/b/c/d", "/cluster"])(
    "may not be %s",
    (path) => {
      expect(isAclPath(path)).toBe(false);
    },
  );
});

describe("a request without the privilege", () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await newLab();
    await lab.data("pve01", "POST", "/access/users", { userid: "a@pve" });
    await lab.data("pve01", "POST", "/access/roles", { roleid: "r1", privs: "VM.Audit" });
    await lab.data("pve01", "PUT", "/access/acl", { path: "/", roles: "r1", users: "a@pve" });
  });

  const ask = (method: string, path: string, params = {}) =>
    lab.api("pve01", method, path, params, lab.ticket("pve01", "a@pve"));

  it.each([
    ["GET", "/cluster/status", "(/, Sys.Audit)"],
    ["GET", "/nodes/pve01/status", "(/nodes/pve01, Sys.Audit)"],
    ["POST", "/storage", "(/storage, Datastore.Allocate)"],
    ["GET", "/storage/local", "(/storage/local, Datastore.Allocate)"],
    ["POST", "/access/roles", "(/access, Sys.Modify)"],
    ["POST", "/nodes/pve01/qemu/100/status/start", "(/vms/100, VM.PowerMgmt)"],
    ["DELETE", "/nodes/pve01/lxc/101", "(/vms/101, VM.Allocate)"],
    ["POST", "/cluster/backup", "(/, Sys.Modify)"],
    ["POST", "/cluster/ha/resources", "(/, Sys.Console)"],
    [
      "GET",
      "/nodes/pve01/storage/local/status",
      "(/storage/local, Datastore.Audit|Datastore.AllocateSpace)",
    ],
    ["POST", "/cluster/config", "(user != root@pam)"],
  ])("%s %s answers 403 and names path and privilege", async (method, path, words) => {
    const { status, reason } = await ask(method, path);
    expect([status, reason]).toEqual([403, `Permission check failed ${words}`]);
  });

  it("does not say whether the thing exists", async () => {
    const there = await ask("GET", "/storage/local");
    const missing = await ask("GET", "/storage/locax");
    expect(missing.reason).toBe(there.reason.replace("local", "locax"));
  });

  it("names the first missing one of several", () => {
    const caller = { userid: "a@pve", name: "a@pve" };
    const all = ["VM.Audit", "VM.Clone", "VM.Allocate"];
    expect(() => lab.site.access.require("pve01", caller, "/vms/100", all)).toThrow(
      "Permission check failed (/vms/100, VM.Clone)",
    );
  });

  it("leaves out of lists what may not be seen", async () => {
    for (const path of ["/storage", "/nodes/pve01/storage", "/access/acl"]) {
      expect((await ask("GET", path)).data).toEqual([]);
    }
    const types = (await ask("GET", "/cluster/resources")).data;
    expect(types).toEqual([]);
  });

  it("shows others' permissions to auditors only", async () => {
    const path = "/access/permissions?userid=root@pam";
    expect((await ask("GET", path)).reason).toBe("Permission check failed (/access, Sys.Audit)");
    expect((await ask("GET", "/access/permissions?userid=a@pve!ci")).status).toBe(200);
  });
});
