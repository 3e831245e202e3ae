import { type Case, facts, judged, REACH_REMEDY, rows, STATIC_REMEDY } from "../support/judged";
import { BARE, INSTALLED, MEMBER, ping } from "../support/machine";

const PROBLEMS: Case[] = [
  [
    "a user that is not root",
    BARE,
    { "state/uid": "1000\n" },
    "the user that logs in is not root\tlet root log in with the key that proxmox-ha:ssh names",
  ],
  [
    "a cluster file system that does not run",
    INSTALLED,
    { "etc/pve/nodes/pve02/config": undefined },
    "Proxmox VE's cluster file system does not run\tlook at: systemctl status pve-cluster; the node's name has to stand for its address in /etc/hosts",
  ],
  [
    "an authkey on a joiner that is in no cluster",
    INSTALLED,
    { "etc/corosync/authkey": "KEY" },
    "/etc/corosync/authkey is left over from another cluster, and nobody can join with it\tif this node is in no cluster: rm /etc/corosync/authkey",
  ],
  [
    "another name",
    BARE,
    { "state/hostname": "debian.lan\n" },
    "this host calls itself debian, the site file calls it pve02\tbefore there is a cluster: hostnamectl set-hostname pve02, and the name in /etc/hosts; or correct the name in the site file",
  ],
  [
    "a name that stands for 127.0.1.1 on a Proxmox VE",
    INSTALLED,
    { "etc/hosts": "192.168.18.100 pve02\n127.0.1.1 pve02.lan pve02\n" },
    "the name pve02 does not stand for 192.168.18.100, or for a loopback address too\tin /etc/hosts, write 192.168.18.100 before this name and take it out of the line of 127.0.1.1; see: getent ahosts pve02",
  ],
  [
    "a name that stands for nothing on a member",
    MEMBER,
    { "etc/hosts": "127.0.0.1 localhost\n" },
    "the name pve02 does not stand for 192.168.18.100, or for a loopback address too\tin /etc/hosts, write 192.168.18.100 before this name and take it out of the line of 127.0.1.1; see: getent ahosts pve02",
  ],
  [
    "another node's name with another address",
    BARE,
    { "etc/hosts": "127.0.1.1 pve02\n192.168.18.25 pve01 # old\n" },
    "/etc/hosts gives pve01 another address than 192.168.18.251: 192.168.18.25 pve01 \tcorrect this line, or the address in the site file",
  ],
  [
    "a 32 bit Debian",
    BARE,
    { "state/architecture": "i386\n" },
    "the system is not 64 bit\tinstall Debian 13 for amd64",
  ],
  [
    "a 32 bit machine",
    BARE,
    {
      "state/architecture": "i386\n",
      "proc/cpuinfo":
        "processor: 0\nprocessor: 1\nprocessor: 2\nprocessor: 3\nflags\t\t: fpu vmx\n",
    },
    "this machine is not 64 bit\ttake another machine: Proxmox VE needs x86-64",
  ],
  [
    "virtualization that the processor does not show",
    BARE,
    { "proc/cpuinfo": BARE["proc/cpuinfo"]?.replace(/vmx /g, "") },
    "hardware virtualization is off\tswitch VT-x / AMD-V on in the BIOS (Intel Virtualization Technology, or SVM Mode)",
  ],
  [
    "virtualization that the BIOS has locked, on a Proxmox VE",
    INSTALLED,
    { "dev/kvm": undefined },
    "hardware virtualization is off\tswitch VT-x / AMD-V on in the BIOS (Intel Virtualization Technology, or SVM Mode)",
  ],
  [
    "fewer processors",
    BARE,
    {},
    "this machine has 4 processors, the site file says 8\tcorrect site.nodes.pve02.cpus",
    { CPUS: "8" },
  ],
  [
    "less memory by more than a twentieth",
    BARE,
    {},
    "this machine reports 15.50 GiB of memory, the site file says 16.50 GiB\tcorrect site.nodes.pve02.memory (see: free -b), or look for a module that is missing",
    { MEMORY: String(16.5 * 1024 ** 3) },
  ],
  [
    "no room for Proxmox VE",
    BARE,
    { "state/free": `${5119 * 1024}\n` },
    "only 5119 MiB are free at / (used: 20 of 97656 MiB), 5120 MiB are needed\tmake room; what takes it is shown by: du -xh -d 2 / | sort -h | tail",
  ],
  [
    "no room on a Proxmox VE",
    INSTALLED,
    { "state/free": `${2047 * 1024}\n` },
    "only 2047 MiB are free at / (used: 20 of 97656 MiB), 2048 MiB are needed\tmake room; what takes it is shown by: du -xh -d 2 / | sort -h | tail",
  ],
  [
    "apt's lock",
    BARE,
    { "state/locks": "812 cron /run/crond.pid\n901 unattended-upgr /var/lib/dpkg/lock-frontend\n" },
    "packages cannot be installed: unattended-upgr (process 901) holds apt's lock\twait until it has ended, then run this again; never remove the lock file (/var/lib/dpkg/lock-frontend)",
  ],
  [
    "apt's lock on a member that lacks corosync-qdevice",
    MEMBER,
    { "state/packages": "pve-manager\n", "state/locks": "77 apt-get /var/lib/apt/lists/lock\n" },
    "packages cannot be installed: apt-get (process 77) holds apt's lock\twait until it has ended, then run this again; never remove the lock file (/var/lib/apt/lists/lock)",
  ],
  [
    "a stranger on Proxmox VE's port",
    BARE,
    { "state/t": 'LISTEN 0 511 *:8006 *:* users:(("nginx",pid=712,fd=6))\n' },
    'TCP port 8006 is taken by "nginx",pid=712; pveproxy needs it\tstop that service, or let it listen elsewhere; see: ss -nlpt',
  ],
  [
    "a stranger on corosync's port",
    INSTALLED,
    { "state/u": "UNCONN 0 0 0.0.0.0:5405 0.0.0.0:*\n" },
    "UDP port 5405 is taken by an unknown process; corosync needs it\tstop that service, or let it listen elsewhere; see: ss -nlpu",
  ],
  [
    "a drop-in that keeps root out from sshd's next start on",
    MEMBER,
    {
      "etc/ssh/sshd_config.d/10-hardening.conf": "X11Forwarding no\npermitrootlogin   no\n",
      "etc/ssh/sshd_config.d/20-match.conf": "Match User guest\n  PermitRootLogin no\n",
      "etc/ssh/sshd_config.d/30-keys.conf": "PermitRootLogin prohibit-password\n",
    },
    "/etc/ssh/sshd_config.d/10-hardening.conf forbids root to log in, whatever /etc/ssh/sshd_config says, from the next start of sshd on\twrite PermitRootLogin prohibit-password there (keys are enough), then: systemctl reload ssh",
  ],
  [
    "a link's address on no card",
    BARE,
    {},
    "no network card of this host has the address 10.0.0.2\tconfigure it in /etc/network/interfaces, or correct site.nodes.pve02.link1",
    { LINKS: "192.168.18.100 10.0.0.2" },
  ],
  [
    "an address that begins like another one",
    INSTALLED,
    { "state/addresses": "2: eno1    inet 192.168.18.10/24 scope global eno1\n" },
    "no network card of this host has the address 192.168.18.100\tconfigure it in /etc/network/interfaces, or correct site.nodes.pve02.address",
  ],
  [
    "an address from DHCP on a bare Debian",
    BARE,
    {
      "state/addresses":
        "2: eno1    inet 192.168.18.100/24 brd 192.168.18.255 scope global dynamic eno1\n",
    },
    `the address 192.168.18.100 comes from a DHCP server; a node has to keep its address\t${STATIC_REMEDY}`,
  ],
  [
    "an address that another service sets",
    BARE,
    { "etc/network/interfaces": "iface eno1 inet static\n\taddress 192.168.18.10/24\n" },
    `/etc/network/interfaces does not set 192.168.18.100\t${STATIC_REMEDY}`,
  ],
  [
    "another node that is silent",
    BARE,
    { "state/ports": "192.168.18.251/22 silent\n192.168.18.200/5403 refused\n" },
    `pve01 (192.168.18.251) cannot be reached from this host (TCP port 22)\t${REACH_REMEDY}`,
  ],
  [
    "another node's second link that is silent",
    INSTALLED,
    { "state/ports": "10.0.0.1/22 silent\n192.168.18.200/5403 refused\n" },
    `pve01 (10.0.0.1) cannot be reached from this host (TCP port 22)\t${REACH_REMEDY}`,
    { NODES: "pve01=192.168.18.251,10.0.0.1 pve02=192.168.18.100,10.0.0.2" },
  ],
  [
    "another node without SSH",
    BARE,
    { "state/ports": "192.168.18.251/22 refused\n192.168.18.200/5403 refused\n" },
    "pve01 (192.168.18.251) refuses SSH from this host (TCP port 22)\tstart it there: systemctl enable --now ssh",
  ],
  [
    "a witness that is silent",
    BARE,
    { "state/ports": "192.168.18.200/22 silent\n" },
    `the witness (192.168.18.200) cannot be reached from this host (TCP port 22)\t${REACH_REMEDY}`,
  ],
  [
    "a firewall before the witness's port",
    BARE,
    { "state/ports": "192.168.18.200/5403 silent\n" },
    "TCP port 5403 of the witness (192.168.18.200) is closed by a firewall\tlet the nodes reach it: nothing else counts the witness's vote",
  ],
  [
    "a long way to another node",
    BARE,
    { "state/ping": ping("10.000") },
    "packets to pve01 (192.168.18.251) and back take 10 ms; corosync does not work reliably above 10 ms\tgive the nodes a network of their own with less than 5 ms",
  ],
];

describe("a problem", () => {
  it.each(rows(PROBLEMS))("%s", async (_what, base, changes, problem, variables) => {
    const result = await judged(base, changes, variables);
    expect(facts(result, "problem")).toEqual([problem]);
    expect(result.code).toBe(1);
  });

  it("is told with all others at once, and everything a program reads is one line", async () => {
    const result = await judged(BARE, {
      "state/uid": "1000\n",
      "state/free": "0\n",
      "state/hostname": "debian\n",
      "etc/hosts": "10.1.1.1 pve01\n10.1.1.2\tpve01\n127.0.1.1 pve02\n",
    });
    expect(facts(result, "problem")).toHaveLength(5);
    expect(facts(result, "problem").join("\n")).toContain(
      "another address than 192.168.18.251: 10.1.1.1 pve01 10.1.1.2 pve01\t",
    );
    expect(result.stderr).toContain("step cluster-check failed: 5 problem(s), told above\n");
    expect(result.code).toBe(1);
  });
});
