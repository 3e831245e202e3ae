import { Joining } from "./support/joining";

const DATABASE = "/var/lib/pve-cluster/config.db";

let site: Joining;
beforeEach(async () => {
  site = await Joining.prepared();
  await site.joins();
});
afterEach(() => site.lab.site.stop());

/** The member's services are down, and do not come up again: corosync without its key, pmxcfs without its name. */
async function broken(): Promise<void> {
  await site.lab.out("pve02", "systemctl stop pve-cluster corosync; rm /etc/corosync/authkey");
  await site.lab.out("pve02", "sed -i 's/ pve02$/ other/; s/\\tpve02$/\\tother/' /etc/hosts");
}

describe("a member whose services do not run", () => {
  it("is not taken for what a join has left: nothing of it is changed", async () => {
    await broken();
    const before = site.lab.site.host("pve02").files[DATABASE]?.content;
    const { exitCode, stderr } = await site.ended();
    expect(exitCode).toBe(1);
    expect(stderr).toContain("this node is a member of site and corosync does not start\n");
    expect(site.lab.site.host("pve02").files[DATABASE]?.content).toBe(before);
    expect(site.lab.site.pmxcfs("pve01").corosync?.nodes).toHaveLength(2);
  });

  it("is left alone where its database cannot be read", async () => {
    await broken();
    await site.lab.out("pve02", `echo torn >${DATABASE}`);
    const { exitCode, stderr } = await site.ended();
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      `${DATABASE}, the database of the cluster file system, cannot be read`,
    );
    expect(await site.lab.out("pve02", `cat ${DATABASE}`)).toBe("torn\n");
  });
});

describe("a database that a join's remains are restored from", () => {
  it("is nobody else's to read", async () => {
    const cut = await Joining.prepared();
    await cut.cutBefore("start corosync and pve-cluster", () => {
      delete cut.lab.site.host("pve02").files["/etc/corosync/authkey"];
    });
    cut.lab.power("pve01", false);
    const { stderr } = await cut.ended();
    expect(stderr).toContain("restoring the database from");
    expect(stderr).toContain("cannot log in at pve01");
    expect(await cut.lab.out("pve02", `stat -c %a ${DATABASE}`)).toBe("600\n");
    cut.lab.site.stop();
  });
});
