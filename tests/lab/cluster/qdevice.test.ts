import {
  ADDRESS,
  clusterOfTwo,
  clusterWithWitness,
  freshHosts,
  installQdevice,
  type Machines,
} from "./support/machines";

const SETUP = `pvecm qdevice setup ${ADDRESS.nas}`;

describe("pvecm qdevice setup", () => {
  let lab: Machines;
  beforeEach(async () => {
    lab = await clusterOfTwo();
    await installQdevice(lab);
  });

  const refused = async (words: string, command = SETUP): Promise<void> => {
    expect(await lab.run("pve01", command)).toMatchObject({ stderr: words, exitCode: 255 });
  };

  it("adds the witness's vote and starts the service on every node", async () => {
    expect(await lab.out("pve01", SETUP)).toContain(
      "INFO: start and enable corosync qdevice daemon on node 'pve02'...\nReloading corosync.conf...\nDone\n",
    );
    for (const node of ["pve01", "pve02"] as const) {
      expect(await lab.status(node, "Total votes")).toBe("3");
      expect(await lab.out(node, "systemctl is-active corosync-qdevice")).toBe("active\n");
    }
    expect(await lab.out("pve02", "cat /etc/pve/corosync.conf")).toContain(
      `quorum {
  device {
    model: net
    net {
      algorithm: ffsplit
      host: ${ADDRESS.nas}
      tls: on
    }
    votes: 1
  }
  provider: corosync_votequorum
}
`,
    );
  });

  it("refuses outside a cluster", async () => {
    lab = await freshHosts();
    await refused(
      "Error: Corosync config '/etc/pve/corosync.conf' does not exist - is this node part of a cluster?\n",
    );
  });

  it("refuses while a node is off, and names it", async () => {
    lab.power("pve02", false);
    await lab.advance(10);
    await refused("All nodes must be online! Node pve02 is offline, aborting.\n");
  });

  it("refuses a second time, also with --force", async () => {
    await lab.out("pve01", SETUP);
    await refused("QDevice already configured!\n");
    await refused(
      "Qdevice already configured, must be removed before setting up new one!\n",
      `${SETUP} --force`,
    );
  });

  it("refuses a name in place of an address", async () => {
    await refused(
      "400 Parameter verification failed.\naddress: invalid format - value does not look like a valid IP address\n",
      "pvecm qdevice setup nas",
    );
  });

  it("refuses an odd number of nodes; forced, it takes the other algorithm", async () => {
    lab.power("pve02", false);
    await lab.advance(10);
    await lab.out("pve01", "pvecm expected 1 && pvecm delnode pve02");
    await refused("Clusters with an odd node count are not officially supported!\n");
    await lab.out("pve01", `${SETUP} --force`);
    const conf = await lab.out("pve01", "cat /etc/pve/corosync.conf");
    expect(conf).toContain("algorithm: lms");
    expect(conf).not.toMatch(/^ {4}votes:/m);
  });

  it("refuses when root's RSA key is not authorized at the witness", async () => {
    const authorized = lab.site.host("nas").files["/root/.ssh/authorized_keys"];
    if (authorized) authorized.content = "";
    await refused(
      `root@${ADDRESS.nas}: Permission denied (publickey,password).\n` +
        `command 'ssh-copy-id -i /root/.ssh/id_rsa root@${ADDRESS.nas}' failed: exit code 1\n`,
    );
  });

  it("refuses when the witness's host key is not known", async () => {
    await lab.out("pve01", "rm /root/.ssh/known_hosts");
    const { stderr } = await lab.run("pve01", SETUP);
    expect(stderr).toMatch(/^Host key verification failed\.\n/);
  });

  it("fails when qnetd is not installed on the witness", async () => {
    lab.site.host("nas").packages = [];
    const { stderr, exitCode } = await lab.run("pve01", SETUP);
    expect(stderr).toMatch(/^bash: line 1: corosync-qnetd-certutil: command not found\n/);
    expect(stderr).toMatch(/command 'scp .*' failed: exit code 1\n$/);
    expect(exitCode).toBe(255);
  });

  it("fails when a node lacks corosync-qdevice, and leaves certificates in the way of the next try", async () => {
    const { packages } = lab.site.host("pve02");
    packages.splice(packages.indexOf("corosync-qdevice"), 1);
    const { stderr } = await lab.run("pve01", SETUP);
    expect(stderr).toMatch(/HostKeyAlias=pve02.* failed: exit code 127\n$/);
    expect(lab.site.pmxcfs("pve01").corosync?.qdevice).toBeUndefined();
    await lab.out("pve02", "apt-get install -y corosync-qdevice");
    await refused("QDevice certificate store already initialised, set force to delete!\n");
    await lab.out("pve01", `${SETUP} --force`);
    expect(await lab.status("pve01", "Total votes")).toBe("3");
  });
});

describe("pvecm qdevice remove", () => {
  it("takes vote, service and certificates away, so that it can be set up again", async () => {
    const lab = await clusterWithWitness();
    expect(await lab.out("pve01", "pvecm qdevice remove")).toBe("\nRemoved Qdevice.\n");
    expect(await lab.status("pve01", "Expected votes")).toBe("2");
    expect(await lab.status("pve01", "Flags")).toBe("Quorate");
    for (const node of ["pve01", "pve02"] as const) {
      expect(await lab.run(node, "systemctl is-active --quiet corosync-qdevice")).toMatchObject({
        exitCode: 3,
      });
      expect(await lab.run(node, "ls /etc/corosync/qdevice/net/nssdb/cert9.db")).not.toMatchObject({
        exitCode: 0,
      });
    }
    await lab.out("pve01", SETUP);
    expect(await lab.status("pve02", "Total votes")).toBe("3");
  });

  it("refuses without one, and while a node is off", async () => {
    const without = await clusterOfTwo();
    expect((await without.run("pve01", "pvecm qdevice remove")).stderr).toBe(
      "No QDevice configured!\n",
    );
    const lab = await clusterWithWitness();
    lab.power("pve02", false);
    await lab.advance(10);
    expect((await lab.run("pve01", "pvecm qdevice remove")).stderr).toBe(
      "All nodes must be online! Node pve02 is offline, aborting.\n",
    );
  });
});

describe("corosync-qdevice-tool -s", () => {
  it("tells what the daemon knows", async () => {
    const lab = await clusterWithWitness();
    expect(await lab.out("pve02", "corosync-qdevice-tool -s")).toBe(
      "Qdevice information\n-------------------\nModel:\t\t\tNet\nNode ID:\t\t2\n" +
        "Configuration version:\t3\nConfigured node list:\n    0\tNode ID = 1\n    1\tNode ID = 2\n" +
        "Membership node list:\t1, 2\n\nQdevice-net information\n----------------------\n" +
        `Cluster name:\t\tsite\nQNetd host:\t\t${ADDRESS.nas}:5403\nAlgorithm:\t\tFifty-Fifty split\n` +
        "Tie-breaker:\t\tNode with lowest node ID\nState:\t\t\tConnected\n",
    );
  });

  it("says that a dead witness does not answer", async () => {
    const lab = await clusterWithWitness();
    lab.power("nas", false);
    await lab.advance(20);
    expect(await lab.out("pve01", "corosync-qdevice-tool -s")).toMatch(
      /\nState:\t\t\tConnect failed\n$/,
    );
  });

  it("fails where no daemon runs", async () => {
    const lab = await clusterOfTwo();
    await lab.out("pve01", "apt-get install -y corosync-qdevice");
    expect(await lab.run("pve01", "corosync-qdevice-tool -s")).toMatchObject({
      stderr: "Can't connect to QDevice socket (is QDevice running?): No such file or directory\n",
      exitCode: 1,
    });
  });

  it("is what the API tells a part of", async () => {
    const lab = await clusterWithWitness();
    const tell = () => lab.data("pve01", "GET", "/cluster/config/qdevice");
    expect(await tell()).toEqual({
      Algorithm: "Fifty-Fifty split",
      "Echo reply": "Yes",
      Model: "Net",
      "QNetd host": `${ADDRESS.nas}:5403`,
      State: "Connected",
      "Tie-breaker": "Node with lowest node ID",
    });
    lab.power("nas", false);
    // Nothing says so: the daemon waits for an answer first.
    expect(await tell()).toMatchObject({ State: "Connected" });
    await lab.advance(16);
    expect(await tell()).toMatchObject({ State: "Connect failed" });
    await lab.out("pve01", "systemctl stop corosync-qdevice");
    expect(await tell()).toEqual({});
  });
});

describe("corosync-qnetd-tool -l", () => {
  it("lists the cluster and the nodes that are connected", async () => {
    const lab = await clusterWithWitness();
    lab.power("pve02", false);
    await lab.advance(20);
    const text = await lab.out("nas", "corosync-qnetd-tool -l");
    expect(text).toMatch(
      /^Cluster "site":\n {4}Algorithm:\t\tFifty-Fifty split \(KAP Tie-breaker\)\n/,
    );
    expect(text).toContain("    Node ID 1:\n        Client address:\t\t::ffff:192.168.18.251:");
    expect(text).not.toContain("Node ID 2");
  });
});
