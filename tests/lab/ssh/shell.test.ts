import { clusterOfTwo, freshHosts, type Machines } from "../cluster/support/machines";

let lab: Machines;
beforeEach(async () => {
  lab = await freshHosts();
});

describe("a host's shell", () => {
  it.each([
    ["exit 7", "", "", 7],
    ["false", "", "", 1],
    ["true", "", "", 0],
    ["echo out; echo err >&2", "out\n", "err\n", 0],
    ["nosuch", "", "bash: nosuch: command not found\n", 127],
    ["false | true", "", "", 0],
    ["set -o pipefail; false | true", "", "", 1],
    ["set -e; false; echo not reached", "", "", 1],
    ["cat <<END\n$((1 + 2)) of $HOME\nEND", "3 of /root\n", "", 0],
    ["cat <<'END'\n$HOME\nEND", "$HOME\n", "", 0],
    ["cat <<<word", "word\n", "", 0],
    ['echo "$USER $SHELL $LANG"', "root /bin/bash C.UTF-8\n", "", 0],
    ["pwd", "/root\n", "", 0],
    ["id -u; whoami; hostname; hostname --ip-address", "0\nroot\npve01\n192.168.18.251\n", "", 0],
    ["bash -c 'echo $0 $1' name word", "name word\n", "", 0],
    ["printf 'exit 3' | bash", "", "", 3],
    ["x=1; bash -c 'echo [$x]'", "[]\n", "", 0],
    ["trap 'echo bye' EXIT; echo a", "a\n", "", 0],
  ])("runs %j", async (script, stdout, stderr, exitCode) => {
    expect(await lab.run("pve01", script)).toMatchObject({ stdout, stderr, exitCode });
  });

  it("hands standard input to the command", async () => {
    expect(await lab.out("pve01", "cat", "Grüße\n")).toBe(Buffer.from("Grüße\n").toString());
    expect(await lab.out("pve01", "bash -s one two", 'echo "$# $2"')).toBe("2 two\n");
    expect(await lab.out("pve01", 'read -r line; echo "<$line>"', "a b\nc\n")).toBe("<a b>\n");
  });

  it("starts each command in a new environment", async () => {
    await lab.out("pve01", "export LEFT=1; cd /etc");
    expect(await lab.out("pve01", "echo [$LEFT] $PWD")).toBe("[] /root\n");
  });

  it("sleeps on the site's clock", async () => {
    const before = lab.clock.now();
    await lab.out("pve01", "sleep 90");
    expect(lab.clock.now() - before).toBeGreaterThanOrEqual(90_000);
  });
});

describe("files", () => {
  it("of a host are its own and stay", async () => {
    await lab.out(
      "pve01",
      "echo one >/root/note; mkdir -p /etc/x; echo two >/etc/x/y; chmod 600 /etc/x/y",
    );
    expect(lab.site.host("pve01").files["/etc/x/y"]).toEqual({ content: "two\n", mode: 0o600 });
    expect(await lab.out("pve01", "cat /root/note /etc/x/y")).toBe("one\ntwo\n");
    expect((await lab.run("pve02", "cat /root/note")).exitCode).toBe(1);
    await lab.out("pve01", "rm /root/note; mv /etc/x/y /etc/x/z");
    expect(lab.site.host("pve01").files).not.toHaveProperty(["/root/note"]);
    expect(lab.site.host("pve01").files["/etc/x/z"]?.content).toBe("two\n");
  });

  it("below /etc/pve are the cluster's, on every node", async () => {
    lab = await clusterOfTwo();
    await lab.out("pve01", "echo 'ssh-ed25519 CCCC new' >>/root/.ssh/authorized_keys");
    expect(await lab.out("pve02", "cat /etc/pve/priv/authorized_keys")).toContain("CCCC new\n");
    expect(await lab.out("pve01", "readlink /root/.ssh/authorized_keys")).toBe(
      "/etc/pve/priv/authorized_keys\n",
    );
  });

  it("below /etc/pve cannot be written without quorum, and can be read", async () => {
    lab = await clusterOfTwo();
    lab.power("pve02", false);
    await lab.advance(10);
    const before = lab.site.pmxcfs("pve01").authorizedKeys;
    for (const [script, path] of [
      ["echo x >>/root/.ssh/authorized_keys", "/root/.ssh/authorized_keys"],
      ["echo x >/etc/pve/new", "/etc/pve/new"],
    ]) {
      expect(await lab.run("pve01", script ?? "")).toMatchObject({
        stderr: `bash: ${path}: Permission denied\n`,
        exitCode: 1,
      });
    }
    for (const script of [
      "rm /etc/pve/corosync.conf",
      "cp /etc/hosts /etc/pve/h",
      "mkdir /etc/pve/d",
    ]) {
      expect((await lab.run("pve01", script)).exitCode).not.toBe(0);
    }
    expect(lab.site.pmxcfs("pve01").authorizedKeys).toBe(before);
    expect(await lab.out("pve01", "cat /etc/pve/corosync.conf")).toContain("cluster_name: site");
    expect(await lab.run("pve01", "bash -c 'echo x >/etc/pve/new' || echo handled")).toMatchObject({
      stdout: "handled\n",
    });
  });

  it("of guests disappear with them, on every node", async () => {
    lab = await clusterOfTwo();
    const { guests } = lab.site.pmxcfs("pve01");
    guests["100"] = { vmid: 100, type: "qemu", node: "pve01", config: { memory: "512" } };
    const file = "/etc/pve/nodes/pve01/qemu-server/100.conf";
    expect(await lab.out("pve02", `cat ${file}`)).toBe("memory: 512\n");
    delete guests["100"];
    expect((await lab.run("pve02", `test -e ${file}`)).exitCode).toBe(1);
  });
});

describe("flock", () => {
  it("lets one command at a time have a file", async () => {
    const shell = lab.hosts.shellOf("pve01");
    const first = shell.exec("flock /run/lock/x sh -c 'sleep 10; echo first'", "");
    await lab.clock.advance(100);
    expect(await lab.run("pve01", "flock -n /run/lock/x echo second")).toMatchObject({
      stdout: "",
      stderr: "",
      exitCode: 1,
    });
    expect((await lab.run("pve01", "flock -w 2 -E 75 /run/lock/x echo second")).exitCode).toBe(75);
    expect(await lab.out("pve02", "flock -n /run/lock/x echo elsewhere")).toBe("elsewhere\n");
    expect(await lab.out("pve01", "flock -w 60 /run/lock/x -c 'echo third'")).toBe("third\n");
    expect((await lab.settle(first)).stdout).toBe("first\n");
  });

  it("lets go when its command fails, and ends as it did", async () => {
    expect((await lab.run("pve01", "flock /run/lock/x sh -c 'exit 9'")).exitCode).toBe(9);
    expect(await lab.out("pve01", "flock -n /run/lock/x echo free")).toBe("free\n");
  });

  it("locks an open descriptor until its script ends", async () => {
    const shell = lab.hosts.shellOf("pve01");
    const first = shell.exec("exec 9>/run/lock/y; flock 9; sleep 10; echo first", "");
    await lab.clock.advance(100);
    const second = "( flock -n 9 || exit 75; echo got ) 9>/run/lock/y";
    expect((await lab.run("pve01", second)).exitCode).toBe(75);
    expect((await lab.settle(first)).stdout).toBe("first\n");
    expect(await lab.out("pve01", `${second}; ${second}`)).toBe("got\ngot\n");
  });

  it("refuses a descriptor that is not open rather than lock nothing", async () => {
    expect((await lab.run("pve01", "flock 9")).exitCode).toBe(65);
  });
});

describe("packages and services", () => {
  it("are installed once and found by dpkg-query", async () => {
    const query = "dpkg-query -W -f '${Status}' corosync-qnetd";
    expect(await lab.run("nas", query)).toMatchObject({
      stdout: "",
      stderr: "dpkg-query: no packages found matching corosync-qnetd\n",
      exitCode: 1,
    });
    expect(
      await lab.out("nas", "DEBIAN_FRONTEND=noninteractive apt-get install -y corosync-qnetd"),
    ).toContain("Setting up corosync-qnetd");
    expect(await lab.run("nas", query)).toMatchObject({
      stdout: "install ok installed",
      stderr: "",
      exitCode: 0,
    });
    expect(await lab.out("nas", "apt-get install -y corosync-qnetd")).not.toContain("Setting up");
    expect(await lab.out("nas", "dpkg-query -W corosync-qnetd")).toBe("corosync-qnetd\t3.0.3-2\n");
  });

  it.each([
    ["apt-get install -y nosuch", "E: Unable to locate package nosuch\n", 100],
    ["apt-get frobnicate", "E: Invalid operation frobnicate\n", 100],
    [
      "systemctl start nosuch",
      "Failed to start nosuch.service: Unit nosuch.service not found.\n",
      5,
    ],
    [
      "systemctl enable --now nosuch",
      "Failed to enable unit: Unit nosuch.service does not exist\n",
      1,
    ],
  ])("say what is wrong with %s", async (script, stderr, exitCode) => {
    expect(await lab.run("nas", script)).toMatchObject({ stderr, exitCode });
  });

  it("run until they are stopped", async () => {
    expect(await lab.run("nas", "systemctl is-active nfs-server")).toMatchObject({
      stdout: "active\n",
      exitCode: 0,
    });
    await lab.out("nas", "systemctl stop nfs-server");
    expect(await lab.run("nas", "systemctl is-active nfs-server.service")).toMatchObject({
      stdout: "inactive\n",
      exitCode: 3,
    });
    expect((await lab.run("nas", "systemctl is-active --quiet nfs-server")).stdout).toBe("");
    await lab.out("nas", "systemctl start nfs-server");
    expect((await lab.run("nas", "systemctl is-active nfs-server")).exitCode).toBe(0);
  });
});
