import { LOOKS } from "./machine";

/**
 * The commands of a Proxmox VE node and of the witness, as far as the scripts use them, each a few lines of shell over
 * text files. They refuse what the real ones refuse, so that a script which does not look first fails here too.
 */
export const COMMANDS: Record<string, string> = {
  ...LOOKS,
  flock: `shift 5
exec "$@"`,
  hostname: `case "$1" in --ip-address) cat "$state/address" ;; *) cat "$state/hostname" ;; esac`,
  sleep: `:`,
  // What a check prints is compared between runs.
  date: `
case "$1" in
  +%s.%N) echo 1767225600.000000000 ;;
  *) /usr/bin/date "$@" ;;
esac`,
  rm: `/bin/rm "$@"`,
  // Whether somebody listens is answered by yes: nothing does on a stand-in host.
  timeout: `
while [ "\${1#-}" != "$1" ]; do shift 2; done
shift
case "$*" in *"/dev/tcp/"*) ;; *) exec "$@" ;; esac`,
  pveversion: `echo "pve-manager/9.1.1/42db4a6cf33dac83 (running kernel: 6.17.2-1-pve)"`,
  // Asked whether corosync.conf is in pve-cluster's database.
  sqlite3: `[ ! -e "$ROOT/etc/pve/corosync.conf" ] || echo corosync.conf`,
  "ssh-keygen": `
case "$*" in
  "-y -f "*) [ -s "$3" ] && echo "ssh-rsa PUBLIC root@host" ;;
  "-F "*) grep -E "^([^ ]*,)?$2(,[^ ]*)? " "$4" ;;
  *)
    while [ "$1" != -f ]; do shift; done
    [ ! -e "$2" ] || exit 1
    echo PRIVATE >"$2"
    echo "ssh-rsa PUBLIC root@host" >"$2.pub"
    ;;
esac`,
  ssh: `
while [ "\${1#-}" != "$1" ]; do [ "$1" = -n ] || shift; shift; done
case "$2 \${3:-}" in
  "cat "*/corosync.conf) cat "$state/member.conf" ;;
  "cat "*/.members) echo '"pve02": { "id": 2, "online": 1, "ip": "192.168.18.100"}' ;;
  pveversion*) pveversion ;;
  date*) /usr/bin/date +%s%N ;;
  "pvecm status") cat "$state/status" ;;
  "if test "*) echo no ;;
  "test ! -e"* | "sed -n"* | "ssh -n" | "true "* | "systemctl "* | "timeout 5"*) ;;
  "corosync-qdevice-tool "*) grep -q 'device {' "$ROOT/etc/pve/corosync.conf" && printf 'State:\t\t\tConnected\n' ;;
  "f="*) eval "\${2//"$ROOT/root/.ssh/authorized_keys"/"$state/witnessKeys"}" ;;
  *corosync-qdevice*) grep -qxF "$1" "$state/withQdevice" 2>/dev/null || echo "$1" >>"$state/withQdevice" ;;
  *) exit 255 ;;
esac`,
  pvecm: `
conf="$ROOT/etc/pve/corosync.conf"
case "$1 $2" in
  "status ")
    [ -e "$conf" ] || { echo "Error: Corosync config '/etc/pve/corosync.conf' does not exist" >&2; exit 2; }
    cat "$state/status"
    if grep -q 'device {' "$conf"; then
      printf 'Total votes:      3\\n0x00000001 1 A,V,NMW 192.168.18.251 (local)\\n0x00000002 1 A,V,NMW 192.168.18.100\\n'
    else
      printf 'Total votes:      2\\n0x00000001 1 192.168.18.251 (local)\\n0x00000002 1 192.168.18.100\\n'
    fi
    ;;
  "create "*)
    [ ! -e "$conf" ] || { echo "cluster config '$conf' already exists" >&2; exit 255; }
    printf 'totem {\\n  cluster_name: %s\\n}\\nquorum {\\n  provider: corosync_votequorum\\n}\\n' "$2" >"$conf"
    echo corosync >>"$state/services"
    ;;
  "add "*)
    [ ! -e "$conf" ] || { echo "Check if node may join a cluster failed!" >&2; exit 255; }
    { cat "$state/member.conf"; printf 'nodelist {\\n  node {\\n    name: pve02\\n  }\\n}\\n'; } >"$conf"
    cat "$conf" >"$state/member.conf"
    cat "$conf" >"$ROOT/etc/corosync/corosync.conf"
    echo corosync >>"$state/services"
    ;;
  "updatecerts ")
    mkdir -p "$ROOT/etc/pve/nodes/pve02"
    echo CERTIFICATE >"$ROOT/etc/pve/nodes/pve02/pve-ssl.pem"
    ;;
  "qdevice setup")
    ! grep -q 'device {' "$conf" || { echo "QDevice already configured!" >&2; exit 255; }
    printf 'quorum {\\n  device {\\n    model: net\\n    net {\\n      host: %s\\n    }\\n  }\\n}\\n' "$3" >>"$conf"
    ;;
  "qdevice remove")
    grep -q 'device {' "$conf" || { echo "No QDevice configured!" >&2; exit 255; }
    sed '/^quorum {$/{N;/device/,$d}' "$conf" >"$conf.new" && mv "$conf.new" "$conf"
    ;;
  *) exit 255 ;;
esac`,
  // On the witness: its clients, as corosync-qnetd-tool(8) lists those of one cluster.
  "corosync-qnetd-tool": `[ "$1 $2" = "-l -c" ] && cat "$state/clients-$3"`,
  pveum: `
has() { grep -q "^$2\\( \\|$\\)" "$state/$1" 2>/dev/null; }
drop() { grep -v "^$2\\( \\|$\\)" "$state/$1" >"$state/$1.new"; mv "$state/$1.new" "$state/$1"; }
list() { printf '['; sed "s/\\([^ ]*\\).*/{\\"$2\\":\\"\\1\\"},/" "$state/$1" 2>/dev/null; printf '{}]\\n'; }
case "$1 $2 $3" in
  "role list "*) list roles roleid ;;
  "role add "*) ! has roles "$3" || exit 255; echo "$3 $5" >>"$state/roles" ;;
  "role modify "*) has roles "$3" || exit 255; drop roles "$3"; echo "$3 $5" >>"$state/roles" ;;
  "role delete "*) has roles "$3" || exit 255; drop roles "$3" ;;
  "user list "*) list users userid ;;
  "user add "*) ! has users "$3" || exit 255; echo "$3" >>"$state/users" ;;
  "user delete "*) has users "$3" || exit 255; drop users "$3" ;;
  "acl modify /"*) echo "$4 $5 $7" >>"$state/acl"; sort -u "$state/acl" -o "$state/acl" ;;
  "user token list") has users "$4" || { echo "no such user ('$4')" >&2; exit 255; }; list tokens tokenid ;;
  "user token add")
    has users "$4" && ! has tokens "$5" || exit 255
    echo "$5" >>"$state/tokens"
    printf '{"full-tokenid":"%s!%s","info":{"privsep":"1"},"value":"%s"}\\n' "$4" "$5" "$(cat "$state/nextSecret")"
    ;;
  "user token remove") has tokens "$5" || exit 255; drop tokens "$5" ;;
  *) exit 255 ;;
esac`,
  pveam: `
case "$1" in
  list) sed "s,^,$2:vztmpl/,; s,$, 120.0MB," "$state/templates-$2" 2>/dev/null ;;
  update) echo "update successful" ;;
  download) echo "$3" >>"$state/templates-$2" ;;
  *) exit 255 ;;
esac`,
  "dpkg-query": `grep -qxF "$4" "$state/packages" || exit 1
case "$3" in *Version*) cat "$state/version-$4" ;; *) printf 'install ok installed' ;; esac`,
  "apt-get": `[ "$1 $2" = "install -y" ] || exit 100
echo "$3" >>"$state/packages"`,
  systemctl: `
case "$1" in
  enable) grep -qxF "$3" "$state/services" || echo "$3" >>"$state/services" ;;
  is-active | is-enabled) grep -qxF "$3" "$state/services" ;;
  restart) ;;
  *) exit 1 ;;
esac`,
};

/** What a freshly installed host has: path below its root → content. */
export const NODE: Record<string, string> = {
  "state/address": "192.168.18.100\n",
  "state/status": "Quorum information\n------------------\nQuorate:          Yes\n",
  "state/member.conf":
    "totem {\n  cluster_name: mizar\n}\nnodelist {\n  node {\n    name: pve01\n  }\n}\n",
  "state/nextSecret": "7d0f3a52-0000-4000-8000-5ec2e7000001",
  "state/packages": "",
  "state/services": "",
};
