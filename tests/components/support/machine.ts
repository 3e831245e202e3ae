/**
 * A machine as scripts see it that only look: what the kernel and Debian's commands answer. The commands print what lies
 * in their file below `state`. Their answers have the form that these manuals describe: df(1), lslocks(8), ss(8),
 * ip-address(8), ping(8), timedatectl(1), chronyc(1), apt-cache(8), getent(1); /proc and /sys that of proc(5) and sysfs.
 */
export const LOOKS: Record<string, string> = {
  "apt-cache": `cat "$state/policy-$2"`,
  chronyc: `cat "$state/sources"`,
  date: `cat "$state/now"`,
  df: `[ -e "$state/free" ] || exit 1
echo "Filesystem 1024-blocks Used Available Capacity Mounted on"
echo "/dev/sda1 100000000 20480 $(cat "$state/free") 1% /"`,
  dpkg: `cat "$state/architecture"`,
  getent: `grep " $2\\( \\|$\\)" "$ROOT/etc/hosts" | sed 's/ .*/ STREAM/'`,
  hostname: `cat "$state/hostname"`,
  id: `cat "$state/uid"`,
  ip: `cat "$state/addresses"`,
  lslocks: `cat "$state/locks"`,
  ping: `cat "$state/ping"`,
  ss: `cat "$state/\${1#-Hnlp}"`,
  timedatectl: `cat "$state/synchronized"`,
  // A port that \`state/ports\` does not name is open.
  timeout: `shift
case "$3" in
  *"/dev/tcp/"*)
    port="\${3##*/dev/tcp/}"
    case "$(sed -n "s,^$port ,,p" "$state/ports")" in
      refused) echo "bash: connect: Connection refused" >&2; exit 1 ;;
      silent) exit 124 ;;
    esac
    ;;
  *) exec "$@" ;;
esac`,
  uname: `cat "$state/kernel"`,
};

/** What ping(8) -q ends with. */
export const ping = (average: string, loss = 0): string =>
  `5 packets transmitted, ${5 - loss / 20} received, ${loss}% packet loss, time 1205ms\nrtt min/avg/max/mdev = 0.180/${average}/9.999/0.020 ms\n`;

/** pve02 of the reference site with Debian 13, as its installer leaves it. */
export const BARE: Record<string, string> = {
  "etc/hosts": "127.0.0.1 localhost\n127.0.1.1 pve02.lan pve02\n",
  "etc/network/interfaces": "iface eno1 inet static\n\taddress 192.168.18.100/24\n",
  "etc/os-release": 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nVERSION_ID="13"\nID=debian\n',
  "proc/cpuinfo": [0, 1, 2, 3]
    .map((index) => `processor\t: ${index}\nflags\t\t: fpu vme nx lm vmx sse4_1\n\n`)
    .join(""),
  "proc/meminfo": "MemTotal:       16252928 kB\nMemFree:         9000000 kB\n",
  "sys/class/net/eno1/device": "",
  "sys/class/net/eno1/duplex": "full\n",
  "sys/class/net/eno1/speed": "1000\n",
  "state/addresses":
    "1: lo    inet 127.0.0.1/8 scope host lo\n2: eno1    inet 192.168.18.100/24 scope global eno1\n",
  "state/architecture": "amd64\n",
  "state/free": "20000000\n",
  "state/hostname": "pve02\n",
  "state/kernel": "6.12.48+deb13-amd64\n",
  "state/locks": "",
  "state/now": "1767225600.250000000\n",
  "state/ping": ping("0.250"),
  "state/policy-apt":
    "apt:\n  Installed: 3.0.3\n  Candidate: 3.0.3\n        500 http://deb.debian.org/debian trixie/main amd64 Packages\n",
  "state/policy-corosync-qnetd": "corosync-qnetd:\n  Installed: (none)\n  Candidate: 3.0.3-2\n",
  "state/ports": "192.168.18.200/5403 refused\n",
  "state/sources": "MS Name/IP address\n====\n^* 192.168.18.1 2 6 377 20 +12us\n",
  "state/synchronized": "yes\n",
  "state/t": 'LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=610,fd=3))\n',
  "state/u": "",
  "state/uid": "0\n",
};

/** The same with Proxmox VE 9 from its installer. */
export const INSTALLED: Record<string, string> = {
  ...BARE,
  "dev/kvm": "",
  "etc/hosts": "127.0.0.1 localhost\n192.168.18.100 pve02.lan pve02\n",
  "etc/network/interfaces":
    "iface vmbr0 inet static\n\taddress 192.168.18.100/24\n\tbridge-ports eno1\n",
  "etc/pve/nodes/pve02/config": "",
  "state/packages": "pve-manager\n",
  "state/version-pve-manager": "9.1.3",
  "state/kernel": "6.17.2-1-pve\n",
  "state/t": 'LISTEN 0 4096 *:8006 *:* users:(("pveproxy worker",pid=1100,fd=6))\n',
};

/** corosync.conf(5) as pvecm writes it. */
export const corosync = (name: string, nodes: string[], device = ""): string =>
  `nodelist {\n${nodes.map((node) => `  node {\n    name: ${node}\n  }\n`).join("")}}\nquorum {\n${device}}\ntotem {\n  cluster_name: ${name}\n}\n`;

/** The same in the cluster, with the QDevice. */
export const MEMBER: Record<string, string> = {
  ...INSTALLED,
  "etc/pve/corosync.conf": corosync("mizar", ["pve01", "pve02"], "  device {\n  }\n"),
  "etc/corosync/corosync.conf": corosync("mizar", ["pve01", "pve02"], "  device {\n  }\n"),
  "etc/corosync/authkey": "KEY",
  "state/packages": "pve-manager\ncorosync-qdevice\n",
  "state/ports": "",
  "state/u": 'UNCONN 0 0 192.168.18.100:5405 0.0.0.0:* users:(("corosync",pid=900,fd=27))\n',
};
