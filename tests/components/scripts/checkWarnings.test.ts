import {
  type Case,
  facts,
  hostWith,
  judge,
  judged,
  REACH_REMEDY,
  rows,
  STATIC_REMEDY,
  without,
} from "../support/judged";
import { BARE, INSTALLED, MEMBER, ping } from "../support/machine";

const TIME =
  "look at: timedatectl, and chronyc sources; a time server must be reachable on UDP port 123";

const WARNINGS: Case[] = [
  [
    "little memory",
    BARE,
    { "proc/meminfo": "MemTotal:        3932160 kB\n" },
    "this machine has only 3.75 GiB of memory\tfew guests find room here; more memory helps",
    { MEMORY: "4026531840" },
  ],
  [
    "a member's disk that fills up",
    MEMBER,
    { "state/free": `${1000 * 1024}\n` },
    "only 1000 MiB are free at / (used: 20 of 97656 MiB), 2048 MiB are needed\tmake room; what takes it is shown by: du -xh -d 2 / | sort -h | tail",
  ],
  [
    "a cluster without quorum",
    MEMBER,
    { "state/status": "Quorate:          No\n" },
    "the cluster has no quorum, or does not answer\tlook at: pvecm status",
  ],
  [
    "a firewall",
    BARE,
    { "state/services": "ufw\n" },
    "a firewall is active: ufw\tlet the other hosts of the site reach TCP ports 22, 8006 and 60000 to 60050, and UDP ports 5405 to 5412, or switch it off: systemctl disable --now ufw",
  ],
  [
    "a clock that nobody sets",
    BARE,
    { "state/synchronized": "no\n" },
    `no time server sets the clock\t${TIME}`,
  ],
  [
    "time servers that do not answer",
    INSTALLED,
    { "state/sources": "MS Name/IP address\n====\n^? 192.168.18.1 0 6 0 - +0ns\n" },
    `no time server answers\t${TIME}`,
  ],
  [
    "a member's address from DHCP",
    MEMBER,
    { "state/addresses": "2: eno1    inet 192.168.18.100/24 scope global dynamic eno1\n" },
    `the address 192.168.18.100 comes from a DHCP server; a node has to keep its address\t${STATIC_REMEDY}`,
  ],
  [
    "a slow link",
    BARE,
    { "sys/class/net/eno1/speed": "100\n" },
    "network card eno1 is linked at 100 Mbit/s; disks over NFS, migrations and backups need a gigabit\tcheck the cable (all eight wires), the port of the switch, and the card",
  ],
  [
    "a half duplex link",
    BARE,
    { "sys/class/net/eno1/duplex": "half\n" },
    "network card eno1 works at half duplex\tlet the port of the switch negotiate by itself, and change the cable",
  ],
  [
    "a card without a speed",
    BARE,
    { "sys/class/net/eno1/speed": "-1\n" },
    "link speed was not checked: network card eno1 does not tell it\tcheck its cable; see: ip link show eno1",
  ],
  [
    "an address behind no card",
    BARE,
    { "sys/class/net/eno1/device": undefined },
    "link speed was not checked: no network card stands behind eno1\tnone, if this machine is a virtual one",
  ],
  [
    "a way that is rather long",
    BARE,
    { "state/ping": ping("5.012") },
    "packets to pve01 (192.168.18.251) and back take 5 ms; corosync wants less than 5 ms\tlook for what loads or lengthens the way between the two",
  ],
  [
    "packets that get lost",
    BARE,
    { "state/ping": ping("0.300", 20) },
    "20 % of the packets to pve01 (192.168.18.251) get lost\tcheck cables and switch",
  ],
  [
    "no answer to a ping",
    BARE,
    { "state/ping": "5 packets transmitted, 0 received, 100% packet loss, time 1205ms\n\n" },
    "the latency to pve01 (192.168.18.251) was not checked: it does not answer a ping\tlet ICMP echo pass between the nodes",
  ],
  [
    "another member that is away",
    MEMBER,
    { "state/ports": "192.168.18.251/22 silent\n" },
    `pve01 (192.168.18.251) cannot be reached from this host (TCP port 22)\t${REACH_REMEDY}`,
  ],
  [
    "a witness that does not count",
    MEMBER,
    { "state/ports": "192.168.18.200/5403 refused\n" },
    "corosync-qnetd does not run on the witness (192.168.18.200)\tlook there at: systemctl status corosync-qnetd",
  ],
];

describe("a warning, and no problem", () => {
  it.each(rows(WARNINGS))("%s", async (_what, base, changes, warning, variables) => {
    const result = await judged(base, changes, variables);
    expect(facts(result, "warning")).toEqual([warning]);
    expect(facts(result, "problem")).toEqual([]);
    expect(result.code).toBe(0);
  });
});

describe("what cannot be seen without a tool", () => {
  it.each([
    [
      "lslocks",
      "whether another program installs packages was not checked: this host has no lslocks",
      "util-linux",
    ],
    ["ip", "whether this host has its addresses was not checked: this host has no ip", "iproute2"],
    ["ping", "the latency to pve01 was not checked: this host has no ping", "iputils-ping"],
  ])("is said not to be checked: %s", async (tool, told, name) => {
    const result = await judge(without(hostWith(BARE), tool));
    expect(facts(result, "warning")).toEqual([
      `${told}\tinstall it if you want to know: apt-get install ${name}`,
    ]);
    expect(result.code).toBe(0);
  });

  it("is said once for each port", async () => {
    const result = await judge(without(hostWith(BARE), "ss"));
    expect(facts(result, "warning")).toEqual([
      "which ports are taken was not checked: this host has no ss\tinstall it if you want to know: apt-get install iproute2",
    ]);
  });

  it("is said of the clock only where neither timedatectl nor chronyc answers", async () => {
    expect(facts(await judge(without(hostWith(BARE), "chronyc")), "warning")).toEqual([]);
    expect(facts(await judge(without(hostWith(BARE), "timedatectl")), "warning")).toEqual([]);
    const neither = await judge(without(hostWith(BARE), "chronyc", "timedatectl"));
    expect(facts(neither, "warning")).toEqual([
      "whether a time server sets the clock was not checked: this host has no timedatectl that answers\tinstall it if you want to know: apt-get install systemd-timesyncd",
    ]);
  });

  it("is said of a disk that df does not know", async () => {
    const result = await judged(BARE, { "state/free": undefined });
    expect(facts(result, "warning")).toContain(
      "disk space was not checked: df says nothing of /\tlook at: df /",
    );
  });
});

describe("a link's cards", () => {
  it("are looked for below VLANs, bridges and bonds, and guests' cards are none", async () => {
    const net = "sys/class/net";
    const result = await judged(INSTALLED, {
      "state/addresses": "7: vmbr0.5    inet 192.168.18.100/24 scope global vmbr0.5\n",
      [`${net}/vmbr0.5/lower_vmbr0`]: "",
      [`${net}/vmbr0/lower_bond0`]: "",
      [`${net}/vmbr0/lower_tap104i0`]: "",
      [`${net}/tap104i0/speed`]: "10\n",
      [`${net}/bond0/lower_eno1`]: "",
      [`${net}/bond0/lower_eno2`]: "",
      [`${net}/eno2/device`]: "",
      [`${net}/eno2/speed`]: "100\n",
      [`${net}/eno2/duplex`]: "full\n",
    });
    expect(facts(result, "warning").map((line) => line.split("\t")[0])).toEqual([
      "network card eno2 is linked at 100 Mbit/s; disks over NFS, migrations and backups need a gigabit",
    ]);
  });
});
