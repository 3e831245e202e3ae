import type { LogLine } from "../../../lab/ha/environment";
import { clusterWithWitness, type Machines } from "../cluster/support/machines";

let lab: Machines;

beforeEach(async () => {
  lab = await clusterWithWitness();
  for (const node of ["pve01", "pve02"]) lab.site.host(node).release = 8;
  const guest = { vmid: 100, type: "qemu" as const, node: "pve01", config: { memory: "512" } };
  lab.site.pmxcfs("pve01").guests["100"] = guest;
  lab.site.start();
  await lab.out("pve01", "ha-manager groupadd home --nodes pve01:2,pve02 --nofailback 1");
  await lab.out("pve01", "ha-manager add vm:100 --group home --max_restart 2");
  await lab.advance(120);
});
afterEach(() => lab.site.stop());

const SOURCE = `Types: deb
URIs: http://download.proxmox.com/debian/pve
Suites: trixie
Components: pve-no-subscription
Signed-By: /usr/share/keyrings/proxmox-archive-keyring.gpg
`;
const upgrade = async (node: "pve01" | "pve02"): Promise<void> => {
  const folder = "/etc/apt/sources.list.d";
  await lab.out(
    node,
    `rm ${folder}/ceph.sources ${folder}/pve-enterprise.sources; cat >${folder}/proxmox.sources`,
    SOURCE,
  );
  await lab.out(node, "apt-get update && apt-get dist-upgrade -y");
};
const said = (text: string): LogLine[] =>
  lab.site.ha.lines.filter(({ message }) => message.includes(text));
const pin = { rule: "pin", type: "node-affinity", resources: "vm:100", nodes: "pve01" };

describe("a cluster of which one node is upgraded", () => {
  beforeEach(async () => {
    await upgrade("pve01");
    await lab.advance(400);
  });

  it("keeps its groups, on both nodes", async () => {
    for (const node of ["pve01", "pve02"]) {
      expect(await lab.data(node, "GET", "/cluster/ha/groups/home")).toMatchObject({
        nodes: "pve01:2,pve02",
      });
      expect(await lab.data(node, "GET", "/cluster/ha/resources/vm:100")).toMatchObject({
        group: "home",
      });
    }
    expect(said("ha groups migration successful")).toEqual([]);
  });

  it("lets nobody make rules beside them", async () => {
    expect(await lab.api("pve01", "POST", "/cluster/ha/rules", pin)).toMatchObject({
      status: 500,
      reason: "cannot create ha rule: ha groups have not been migrated yet",
    });
    expect((await lab.api("pve02", "GET", "/cluster/ha/rules")).status).toBe(501);
  });
});

describe("a cluster of which the last node is upgraded", () => {
  beforeEach(async () => {
    await upgrade("pve01");
    await upgrade("pve02");
    await lab.advance(400);
  });

  it("has rules for its groups, and its guests stay where they are", async () => {
    expect(await lab.data("pve01", "GET", "/cluster/ha/rules")).toEqual([
      {
        rule: "ha-group-home",
        type: "node-affinity",
        comment: "Generated from HA group 'home'.",
        nodes: "pve01:2,pve02",
        resources: "vm:100",
      },
    ]);
    const resource = await lab.data("pve01", "GET", "/cluster/ha/resources/vm:100");
    expect(resource).toMatchObject({ failback: 0, max_restart: 2 });
    expect(resource).not.toHaveProperty("group");
    expect(said("ha groups migration successful")).toHaveLength(1);
    expect(said("migrate service")).toEqual([]);
    expect(lab.site.nodeState("pve01").running["100"]).toBeDefined();
  });

  it.each([
    ["GET", "", {}, "cannot index groups"],
    ["POST", "", { group: "home", nodes: "pve01" }, "cannot create group"],
    ["GET", "/home", {}, "cannot read group"],
    ["PUT", "/home", { nodes: "pve01" }, "cannot update group"],
    ["DELETE", "/home", {}, "cannot delete group"],
  ])("refuses %s /cluster/ha/groups%s", async (method, path, params, words) => {
    expect(await lab.api("pve02", method, `/cluster/ha/groups${path}`, params)).toMatchObject({
      status: 500,
      reason: `${words}: ha groups have been migrated to rules`,
    });
  });

  it("refuses a group of a resource", async () => {
    const path = "/cluster/ha/resources/vm:100";
    expect(await lab.api("pve01", "PUT", path, { group: "home" })).toMatchObject({
      status: 500,
      reason: "invalid parameter 'group': ha groups have been migrated to rules",
    });
  });

  it("goes on with rules", async () => {
    await lab.data("pve01", "DELETE", "/cluster/ha/rules/ha-group-home");
    expect((await lab.api("pve01", "POST", "/cluster/ha/rules", pin)).status).toBe(200);
  });
});
