import { ADDRESS, freshHosts, type Machines } from "./support/machines";

const ADD = `pvecm add ${ADDRESS.pve01} --use_ssh --link0 ${ADDRESS.pve02}`;

let lab: Machines;

beforeEach(async () => {
  lab = await freshHosts();
  await lab.out("pve01", "pvecm create site");
  await lab.out("pve02", "ssh-keygen -q -t rsa -b 4096 -N '' -f /root/.ssh/id_rsa");
  lab.trust("pve02", "pve01");
  await lab.advance(5);
});
afterEach(() => lab.site.stop());

/** Runs a join until just before a change, and cuts the joiner's power there. */
async function cutBefore(change: string): Promise<void> {
  lab.site.faults.hold(`pvecm add pve02: ${change}`, "before");
  const adding = lab.hosts.shellOf("pve02").exec(ADD, "");
  for (let step = 0; step < 500 && lab.site.faults.reached === undefined; step++) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    await lab.clock.advance(100);
  }
  expect(lab.site.faults.reached).toContain(change);
  lab.power("pve02", false);
  lab.site.faults.release();
  await lab.settle(adding);
}

/** What is left on the joiner: by path, and whether the two daemons run after a boot. */
async function left(): Promise<string[]> {
  const { files } = lab.site.host("pve02");
  const before = [
    "/etc/corosync/authkey",
    "/etc/corosync/corosync.conf",
    "/var/lib/pve-cluster/config.db",
  ].filter((path) => files[path]);
  lab.power("pve02", true);
  await lab.advance(30);
  const { services } = lab.site.host("pve02");
  const running = ["corosync", "pve-cluster"].filter((unit) => services.includes(unit));
  return [...before.map((path) => path.split("/").pop() ?? ""), ...running];
}

describe("a join that loses the joiner's power", () => {
  it.each([
    ["list the node", false, ["config.db", "pve-cluster"]],
    ["write authkey", true, ["config.db", "pve-cluster"]],
    ["write corosync.conf", true, ["authkey", "config.db", "pve-cluster"]],
    [
      "stop pve-cluster",
      true,
      ["authkey", "corosync.conf", "config.db", "corosync", "pve-cluster"],
    ],
    ["end the backup", true, ["authkey", "corosync.conf", "config.db", "corosync", "pve-cluster"]],
    [
      "start corosync and pve-cluster",
      true,
      ["authkey", "corosync.conf", "corosync", "pve-cluster"],
    ],
    ["wait for quorum", true, ["authkey", "corosync.conf", "config.db", "corosync", "pve-cluster"]],
  ])("before it is to %s leaves what was done until then", async (change, listed, found) => {
    await cutBefore(change);
    const { corosync } = lab.site.pmxcfs("pve01");
    expect(corosync?.nodes.some(({ name }) => name === "pve02")).toBe(listed);
    expect(await left()).toEqual(found);
  });

  it("has corosync in the cluster and its file system in none, where only the daemons' restart is missing", async () => {
    await cutBefore("stop pve-cluster");
    await left();
    expect(await lab.status("pve01", "Total votes")).toBe("2");
    expect((await lab.run("pve02", "test -e /etc/pve/corosync.conf")).exitCode).toBe(1);
  });

  it("has its own file system back from the backup once corosync's files are gone", async () => {
    await lab.out("pve02", "echo mine >/etc/pve/mine");
    await cutBefore("start corosync and pve-cluster");
    lab.site.host("pve02").files["/etc/corosync/corosync.conf"] = { content: "", mode: 0o600 };
    await left();
    expect((await lab.run("pve02", "cat /etc/pve/mine")).exitCode).toBe(1);
    await lab.out(
      "pve02",
      "systemctl stop pve-cluster corosync; rm -f /etc/corosync/*; cd /var/lib/pve-cluster && " +
        "zcat backup/config-*.sql.gz | sqlite3 new.db && sqlite3 new.db 'PRAGMA integrity_check' && mv new.db config.db && systemctl start pve-cluster",
    );
    expect(await lab.out("pve02", "cat /etc/pve/mine")).toBe("mine\n");
  });

  it("leaves no way in by the cluster's keys before the joiner has had quorum, but by its own second file", async () => {
    lab.site.hardware.block("pve01", "pve02", 5405, true);
    lab.trust("pve01", "pve02");
    await lab.run("pve02", "timeout 30 " + ADD);
    const login = `ssh -o BatchMode=yes root@${ADDRESS.pve02} true`;
    expect((await lab.run("pve01", login)).stderr).toContain("Permission denied");
    await lab.out("pve02", "pvecm status || true");
    const key = lab.site.host("pve01").files["/root/.ssh/id_rsa.pub"]?.content ?? "";
    lab.site.host("pve02").files["/root/.ssh/authorized_keys2"] = { content: key, mode: 0o600 };
    expect((await lab.run("pve01", login)).exitCode).toBe(0);
  });
});

describe("a cluster with two links", () => {
  it("refuses a joiner that names one", async () => {
    const { corosync } = lab.site.pmxcfs("pve01");
    if (corosync?.nodes[0]) corosync.nodes[0].link1 = "10.0.0.1";
    expect((await lab.run("pve02", ADD)).stderr).toContain(
      "corosync: link 1 exists in cluster config but wasn't specified for new node\n",
    );
  });
});
