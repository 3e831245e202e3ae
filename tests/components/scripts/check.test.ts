import { facts, hostWith, judge, judged, rows, type Case, type State } from "../support/judged";
import { BARE, corosync, INSTALLED, MEMBER } from "../support/machine";

/** Which of the starting points a node is; what else is judged of it has files of its own beside this. */

const FOUNDER = { FOUNDER: "pve02" };

describe("recognition", () => {
  it("takes a bare Debian, and tells what will be done with it", async () => {
    const result = await judged(BARE);
    expect(facts(result, "state")).toEqual(["debian"]);
    expect(facts(result, "will")).toEqual([
      "install Proxmox VE 9 on this Debian",
      "reboot this host into Proxmox's kernel",
      "put the network card that has 192.168.18.100 into a bridge vmbr0, which takes its network away for a second",
      "join cluster mizar; users, storages and jobs that only this node knows are lost then",
      "let pve02 stand for 192.168.18.100 in /etc/hosts",
    ]);
    expect(facts(result, "problem")).toEqual([]);
    expect(facts(result, "warning")).toEqual([]);
    expect(result.code).toBe(0);
  });

  it("goes on with an installation that was cut off", async () => {
    const result = await judged(BARE, {
      "var/lib/proxmox-ha/installing": "",
      "state/packages": "pve-manager\n",
      "state/kernel": "6.17.2-1-pve\n",
    });
    expect(facts(result, "state")).toEqual(["debian"]);
    expect(facts(result, "will").slice(0, 3)).toEqual([
      "install Proxmox VE 9 on this Debian",
      "put the network card that has 192.168.18.100 into a bridge vmbr0, which takes its network away for a second",
      "join cluster mizar; users, storages and jobs that only this node knows are lost then",
    ]);
  });

  it("takes a Proxmox VE that is alone, and one that was purged", async () => {
    const alone = await judged(INSTALLED, {}, FOUNDER);
    expect(facts(alone, "state")).toEqual(["installed"]);
    expect(facts(alone, "version")).toEqual(["9.1.3"]);
    expect(facts(alone, "will")).toEqual(["create cluster mizar"]);
    expect(alone.code).toBe(0);
    const purged = hostWith(BARE);
    purged.command("dpkg-query", "printf 'deinstall ok config-files'");
    expect(facts(await judge(purged), "state")).toEqual(["debian"]);
  });

  it("takes a member as it is", async () => {
    const result = await judged(MEMBER);
    expect(facts(result, "state")).toEqual(["member"]);
    expect(facts(result, "will")).toEqual([]);
    expect(result.stderr).toContain("pve02: is a member of mizar, and stays as it is\n");
    expect(result.code).toBe(0);
  });

  it.each([
    ["member list", { "etc/pve/corosync.conf": corosync("mizar", ["pve01"]) }],
    [
      "local configuration",
      { "etc/pve/corosync.conf": undefined, "etc/pve/nodes/pve02/config": undefined },
    ],
    ["mark of the join", { "var/lib/proxmox-ha/join": "" }],
    [
      "mark of the join alone",
      {
        "var/lib/proxmox-ha/join": "",
        "etc/pve/corosync.conf": undefined,
        "etc/corosync/corosync.conf": undefined,
        "etc/pve/nodes/pve02/config": undefined,
      },
    ],
  ] as [string, State][])("finishes a join that was cut short: %s", async (_where, changes) => {
    const joiner = await judged(MEMBER, changes);
    expect(facts(joiner, "state")).toEqual(["installed"]);
    expect(facts(joiner, "will")).toEqual([
      "finish the join to cluster mizar, which was cut short",
    ]);
    expect(facts(joiner, "problem")).toEqual([]);
    const founder = await judged(MEMBER, changes, FOUNDER);
    expect(facts(founder, "will")).toEqual(["finish the creation of cluster mizar"]);
  });
});

const REFUSED: Case[] = [
  [
    "a member of another cluster",
    MEMBER,
    { "etc/pve/corosync.conf": corosync("alcor", ["pve02"]) },
    "this node is in cluster alcor, not in mizar\tif alcor is the cluster that you mean, set site.cluster.name to it; otherwise take the node out of it and install it anew",
  ],
  [
    "remains of another cluster",
    INSTALLED,
    { "etc/corosync/corosync.conf": corosync("alcor", ["pve02"]) },
    "/etc/corosync/corosync.conf is of cluster alcor, not of mizar\tinstall this node anew, or correct site.cluster.name",
  ],
  [
    "a joiner that has guests",
    INSTALLED,
    { "etc/pve/local/qemu-server/104.conf": "", "etc/pve/local/lxc/200.conf": "" },
    "a node that joins a cluster must have no guests; here are: 104 200\tback them up, remove them here and restore them in the cluster; or let this node found it: site.cluster.founder",
  ],
  [
    "another release of Proxmox VE",
    INSTALLED,
    { "state/version-pve-manager": "8.4.1" },
    "Proxmox VE 8 runs here, the site file says release 9\tbring all nodes to the same release, as Proxmox describes the upgrade; or correct site.cluster.release",
  ],
  [
    "another release of Debian",
    BARE,
    { "etc/os-release": 'ID=debian\nVERSION_ID="12"\n' },
    "debian 12 runs here; Proxmox VE 9 needs Debian 13\tinstall Debian 13, or Proxmox VE 9 with its own installer",
  ],
  [
    "a Debian under development",
    BARE,
    { "etc/os-release": "ID=debian\n" },
    "debian without a release runs here; Proxmox VE 9 needs Debian 13\tinstall Debian 13, or Proxmox VE 9 with its own installer",
  ],
  [
    "what is no Debian",
    BARE,
    { "etc/os-release": 'ID=ubuntu\nID_LIKE=debian\nVERSION_ID="13.04"\n' },
    "ubuntu 13 runs here; Proxmox VE 9 needs Debian 13\tinstall Debian 13, or Proxmox VE 9 with its own installer",
  ],
];

describe("a host that is something else is refused", () => {
  it.each(rows(REFUSED))("%s", async (_what, base, changes, problem, variables) => {
    const result = await judged(base, changes, variables);
    expect(facts(result, "state")).toEqual(["refused"]);
    expect(facts(result, "problem")).toEqual([problem]);
    expect(facts(result, "will").join()).not.toMatch(/install|reboot|create|join/);
    expect(result.code).toBe(1);
    const [what = "", remedy = ""] = problem.split("\t");
    expect(result.stderr).toContain(`pve02: problem: ${what}\n  What to do: ${remedy}\n`);
    expect(result.stderr).toMatch(
      /\n\npve02: step cluster-check failed: 1 problem\(s\), told above\n {2}What to do: solve them, then run this again; nothing has been changed on this host\n$/,
    );
  });

  it("a Proxmox VE that is installed only in part, and not by us", async () => {
    const host = hostWith(BARE);
    host.command("dpkg-query", "printf 'install ok half-configured'");
    const result = await judge(host);
    expect(facts(result, "problem")[0]).toBe(
      "Proxmox VE is installed here only in part\tcomplete it on this host: dpkg --configure -a; then run this again",
    );
    expect(facts(result, "state")).toEqual(["refused"]);
  });

  it("but the founder may have guests", async () => {
    const result = await judged(INSTALLED, { "etc/pve/local/qemu-server/104.conf": "" }, FOUNDER);
    expect(facts(result, "problem")).toEqual([]);
  });
});

describe("judging", () => {
  it.each([
    ["bare Debian", BARE],
    ["Proxmox VE", INSTALLED],
    ["member", MEMBER],
  ])("writes nothing on a %s, and ends with the clock", async (_what, base) => {
    const host = hostWith(base);
    const files = host.files();
    const result = await judge(host);
    expect(host.files()).toEqual(files);
    expect(result.stdout.trim().split("\n").at(-1)).toBe("clock\t1767225600.250000000");
    expect(facts(result, "checklist")).toEqual([
      "in the BIOS: the machine starts by itself when the power comes back (often called AC power loss: on)",
    ]);
  });

  it("looks at no lock, port or firewall of a member that lacks nothing", async () => {
    const { calls } = await judged(MEMBER, { "state/locks": "7 apt /var/lib/dpkg/lock\n" });
    const names = calls.map(([name]) => name);
    expect(names).not.toContain("lslocks");
    expect(names).not.toContain("ss");
    expect(names).not.toContain("systemctl");
  });

  it("tells that a member will get the QDevice's package", async () => {
    const result = await judged(MEMBER, { "state/packages": "pve-manager\n" });
    expect(facts(result, "will")).toEqual(["install corosync-qdevice"]);
    expect(
      facts(
        await judged(MEMBER, { "state/packages": "pve-manager\n" }, { WITNESS_ADDRESS: "" }),
        "will",
      ),
    ).toEqual([]);
  });

  it("says how corosync's ports are tried", async () => {
    const { stderr } = await judged(BARE);
    expect(stderr).toContain("pve02: UDP ports 5405 to 5412 cannot be tried before corosync runs");
  });
});
