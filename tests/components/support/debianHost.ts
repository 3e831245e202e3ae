import { createHash } from "node:crypto";
import { packageVariables } from "../../../components/cluster/packages";
import type { RemoteScriptArgs } from "../../../components/remoteScript";
import { Host } from "./host";

/** What stands for Proxmox's keyring. */
const KEYRING = "keyring\n";

/**
 * A bare Debian 13 as the scripts see it that make Proxmox VE of it. `state/packages` has a package and its status a line,
 * `state/debconf-PACKAGE` what debconf-show(1) prints. Answers and exit codes are those of apt 3.0, dpkg 1.22 and debconf
 * 1.5.91 in Debian 13, and of the manuals of systemd-run(1), systemctl(1), findmnt(8), lsblk(8) and hostname(1); which
 * packages come with which is Proxmox's (debian/control of pve-manager and proxmox-ve).
 */
const COMMANDS: Record<string, string> = {
  "apt-get": `
[ "$DEBIAN_FRONTEND" = noninteractive ] || { echo "debconf: unable to initialize frontend" >&2; exit 100; }
verb=""; words=()
while [ $# -gt 0 ]; do
  case "$1" in
    -o) shift ;;
    -*) ;;
    *) if [ -z "$verb" ]; then verb="$1"; else words+=("$1"); fi ;;
  esac
  shift
done
sources="$ROOT/etc/apt/sources.list.d"
if [ "$verb" = update ]; then
  if [ -e "$sources/pve-enterprise.sources" ] && ! grep -q "Enabled: no" "$sources/pve-enterprise.sources"; then
    echo "E: Failed to fetch https://enterprise.proxmox.com/debian/pve/dists/trixie/InRelease  401  Unauthorized" >&2
    exit 100
  fi
  [ ! -e "$sources/proxmox.sources" ] || echo proxmox >"$state/lists"
  exit 0
fi
if grep -q ' unpacked$' "$state/packages"; then
  echo "E: dpkg was interrupted, you must manually run 'dpkg --configure -a' to correct the problem." >&2
  exit 100
fi
add() { grep -q "^$1 " "$state/packages" || echo "$1 installed" >>"$state/packages"; }
for word in "\${words[@]}"; do
  case "$verb $word" in
    "install proxmox-"*) [ -s "$state/lists" ] || { echo "E: Unable to locate package $word" >&2; exit 100; } ;;
    "purge "*) sed -i "/^$word /d" "$state/packages" ;;
  esac
  [ "$verb" != install ] || add "$word"
  if [ "$verb $word" = "install proxmox-ve" ]; then
    for other in pve-manager nfs-common proxmox-archive-keyring; do add "$other"; done
    [ -e "$sources/pve-enterprise.sources" ] || printf 'Types: deb\\nURIs: https://enterprise.proxmox.com/debian/pve\\n' >"$sources/pve-enterprise.sources"
  fi
done`,
  "apt-helper": `[ "$3" = download-file ] && printf 'keyring\\n' >"$5"`,
  "debconf-set-selections": `
while read -r package question type answer; do
  echo "* $question: $answer" >>"$state/debconf-$package"
done <"$1"`,
  "debconf-show": `cat "$state/debconf-$1" 2>/dev/null`,
  dpkg: `sed -i 's/ unpacked$/ installed/' "$state/packages"`,
  "dpkg-query": `
format="$3"; shift 3; code=1
for pattern in "$@"; do
  while read -r package status; do
    [[ "$package" == $pattern ]] || continue
    code=0
    case "$format" in
      *Package*) echo "$package install ok $status" ;;
      *) printf 'install ok %s' "$status" ;;
    esac
  done <"$state/packages"
done
exit "$code"`,
  findmnt: `cat "$state/boot"`,
  hostname: `sed -n 's/^\\([0-9.]*\\)[[:space:]].*pve01$/\\1/p' "$ROOT/etc/hosts"`,
  lsblk: `cat "$state/disks"`,
  pveversion: `echo "pve-manager/9.1.3/x (running kernel: 6.17.2-1-pve)"`,
  rm: `/bin/rm "$@"`,
  sha256sum: `/usr/bin/sha256sum "$@"`,
  systemctl: `[ "$1" != is-active ] || grep -q '^pve-manager installed' "$state/packages"`,
  "systemd-run": `echo "Running timer as unit: run-p1-i1.timer" >&2`,
  timeout: `[ "$1" != -k ] || shift 2
shift
exec "$@"`,
  uname: `cat "$state/kernel"`,
  "update-grub": `:`,
};

export const DEBIAN_KERNEL = "6.12.48+deb13-amd64\n";
export const PROXMOX_KERNEL = "6.17.2-1-pve\n";

/** As Debian's installer leaves it, with a static address. */
const DEBIAN: Record<string, string> = {
  "etc/apt/sources.list.d/debian.sources": "Types: deb\nURIs: http://deb.debian.org/debian\n",
  "etc/hosts": "127.0.0.1\tlocalhost\n127.0.1.1\tpve01.lan\tpve01\n",
  "etc/network/interfaces": "iface eno1 inet static\n  address 192.168.18.251/24\n",
  "usr/share/keyrings/debian-archive-keyring.gpg": "Debian's\n",
  "state/boot": "/dev/md0\n",
  "state/disks":
    "/dev/md0 raid1\n/dev/sda3 part\n/dev/sda disk\n/dev/sdb3 part\n/dev/sdb disk\n/dev/sda disk\n",
  "state/kernel": DEBIAN_KERNEL,
  "state/lists": "",
  "state/packages": `${["ca-certificates", "grub-pc", "linux-image-6.12.48+deb13-amd64", "linux-image-amd64", "os-prober"].map((name) => `${name} installed\n`).join("")}`,
};

export class DebianHost extends Host {
  constructor(state: Record<string, string> = {}) {
    super({ ...DEBIAN, ...state });
    for (const [name, body] of Object.entries(COMMANDS)) this.command(name, body);
  }

  /** Lets a command that is one of these fail when its arguments have these words. */
  failing(command: string, words: string, message: string, code = 100): void {
    this.command(
      command,
      `case " $* " in *" ${words} "*) echo "${message}" >&2; exit ${code};; esac\n${COMMANDS[command] ?? ""}`,
    );
  }
}

const step = (script: string): RemoteScriptArgs => ({
  host: "pve01",
  script,
  parts: ["cluster/parts/bare", "cluster/parts/packages"],
  variables: {
    ADDRESS: "192.168.18.251",
    HOSTS: "192.168.18.251 pve01\n192.168.18.100 pve02",
    ...packageVariables(9, "no-subscription"),
    KEYRING_SHA256: createHash("sha256").update(KEYRING).digest("hex"),
  },
});

export const TAKEOVER = {
  prepare: step("cluster/prepare"),
  reboot: step("cluster/reboot"),
  install: step("cluster/install"),
};

export type TakeoverStep = keyof typeof TAKEOVER;

const READY = `${DEBIAN["state/packages"]}proxmox-default-kernel installed\n`;

/** What the steps before it have left. */
export const LEFT: Record<TakeoverStep, Record<string, string>> = {
  prepare: {},
  reboot: { "state/packages": READY, "var/lib/proxmox-ha/installing": "prepared\n" },
  install: {
    "state/packages": READY,
    "state/lists": "proxmox\n",
    "state/kernel": PROXMOX_KERNEL,
    "etc/hosts": "127.0.0.1\tlocalhost\n192.168.18.251\tpve01.lan pve01\n",
    "etc/apt/sources.list.d/proxmox.sources": "Types: deb\n",
    "var/lib/proxmox-ha/installing": "prepared\n",
  },
};
