import { X509Certificate } from "node:crypto";
import { ADDRESS, clusterOfTwo, freshHosts, type Machines } from "./support/machines";

const ADD = `pvecm add ${ADDRESS.pve01} --use_ssh --link0 ${ADDRESS.pve02}`;

let lab: Machines;

/** pve01 in a cluster of its own, and pve02 allowed to log in there. */
beforeEach(async () => {
  lab = await freshHosts();
  await lab.out("pve01", "pvecm create site");
  await lab.out("pve02", "ssh-keygen -q -t rsa -b 4096 -N '' -f /root/.ssh/id_rsa");
  lab.trust("pve02", "pve01");
  await lab.advance(5);
});

describe("pvecm add", () => {
  it("says what it does, as PVE does", async () => {
    expect((await lab.out("pve02", ADD)).replace(/config-\d+/, "config-N")).toBe(
      "copy corosync auth key\n" +
        "stopping pve-cluster service\n" +
        "backup old database to '/var/lib/pve-cluster/backup/config-N.sql.gz'\n" +
        "waiting for quorum...OK\n" +
        "(re)generate node files\n" +
        "generate new node certificate\n" +
        "merge authorized SSH keys\n" +
        "generated new node certificate, restart pveproxy and pvedaemon services\n" +
        "successfully added node 'pve02' to cluster.\n",
    );
  });

  it("says which address it takes when none is given", async () => {
    expect(await lab.out("pve02", `pvecm add ${ADDRESS.pve01} --use_ssh`)).toContain(
      `No cluster network links passed explicitly, fallback to local node IP '${ADDRESS.pve02}'\n`,
    );
  });

  it("makes both nodes members with quorum", async () => {
    await lab.out("pve02", ADD);
    await lab.advance(5);
    for (const node of ["pve01", "pve02"] as const) {
      expect(await lab.status(node, "Nodes")).toBe("2");
      expect(await lab.status(node, "Expected votes")).toBe("2");
      expect(await lab.status(node, "Total votes")).toBe("2");
      expect(await lab.status(node, "Quorate")).toBe("Yes");
    }
  });

  it("raises the expected votes at once, so the member is read-only until the joiner is there", async () => {
    const adding = lab.hosts.shellOf("pve02").exec(ADD, "");
    for (let step = 0; step < 500 && lab.site.quorum.isQuorate("pve01"); step++) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      await lab.clock.advance(0);
    }
    expect(lab.site.quorum.votes("pve01")).toEqual({
      expected: 2,
      total: 1,
      quorum: 2,
      quorate: false,
    });
    const write = await lab.api("pve01", "POST", "/access/users", { userid: "early@pve" });
    expect(write.status).toBe(500);
    expect((await lab.settle(adding)).exitCode).toBe(0);
    expect(lab.site.quorum.isQuorate("pve01")).toBe(true);
  });

  it("drops the joiner's own users, tokens, permissions and storages for the cluster's", async () => {
    await lab.out("pve02", "pveum user add mine@pve && pveum user token add mine@pve tok");
    await lab.out("pve02", "pveum acl modify / --users mine@pve --roles PVEAuditor");
    lab.site.pmxcfs("pve02").storages.mine = { type: "dir", path: "/srv", content: "iso" };
    lab.site.pmxcfs("pve01").storages.theirs = { type: "dir", path: "/srv", content: "iso" };
    await lab.out("pve02", ADD);
    const config = lab.site.pmxcfs("pve02");
    expect(config).toBe(lab.site.pmxcfs("pve01"));
    expect(Object.keys(config.users)).toEqual(["root@pam"]);
    expect(config.acl).toEqual([]);
    expect(config.storages).toHaveProperty("theirs");
    expect(config.storages).not.toHaveProperty("mine");
    expect(Object.keys(lab.state.pmxcfs)).toHaveLength(1);
  });

  it("ends the joiner's tickets and gives it a certificate of the cluster's authority", async () => {
    const ticket = lab.ticket("pve02");
    const renewed: string[] = [];
    lab.site.membership.onCertificate((node) => renewed.push(node));
    await lab.out("pve02", ADD);
    expect(renewed).toEqual(["pve02"]);
    const { certificate } = lab.site.nodeState("pve02").certificate;
    const authority = new X509Certificate(lab.site.pmxcfs("pve01").ca.certificate);
    expect(new X509Certificate(certificate).verify(authority.publicKey)).toBe(true);
    expect((await lab.api("pve02", "GET", "/nodes", {}, ticket)).status).toBe(401);
  });

  it("copies the member's corosync key", async () => {
    await lab.out("pve02", ADD);
    expect(await lab.out("pve02", "cat /etc/corosync/authkey")).toBe(
      await lab.out("pve01", "cat /etc/corosync/authkey"),
    );
  });

  it("shares the cluster's authorized keys and adds the joiner's root; its others are gone", async () => {
    await lab.out("pve02", "echo 'ssh-ed25519 BBBB only-here' >>/root/.ssh/authorized_keys");
    await lab.out("pve02", ADD);
    const keys = await lab.out("pve01", "cat /root/.ssh/authorized_keys");
    expect(keys).toContain("ssh-ed25519 AAAA lab\n");
    expect(keys).toContain(await lab.out("pve02", "cat /root/.ssh/id_rsa.pub"));
    expect(keys).not.toContain("only-here");
    expect(await lab.out("pve02", "cat /root/.ssh/authorized_keys")).toBe(keys);
  });

  it("gives the lowest free node id and raises the configuration's version", async () => {
    await lab.out("pve02", ADD);
    const conf = await lab.out("pve01", "cat /etc/pve/corosync.conf");
    expect(conf).toMatch(/name: pve02\n {4}nodeid: 2\n {4}quorum_votes: 1\n/);
    expect(conf).toContain("config_version: 2\n");
  });

  it("takes node id and votes", async () => {
    await lab.out("pve02", `${ADD} --nodeid 9 --votes 3`);
    expect(await lab.out("pve01", "cat /etc/pve/corosync.conf")).toMatch(
      /name: pve02\n {4}nodeid: 9\n {4}quorum_votes: 3\n/,
    );
  });
});

describe("pvecm add is refused", () => {
  it("on a node that is in a cluster, with every reason at once", async () => {
    const clustered = await clusterOfTwo();
    expect(await clustered.run("pve02", ADD)).toMatchObject({
      stderr:
        "detected the following error(s):\n" +
        "* authentication key '/etc/corosync/authkey' already exists\n" +
        "* cluster config '/etc/pve/corosync.conf' already exists\n" +
        "* corosync is already running, is this node already in a cluster?!\n" +
        "Check if node may join a cluster failed!\n",
      exitCode: 255,
    });
  });

  it("on a node with guests", async () => {
    lab.site.pmxcfs("pve02").guests["100"] = {
      vmid: 100,
      type: "qemu",
      node: "pve02",
      config: {},
    };
    expect(await lab.run("pve02", ADD)).toMatchObject({
      stderr:
        "detected the following error(s):\n" +
        "* this host already contains virtual guests\n" +
        "Check if node may join a cluster failed!\n",
      exitCode: 255,
    });
    expect(lab.site.pmxcfs("pve02").corosync).toBeUndefined();
  });

  it("with an address that is not the node's", async () => {
    const { stderr, exitCode } = await lab.run(
      "pve02",
      `pvecm add ${ADDRESS.pve01} --use_ssh --link0 10.0.0.2`,
    );
    expect(stderr).toContain("* link0: cannot use IP '10.0.0.2', not found on local node!\n");
    expect(exitCode).toBe(255);
  });

  it("inside /etc/pve", async () => {
    expect(await lab.run("pve02", `cd /etc/pve && ${ADD}`)).toMatchObject({
      stderr: "Navigate out of /etc/pve before running 'pvecm add', for example by running 'cd'.\n",
      exitCode: 255,
    });
  });

  it("when root may not log in at the member", async () => {
    await lab.out("pve02", "rm /root/.ssh/id_rsa /root/.ssh/id_rsa.pub");
    expect(await lab.run("pve02", ADD)).toMatchObject({
      stderr: "unable to copy ssh ID: exit code 1\n",
      exitCode: 255,
    });
  });

  it("when the member has no quorum", async () => {
    const { corosync } = lab.site.pmxcfs("pve01");
    corosync?.nodes.push({ name: "pve09", nodeid: 2, votes: 1, address: "192.168.18.9" });
    expect(await lab.run("pve02", ADD)).toMatchObject({
      stderr:
        "cluster not ready - no quorum?\n" +
        `unable to add node: command failed (ssh ${ADDRESS.pve01} -o BatchMode=yes pvecm addnode pve02 --force 1 --link0 ${ADDRESS.pve02})\n`,
      exitCode: 255,
    });
  });

  it("with an address that another node has", async () => {
    const { corosync } = lab.site.pmxcfs("pve01");
    const address = ADDRESS.pve02;
    corosync?.nodes.push({ name: "old", nodeid: 2, votes: 0, address });
    expect((await lab.run("pve02", ADD)).stderr).toContain(
      `corosync: address '${address}' already used on link ring0_addr by node 'old'\n`,
    );
  });
});

describe("a join that died half way", () => {
  it("leaves the member without quorum until pvecm expected 1, and delnode makes room for another", async () => {
    const { corosync } = lab.site.pmxcfs("pve01");
    corosync?.nodes.push({ name: "pve02", nodeid: 2, votes: 1, address: ADDRESS.pve02 });
    lab.site.quorum.reconfigured();
    await lab.advance(30);
    expect(await lab.status("pve01", "Quorum")).toBe("2 Activity blocked");
    expect((await lab.run("pve01", "pvecm delnode pve02")).stderr).toBe(
      "cluster not ready - no quorum?\n",
    );
    await lab.out("pve01", "pvecm expected 1");
    expect(await lab.status("pve01", "Quorate")).toBe("Yes");
    await lab.out("pve01", "pvecm delnode pve02");
    await lab.out("pve02", ADD);
    await lab.advance(5);
    expect(await lab.status("pve01", "Total votes")).toBe("2");
  });

  it("is taken up again by pvecm add once the member has quorum: the node is listed already", async () => {
    const { corosync } = lab.site.pmxcfs("pve01");
    corosync?.nodes.push({ name: "pve02", nodeid: 2, votes: 1, address: ADDRESS.pve02 });
    lab.site.quorum.reconfigured();
    await lab.out("pve01", "pvecm expected 1");
    await lab.out("pve02", ADD);
    expect(corosync?.nodes.map(({ name }) => name)).toEqual(["pve01", "pve02"]);
  });
});
