import type { Machines } from "../cluster/support/machines";
import { isRunning, settled, siteWithGuests } from "./support/site";

let lab: Machines;
beforeEach(async () => {
  lab = await siteWithGuests();
});
afterEach(() => lab.site.stop());

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
    await settled(lab);
    expect(isRunning(lab, 100, "pve02")).toBe(true);
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
