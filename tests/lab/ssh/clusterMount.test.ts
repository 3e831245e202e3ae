import { clusterOfTwo, freshHosts, type Machines } from "../cluster/support/machines";

let lab: Machines;
beforeEach(async () => {
  lab = await clusterOfTwo();
});

const cat = (path: string): Promise<string> => lab.out("pve02", `cat /etc/pve/${path}`);

describe("/etc/pve on a node", () => {
  it("has the storages as sections: what a type needs first, then the rest", async () => {
    lab.site.pmxcfs("pve01").storages.Data = {
      type: "nfs",
      server: "192.168.18.200",
      export: "/backup/pve-data",
      path: "/mnt/pve/Data",
      content: "images",
      "prune-backups": "keep-all=1",
    };
    expect(await cat("storage.cfg")).toContain(
      "nfs: Data\n\texport /backup/pve-data\n\tpath /mnt/pve/Data\n\tserver 192.168.18.200\n\tcontent images\n\tprune-backups keep-all=1\n\n",
    );
  });

  it("is reached through its links, whatever comes behind them", async () => {
    await lab.out("pve02", "qm create 500 --memory 512");
    const list = "ls /etc/pve/local/qemu-server; echo /etc/pve/local/qemu-server/*.conf";
    expect(await lab.out("pve02", list)).toBe("500.conf\n/etc/pve/local/qemu-server/500.conf\n");
    expect(await lab.out("pve02", "ls -a /etc/pve/local | grep qemu")).toBe("qemu-server\n");
  });

  it("has users, tokens and access lists, and their secrets for root alone", async () => {
    await lab.out("pve01", "pveum user add ops@pve --comment 'on: call'");
    await lab.out("pve01", "pveum acl modify / --users ops@pve --roles PVEAuditor");
    await lab.out("pve01", "pveum user token add ops@pve key --privsep 1");
    const secret = lab.site.pmxcfs("pve01").users["ops@pve"]?.tokens.key?.secret;
    expect(await cat("user.cfg")).toBe(
      "user:ops@pve:1:0::::on%3A call::\ntoken:ops@pve!key:0:1::\nuser:root@pam:1:0::::::\n\n\n\n\nacl:1:/:ops@pve:PVEAuditor:\n",
    );
    expect(await cat("priv/token.cfg")).toBe(`ops@pve!key ${secret}\n`);
    expect(await lab.out("pve02", "stat -c %a /etc/pve/priv/token.cfg /etc/pve/user.cfg")).toBe(
      "600\n640\n",
    );
  });

  it("has second factors with their secrets, for root alone, once there are any", async () => {
    const tfa = "cat /etc/pve/priv/tfa.cfg || echo none";
    expect(await lab.out("pve02", tfa)).toBe("none\n");
    await lab.out("pve01", "pvesh create /access/tfa/root@pam --type recovery");
    const phone = { id: "1", description: "phone", created: 5, uri: "otpauth://totp/a?secret=AA" };
    lab.site.pmxcfs("pve01").factors!["a@pve"] = { totp: [{ ...phone, enable: false }] };
    const { uri: entry, ...info } = phone;
    expect(JSON.parse(await lab.out("pve02", tfa))).toEqual({
      users: {
        "a@pve": { totp: [{ ...info, enable: false, entry }] },
        "root@pam": {
          recovery: {
            created: expect.any(Number) as number,
            secret: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
            entries: Array(10).fill(expect.stringMatching(/^[0-9a-f]{64}$/)),
          },
        },
      },
    });
    expect(await lab.out("pve02", "stat -c %a /etc/pve/priv/tfa.cfg")).toBe("600\n");
  });

  it("has HA resources, rules, backup jobs, options and firewalls", async () => {
    const config = lab.site.pmxcfs("pve01");
    config.ha.resources["vm:100"] = { state: "started", max_restart: 2, failback: false };
    config.ha.rules.home = { type: "node-affinity", nodes: "pve01", resources: "vm:100" };
    config.jobs.nightly = { schedule: "02:00", enabled: "1", all: "1", comment: "all" };
    config.options = { keyboard: "de", crs: "ha=static" };
    config.firewalls = {
      cluster: {
        options: { enable: "1" },
        rules: [
          { type: "in", action: "ACCEPT", macro: "SSH", source: "10.0.0.0/8", comment: "us" },
          { type: "in", action: "DROP", enable: "0", proto: "tcp", dport: "25" },
        ],
        aliases: {},
        ipsets: { good: { entries: [{ cidr: "10.0.0.1", nomatch: 1 }] } },
        groups: {},
      },
    };
    expect(await cat("ha/resources.cfg")).toBe(
      "vm: 100\n\tfailback 0\n\tmax_restart 2\n\tstate started\n\n",
    );
    expect(await cat("ha/rules.cfg")).toBe(
      "node-affinity: home\n\tnodes pve01\n\tresources vm:100\n\n",
    );
    expect(await cat("jobs.cfg")).toBe(
      "vzdump: nightly\n\tcomment all\n\tschedule 02:00\n\tall 1\n\tenabled 1\n\n",
    );
    expect(await cat("datacenter.cfg")).toBe("crs: ha=static\nkeyboard: de\n");
    expect(await cat("firewall/cluster.fw")).toBe(
      "[OPTIONS]\n\nenable: 1\n\n[IPSET good]\n\n!10.0.0.1\n\n[RULES]\n\nIN SSH(ACCEPT) -source 10.0.0.0/8 # us\n|IN DROP -p tcp -dport 25\n\n",
    );
  });

  it("has a guest's pending changes and snapshots below its configuration", async () => {
    lab.site.pmxcfs("pve01").guests["100"] = {
      vmid: 100,
      type: "qemu",
      node: "pve02",
      config: { memory: "512", description: "a\n" },
      pending: { set: { cores: "2" }, delete: { balloon: false } },
      snapshots: { before: { config: { memory: "256" }, time: 5 } },
    };
    expect(await cat("qemu-server/100.conf")).toBe(
      "#a\nmemory: 512\n\n[PENDING]\ncores: 2\ndelete: balloon\n\n[before]\nmemory: 256\nsnaptime: 5\n",
    );
  });

  it("has a folder for each member, and links to its own", async () => {
    expect(await lab.out("pve02", "ls /etc/pve/nodes; ls /etc/pve/local/")).toBe(
      "pve01\npve02\nlxc\nopenvz\npriv\npve-ssl.key\npve-ssl.pem\nqemu-server\n",
    );
    expect(await lab.out("pve02", "readlink /etc/pve/local")).toBe("nodes/pve02\n");
    expect(await cat("local/pve-ssl.pem")).toBe(
      lab.site.nodeState("pve02").certificate.certificate,
    );
  });

  it("has the HA manager's files once its daemons have written them", async () => {
    lab.site.start();
    await lab.advance(60);
    lab.site.stop();
    expect(JSON.parse(await cat("ha/manager_status"))).toHaveProperty("node_status");
    expect(JSON.parse(await cat("nodes/pve01/lrm_status"))).toMatchObject({ mode: "active" });
  });
});

describe("what is written below /etc/pve by hand", () => {
  const raise = (version: number, votes: number): string =>
    `sed 's/config_version: .*/config_version: ${version}/;s/quorum_votes: 1/quorum_votes: ${votes}/' ` +
    "/etc/pve/corosync.conf >/etc/pve/corosync.conf.new && mv /etc/pve/corosync.conf.new /etc/pve/corosync.conf";

  it("is taken up from corosync.conf with a higher config_version", async () => {
    await lab.out("pve01", raise(9, 2));
    expect(lab.site.pmxcfs("pve02").corosync).toMatchObject({
      configVersion: 9,
      nodes: [{ votes: 2 }, { votes: 2 }],
    });
    expect(await lab.out("pve02", "pvecm status")).toMatch(/^Expected votes: +4$/m);
  });

  it("is not taken up without one, or where corosync.conf gets what the lab does not imitate", async () => {
    const before = structuredClone(lab.site.pmxcfs("pve01").corosync);
    await lab.out("pve01", raise(2, 2));
    await lab.out(
      "pve01",
      "sed 's/config_version: .*/config_version: 9\\n  token: 10000/' /etc/pve/corosync.conf >/root/c && cp /root/c /etc/pve/corosync.conf",
    );
    expect(lab.site.pmxcfs("pve01").corosync).toEqual(before);
    expect(await cat("corosync.conf")).toContain("config_version: 2");
  });

  it("is shared where PVE does not read it, and can be removed", async () => {
    await lab.out("pve01", "mkdir -p /etc/pve/site && echo x >/etc/pve/site/note");
    expect(await cat("site/note")).toBe("x\n");
    await lab.out("pve02", "rm /etc/pve/site/note");
    expect((await lab.run("pve01", "cat /etc/pve/site/note")).exitCode).toBe(1);
  });

  it("has empty files", async () => {
    await lab.out("pve01", ": >/etc/pve/mark");
    await lab.out("pve02", "test -e /etc/pve/mark");
    await lab.out("pve02", "rm /etc/pve/mark");
    expect((await lab.run("pve01", "test -e /etc/pve/mark")).exitCode).toBe(1);
  });

  it("is refused where PVE's commands write, and the script goes on", async () => {
    expect(
      await lab.run("pve01", "echo a; echo x >/etc/pve/storage.cfg; echo $?; rm /etc/pve/user.cfg"),
    ).toMatchObject({
      stdout: "a\n1\n",
      stderr: expect.stringContaining("bash: /etc/pve/storage.cfg: Permission denied\n") as string,
      exitCode: 1,
    });
    expect(await cat("user.cfg")).toContain("root@pam");
  });

  it("moves a guest with its file: recovery from a dead node", async () => {
    const { guests } = lab.site.pmxcfs("pve01");
    guests["100"] = { vmid: 100, type: "qemu", node: "pve02", config: { memory: "512" } };
    await lab.out("pve01", "mv /etc/pve/nodes/pve02/qemu-server/100.conf /etc/pve/qemu-server/");
    expect(guests["100"]).toMatchObject({ node: "pve01" });
    expect(await lab.out("pve02", "ls /etc/pve/nodes/*/qemu-server/*")).toBe(
      "/etc/pve/nodes/pve01/qemu-server/100.conf\n",
    );
  });
});

describe("/etc/pve without quorum", () => {
  beforeEach(async () => {
    lab.power("pve02", false);
    await lab.advance(10);
  });

  it("can be read, and a script whose redirection is refused goes on", async () => {
    expect(
      await lab.run(
        "pve01",
        "f=/etc/pve/note; echo a; echo x >$f || echo refused; bash -c 'echo x >>/etc/pve/y; echo $?'; " +
          "test -e $f; echo $?; test -w /etc/pve/user.cfg; echo $?; test -d /etc/pve/user.cfg; echo $?",
      ),
    ).toMatchObject({
      stdout: "a\nrefused\n1\n1\n1\n1\n",
      stderr: "bash: /etc/pve/note: Permission denied\nbash: /etc/pve/y: Permission denied\n",
    });
  });

  it("ends a script with set -e there", async () => {
    const { stdout, exitCode } = await lab.run("pve01", "set -e; echo a; : >/etc/pve/x; echo b");
    expect([stdout, exitCode]).toEqual(["a\n", 1]);
  });
});

it("a node in no cluster has its own, without corosync.conf", async () => {
  lab = await freshHosts();
  expect(await lab.out("pve01", "ls /etc/pve/nodes; cat /etc/pve/storage.cfg")).toContain(
    "pve01\ndir: local\n",
  );
  expect((await lab.run("pve01", "test -e /etc/pve/corosync.conf")).exitCode).toBe(1);
});
