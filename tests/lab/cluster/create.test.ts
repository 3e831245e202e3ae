import { publicKeyOf } from "../../../lab/state/sshKey";
import { ADDRESS, clusterOfTwo, freshHosts, type Machines } from "./support/machines";

let lab: Machines;
beforeEach(async () => {
  lab = await freshHosts();
});

describe("pvecm create", () => {
  it("says what it does and makes a cluster of one", async () => {
    expect(await lab.out("pve01", "pvecm create site --link0 192.168.18.251")).toBe(
      "Corosync Cluster Engine Authentication key generator.\n" +
        "Gathering 2048 bits for key from /dev/urandom.\n" +
        "Writing corosync key to /etc/corosync/authkey.\n" +
        "Writing corosync config to /etc/pve/corosync.conf\n" +
        "Restart corosync and cluster filesystem\n",
    );
    await lab.advance(1);
    expect(await lab.status("pve01", "Expected votes")).toBe("1");
    expect(await lab.status("pve01", "Quorate")).toBe("Yes");
  });

  it("keeps what was configured on the node: users, storages and guests become the cluster's", async () => {
    const before = structuredClone(lab.site.pmxcfs("pve01"));
    await lab.out("pve01", "pvecm create site");
    const after = lab.site.pmxcfs("pve01");
    expect(after.users).toEqual(before.users);
    expect(after.storages).toEqual(before.storages);
    expect(after.ca).toEqual(before.ca);
  });

  it("leaves the API certificate as it is", async () => {
    const before = lab.site.nodeState("pve01").certificate;
    await lab.out("pve01", "pvecm create site");
    expect(lab.site.nodeState("pve01").certificate).toEqual(before);
  });

  it("gives root an RSA key and moves the authorized keys into the cluster", async () => {
    await lab.out("pve01", "pvecm create site");
    expect(await lab.out("pve01", "readlink /root/.ssh/authorized_keys")).toBe(
      "/etc/pve/priv/authorized_keys\n",
    );
    const keys = await lab.out("pve01", "cat /root/.ssh/authorized_keys");
    expect(keys).toContain("ssh-ed25519 AAAA lab\n");
    expect(keys).toContain(await lab.out("pve01", "cat /root/.ssh/id_rsa.pub"));
    expect(await lab.out("pve01", "stat -c %a /root/.ssh/id_rsa")).toBe("600\n");
  });

  it("keeps a key that root has", async () => {
    await lab.out("pve01", "ssh-keygen -q -t rsa -N '' -f /root/.ssh/id_rsa");
    const key = await lab.out("pve01", "cat /root/.ssh/id_rsa.pub");
    await lab.out("pve01", "pvecm create site");
    expect(await lab.out("pve01", "cat /root/.ssh/id_rsa.pub")).toBe(key);
  });

  it("writes the corosync key for root alone", async () => {
    await lab.out("pve01", "pvecm create site");
    expect(await lab.out("pve01", "stat -c %a /etc/corosync/authkey")).toBe("400\n");
  });

  it("pins the first node's own host key for the whole system", async () => {
    await lab.out("pve01", "pvecm create site");
    const key = publicKeyOf(lab.site.host("pve01").sshHostKey);
    expect(await lab.out("pve01", "cat /etc/ssh/ssh_known_hosts")).toBe(
      `pve01 ${key}\n${ADDRESS.pve01} ${key}\n`,
    );
  });

  it("lets root log in with a key, wherever sshd_config said otherwise", async () => {
    await lab.out(
      "pve01",
      "printf 'Port 22\\n#PermitRootLogin prohibit-password\\nX11Forwarding no\\n' >/etc/ssh/sshd_config",
    );
    await lab.out("pve01", "pvecm create site");
    expect(await lab.out("pve01", "cat /etc/ssh/sshd_config")).toBe(
      "Port 22\nPermitRootLogin yes\nX11Forwarding no\n",
    );
  });

  it.each([
    ["sixteen-letters-", "clustername: value may only be 15 characters long"],
    ["no_underscore", "clustername: invalid format - value does not look like a valid node name"],
    ["dash-", "clustername: invalid format - value does not look like a valid node name"],
  ])("refuses the name %s", async (name, words) => {
    const { stderr, exitCode } = await lab.run("pve01", `pvecm create ${name}`);
    expect(stderr).toContain(`400 Parameter verification failed.\n${words}\n`);
    expect(exitCode).toBe(255);
  });

  it("refuses an address that the node has not", async () => {
    const { stderr, exitCode } = await lab.run("pve01", "pvecm create site --link0 10.0.0.1");
    expect(stderr).toBe("link0: cannot use IP '10.0.0.1', not found on local node!\n");
    expect(exitCode).toBe(255);
  });

  it("refuses a second cluster on the same node", async () => {
    const clustered = await clusterOfTwo();
    for (const node of ["pve01", "pve02"] as const) {
      expect(await clustered.run(node, "pvecm create other")).toMatchObject({
        stderr: "cluster config '/etc/pve/corosync.conf' already exists\n",
        exitCode: 255,
      });
    }
  });

  it("takes node id and votes", async () => {
    await lab.out("pve01", "pvecm create site --nodeid 7 --votes 2");
    const conf = await lab.out("pve01", "cat /etc/pve/corosync.conf");
    expect(conf).toContain("    nodeid: 7\n    quorum_votes: 2\n");
  });
});
