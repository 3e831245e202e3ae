import {
  ADDRESS,
  clusterOfTwo,
  clusterWithWitness,
  type Machines,
} from "../cluster/support/machines";

let lab: Machines;
beforeEach(async () => {
  lab = await clusterOfTwo();
});

describe("a host's clock", () => {
  it("is the site's, or off by as much as the machine is", async () => {
    const now = Math.floor(lab.clock.now() / 1000);
    expect(await lab.out("pve01", "date +%s")).toBe(`${now}\n`);
    lab.site.host("pve01").traits = { clockOffsetMs: 90_500 };
    expect(await lab.out("pve01", "date +%s.%N")).toBe(`${now + 90}.500000000\n`);
    expect(await lab.out("pve01", "timedatectl show -p NTPSynchronized --value")).toBe("no\n");
    expect(await lab.out("pve02", "timedatectl show --property=NTPSynchronized")).toBe(
      "NTPSynchronized=yes\n",
    );
    expect(await lab.out("pve01", "chronyc tracking")).toContain("Not synchronised");
  });

  it.each([
    ["date -d @0 +%FT%T%:z", "1970-01-01T00:00:00%:z\n"],
    ["date -u -d '2026-02-03 04:05:06' '+%a %e %b %j'", "Tue  3 Feb 034\n"],
    ["date -d '2 days ago' +%F", "2025-12-30\n"],
    ["date -Is", "2026-01-01T01:00:00+00:00\n"],
    ["date", "Thu Jan  1 01:00:00 UTC 2026\n"],
  ])("is printed by %s", async (command, text) => {
    expect(await lab.out("pve01", command)).toBe(text);
  });

  it("loses its time server, and chrony says so", async () => {
    lab.site.host("pve01").traits = { timeServer: false };
    expect(await lab.out("pve01", "chronyc sources")).toContain("^? ");
    expect((await lab.run("pve01", "chronyc waitsync 1")).exitCode).toBe(1);
  });
});

describe("timeout", () => {
  it("ends what takes too long with 124, on the site's clock", async () => {
    const before = lab.clock.now();
    expect((await lab.run("pve01", "timeout 1m sleep 600; echo $?")).stdout).toBe("124\n");
    expect(lab.clock.now() - before).toBeLessThan(70_000);
    expect(await lab.run("pve01", "timeout 5 sh -c 'cat; exit 3'", "in\n")).toMatchObject({
      stdout: "in\n",
      exitCode: 3,
    });
  });
});

describe("processor and memory", () => {
  it("have virtualization, unless it is off in the BIOS", async () => {
    const probe =
      "grep -cE 'vmx|svm' /proc/cpuinfo; lscpu | grep -c Virtualization; nproc; test -e /dev/kvm; echo $?";
    expect(await lab.out("pve01", probe)).toBe("4\n1\n4\n0\n");
    lab.site.host("pve01").traits = { virtualization: false };
    expect((await lab.run("pve01", probe)).stdout).toBe("0\n0\n4\n1\n");
  });

  it("are as large as the node's", async () => {
    expect(await lab.out("pve01", "awk '/^MemTotal/{print $2}' /proc/meminfo")).toBe("3932160\n");
    expect(await lab.out("pve01", "free -m | awk '/^Mem/{print $2}'")).toBe("3840\n");
    expect(await lab.out("pve01", "lscpu")).toContain("Architecture:            x86_64\n");
  });
});

describe("who can be reached", () => {
  it("answers a ping, and nobody else", async () => {
    expect(await lab.out("pve01", `ping -c 3 -q ${ADDRESS.nas}`)).toMatch(
      /3 packets transmitted, 3 received, 0% packet loss[^]*rtt min\/avg\/max\/mdev = 0\.\d+\//,
    );
    lab.site.hardware.connect("pve01", "nas", false);
    expect((await lab.run("pve01", `ping -c1 -W2 ${ADDRESS.nas}`)).exitCode).toBe(1);
    expect((await lab.run("pve02", `ping -c1 -W2 ${ADDRESS.nas}`)).exitCode).toBe(0);
    expect(await lab.run("pve01", "ping -c1 nosuch")).toMatchObject({
      stderr: "ping: nosuch: Name or service not known\n",
      exitCode: 2,
    });
  });

  it("listens on the ports of its services", async () => {
    lab = await clusterWithWitness();
    const open = (port: number): string =>
      `nc -zw1 ${ADDRESS.nas} ${port} && echo nc; timeout 2 bash -c ': >/dev/tcp/${ADDRESS.nas}/${port}' && echo bash`;
    expect((await lab.run("pve01", open(5403))).stdout).toBe("nc\nbash\n");
    expect(await lab.run("pve01", open(8006))).toMatchObject({
      stdout: "",
      stderr: `bash: /dev/tcp/${ADDRESS.nas}/8006: Connection refused\n`,
    });
    lab.power("nas", false);
    expect((await lab.run("pve01", open(5403))).stdout).toBe("");
    expect(await lab.out("pve01", "ss -Htln")).toContain("0.0.0.0:8006 ");
  });

  it("is found by /etc/hosts", async () => {
    expect(await lab.out("pve01", "getent hosts pve01")).toBe(
      `${ADDRESS.pve01.padEnd(15)} pve01.lan pve01\n`,
    );
    expect(await lab.out("pve01", "getent ahosts pve01 | awk '{print $1; exit}'")).toBe(
      `${ADDRESS.pve01}\n`,
    );
    expect((await lab.run("pve01", "getent hosts nosuch")).exitCode).toBe(2);
  });
});

describe("network cards", () => {
  it("have their addresses on the bridge", async () => {
    const links = JSON.parse(await lab.out("pve01", "ip -j addr")) as {
      ifname: string;
      operstate: string;
      addr_info: { local: string }[];
    }[];
    expect(links.map(({ ifname }) => ifname)).toEqual([
      "lo",
      "eno1",
      "enp3s0f0",
      "enp3s0f1",
      "vmbr0",
    ]);
    expect(links[4]?.addr_info[0]).toMatchObject({ local: ADDRESS.pve01, prefixlen: 24 });
    expect(await lab.out("pve01", "ip -br addr show vmbr0")).toMatch(
      /^vmbr0 +UP +192\.168\.18\.251\/24/,
    );
    expect(await lab.out("pve01", "ip route show default")).toBe(
      "default via 192.168.18.1 dev vmbr0 proto kernel onlink \n",
    );
    expect(await lab.out("nas", "ip -o -4 addr")).toContain("eno1    inet 192.168.18.200/24");
  });

  it("have the speed of their link, and none without a cable", async () => {
    const speed = "ethtool eno1 | sed -n 's/^\\tSpeed: //p;s/^\\tDuplex: //p'";
    expect(await lab.out("pve01", speed)).toBe("1000Mb/s\nFull\n");
    Object.assign(lab.site.host("pve01"), { linkMbit: 100, traits: { duplex: "half" } });
    expect(await lab.out("pve01", speed)).toBe("100Mb/s\nHalf\n");
    expect(await lab.out("pve01", "cat /sys/class/net/eno1/speed")).toBe("100\n");
    lab.site.hardware.plug("pve01", false);
    expect(await lab.out("pve01", speed)).toBe("Unknown!\nUnknown! (255)\n");
    expect(await lab.out("pve01", "ip -br link show eno1")).toContain("DOWN");
  });
});

describe("journalctl", () => {
  it("has the HA manager's lines, tasks and what logger was told", async () => {
    lab.site.start();
    await lab.advance(30);
    lab.site.stop();
    await lab.out("pve01", "logger -t proxmox-ha 'step join done'");
    expect(await lab.out("pve01", "journalctl -u pve-ha-lrm --no-pager")).toMatch(
      /^Jan 01 01:00:\d\d pve01 pve-ha-lrm\[\d+\]: /,
    );
    expect(await lab.out("pve01", "journalctl -b -t proxmox-ha -o cat -n 1")).toBe(
      "step join done\n",
    );
    expect(await lab.out("pve02", "journalctl -t proxmox-ha")).toBe("-- No entries --\n");
    expect((await lab.run("pve01", "journalctl -g nosuchtext")).exitCode).toBe(1);
  });
});

it("uptime counts from the boot", async () => {
  lab.power("pve02", false);
  lab.power("pve02", true);
  await lab.advance(3_600 * 25);
  expect(await lab.out("pve02", "uptime")).toContain("up 1 day, 1:00, ");
});

describe("files", () => {
  it("are made under a new name, compared and installed", async () => {
    expect(
      await lab.out(
        "pve01",
        "set -e; f=$(mktemp); stat -c %a $f; d=$(mktemp -d /mnt/x.XXXX); stat -c %a $d; echo a >$f; " +
          "install -D -m 600 $f /etc/new/file; stat -c %a /etc/new/file; cmp -s $f /etc/new/file; " +
          "install -d -m 700 /var/tmp/q; stat -c %a /var/tmp/q; realpath /etc/pve/local",
      ),
    ).toBe("600\n700\n600\n700\n/etc/pve/nodes/pve01\n");
    expect((await lab.run("pve01", "cmp -s /etc/hosts /etc/hostname")).exitCode).toBe(1);
  });
});
