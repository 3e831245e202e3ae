import { ADDRESS } from "./support/machines";
import { Joining } from "./support/joining";

let site: Joining;
beforeEach(async () => {
  site = await Joining.prepared();
});
afterEach(() => site.lab.site.stop());

describe("joining", () => {
  it("makes a member, and a member is looked at without a single write", async () => {
    await site.joins();
    await site.isWhole();
    const last = site.lab.site.commands.after(0).at(-1)?.id ?? 0;
    expect(await site.ended()).toMatchObject({
      exitCode: 0,
      stderr: "pve02: is a member of site\n",
    });
    const after = site.lab.site.commands.after(last);
    expect(after.filter(({ writes }) => writes !== undefined)).toEqual([]);
  });

  it("keeps the keys with which somebody logs in at the joiner, though the cluster has others", async () => {
    await site.lab.out("pve02", "echo 'ssh-ed25519 BBBB operator' >>/root/.ssh/authorized_keys");
    await site.joins();
    expect(await site.lab.out("pve02", "cat /root/.ssh/authorized_keys")).not.toContain("operator");
    expect(await site.lab.out("pve02", "cat /root/.ssh/authorized_keys2")).toContain(
      "ssh-ed25519 BBBB operator\n",
    );
  });
});

describe("a join with corosync's port blocked", () => {
  it("stops after a limit, names the ports, stays joined, and is finished by the next run", async () => {
    site.lab.site.hardware.block("pve01", "pve02", 5405, true);
    const { stderr } = await site.ended();
    expect(stderr).toContain("step cluster-join failed: no quorum after joining\n");
    expect(stderr).toContain("UDP ports 5405 to 5412 are open between pve02 and pve01");
    site.lab.site.hardware.block("pve01", "pve02", 5405, false);
    await site.joins();
    await site.isWhole();
  });
});

describe("a join is refused", () => {
  it("where the member lists another machine by this name", async () => {
    const { corosync } = site.lab.site.pmxcfs("pve01");
    corosync?.nodes.push({ name: "pve02", nodeid: 2, votes: 1, address: "192.168.18.9" });
    expect((await site.ended()).stderr).toContain(
      "pve01 lists a node pve02 at 192.168.18.9, and this one is at 192.168.18.100: another machine has the name",
    );
  });

  it("where the cluster has guests on a dead node of this name", async () => {
    const { corosync, guests } = site.lab.site.pmxcfs("pve01");
    corosync?.nodes.push({ name: "pve02", nodeid: 2, votes: 1, address: ADDRESS.pve02 });
    guests["100"] = { vmid: 100, type: "qemu", node: "pve02", config: { memory: "512" } };
    expect((await site.ended()).stderr).toContain("the cluster has guests on a node pve02: 100\n");
    expect(corosync?.nodes).toHaveLength(2);
  });

  it("where the member has no quorum and HA resources: expected 1 could tear the cluster apart", async () => {
    const { corosync, guests, ha } = site.lab.site.pmxcfs("pve01");
    guests["100"] = { vmid: 100, type: "qemu", node: "pve01", config: { memory: "512" } };
    ha.resources["vm:100"] = { state: "started" };
    corosync?.nodes.push({ name: "pve02", nodeid: 2, votes: 1, address: ADDRESS.pve02 });
    site.lab.site.quorum.reconfigured();
    await site.lab.advance(10);
    expect((await site.ended()).stderr).toContain("and HA resources exist\n");
    expect(await site.lab.status("pve01", "Expected votes")).toBe("2");
  });

  it("where other nodes than this one are away", async () => {
    const { corosync } = site.lab.site.pmxcfs("pve01");
    corosync?.nodes.push({ name: "pve02", nodeid: 2, votes: 1, address: ADDRESS.pve02 });
    corosync?.nodes.push({ name: "pve03", nodeid: 3, votes: 1, address: "192.168.18.9" });
    site.lab.site.quorum.reconfigured();
    await site.lab.advance(10);
    expect((await site.ended()).stderr).toContain("because other nodes than this one are away\n");
  });

  it("where the clocks differ", async () => {
    site.lab.site.host("pve02").traits = { clockOffsetMs: 3000 };
    expect((await site.ended()).stderr).toContain("are more than a second apart\n");
  });

  it("on a node with guests", async () => {
    const { guests } = site.lab.site.pmxcfs("pve02");
    guests["100"] = { vmid: 100, type: "qemu", node: "pve02", config: { memory: "512" } };
    expect((await site.ended()).stderr).toContain(
      "this node has a guest: /etc/pve/nodes/pve02/qemu-server/100.conf",
    );
  });

  it("on a member of another cluster", async () => {
    await site.lab.out("pve02", "pvecm create other");
    expect((await site.ended()).stderr).toContain("this node is in cluster other, not in site\n");
  });
});
