import { Host } from "./host";

/** What corosync and pmxcfs keep, in words: a database is `own`, from before the join, or the `cluster`'s. */
const CONF = (...nodes: string[]): string =>
  `totem {\n  cluster_name: mizar\n}\nnodelist {\n${nodes.join("")}}\n`;
const PVE01 = "  node {\n    name: pve01\n    ring0_addr: 192.168.18.251\n  }\n";
const PVE02 = "  node {\n    name: pve02\n    ring0_addr: 192.168.18.100\n  }\n";
const MEMBERS = (online: 0 | 1): string =>
  `"nodelist": {\n  "pve01": { "id": 1, "online": 1, "ip": "192.168.18.251"},\n  "pve02": { "id": 2, "online": ${online}, "ip": "192.168.18.100"}\n  }\n`;

/** The member before any join, and after its `pvecm addnode` while nobody has come. */
export const ALONE = {
  "member/etc/pve/corosync.conf": CONF(PVE01),
  "member/etc/pve/.members":
    '"nodelist": {\n  "pve01": { "id": 1, "online": 1, "ip": "192.168.18.251"}\n  }\n',
  "state/memberQuorate": "Yes",
};
export const LISTED = {
  "member/etc/pve/corosync.conf": CONF(PVE01, PVE02),
  "member/etc/pve/.members": MEMBERS(0),
  "member/etc/pve/nodes/pve02/lrm_status": "{}",
  "state/memberQuorate": "No",
};
/** The member once it hears the joiner. */
export const HEARD = {
  ...LISTED,
  "member/etc/pve/.members": MEMBERS(1),
  "state/memberQuorate": "Yes",
};

export const AUTHKEY = { "etc/corosync/authkey": "KEY\n" };
export const COROSYNC_CONF = { "etc/corosync/corosync.conf": CONF(PVE01, PVE02) };
export const DATABASE = "var/lib/pve-cluster/config.db";
export const BACKUPS = "var/lib/pve-cluster/backup";

/**
 * pve-cluster 9.1.6: CLI/pvecm.pm and Cluster/Setup.pm (what a join writes and in which order), pmxcfs.c (a new
 * database takes corosync.conf in), debian/pve-cluster.service (wants corosync); systemctl(1), sqlite3(1), zcat(1).
 */
const COMMANDS: Record<string, string> = {
  systemctl: `
db="$ROOT/${DATABASE}"
running() { grep -qxF "$1" "$state/services"; }
start() {
  if running "$1"; then return 0; fi
  if [ "$1" = corosync ]; then
    [ -e "$ROOT/etc/corosync/corosync.conf" ] || return 0
    [ -e "$ROOT/etc/corosync/authkey" ] || return 1
  fi
  if [ "$1" = pve-cluster ]; then
    if [ ! -e "$db" ]; then
      if [ -e "$ROOT/etc/corosync/corosync.conf" ]; then echo cluster; else echo empty; fi >"$db"
    fi
    rm -f "$ROOT/etc/pve/corosync.conf"
    [ "$(cat "$db")" != cluster ] || cp "$ROOT/etc/corosync/corosync.conf" "$ROOT/etc/pve/corosync.conf"
    : >"$ROOT/etc/pve/.version"
  fi
  echo "$1" >>"$state/services"
  [ "$1" != pve-cluster ] || start corosync || true
}
verb="$1"; shift
[ "$1" != --quiet ] || shift
for unit in "$@"; do
  case "$verb" in
    is-active) running "$unit" || exit 3 ;;
    start) start "$unit" || exit 1 ;;
    stop) sed -i "/^$unit\\$/d" "$state/services" ;;
    restart) ;;
    *) exit 1 ;;
  esac
done`,
  // What zcat has sent is in a file: the standard input has been read to its end by now.
  zcat: `
case "$(cat "$1")" in
  "whole "*) sed 's/^whole //' "$1" >"$state/dump" ;;
  *) echo "gzip: $1: unexpected end of file" >&2; : >"$state/dump"; exit 1 ;;
esac`,
  sqlite3: `
[ "$1" != -readonly ] || shift
case "\${2:-}" in
  "") [ -s "$state/dump" ] || { echo "Parse error near line 1: incomplete input" >&2; exit 1; }; cat "$state/dump" >"$1" ;;
  PRAGMA*) echo ok ;;
  *) [ "$(cat "$1")" != cluster ] || echo corosync.conf ;;
esac`,
  // The member's files are in a folder of their own.
  ssh: `
while [ "\${1#-}" != "$1" ]; do [ "$1" = -n ] || shift; shift; done
case "$1" in root@192.168.18.*) shift ;; *) exit 255 ;; esac
line="$*"
PATH="$ROOT/bin:/usr/bin:/bin" AT_MEMBER=yes bash -c "\${line//$ROOT\\/etc\\/pve/$ROOT/member/etc/pve}" </dev/null`,
  pvecm: `
member="$ROOT/member/etc/pve"
quorate="$(cat "$state/memberQuorate")"
case "\${AT_MEMBER:-no} $1 \${2:-}" in
  "yes status ") echo "Quorate:          $quorate" ;;
  "yes expected 1") echo Yes >"$state/memberQuorate" ;;
  "yes delnode pve02")
    [ "$quorate" = Yes ] || { echo "cluster not ready - no quorum?" >&2; exit 255; }
    sed -i '/pve02/,/}/d; /^  node {$/{N;/^  node {\\n}$/d}' "$member/corosync.conf"
    sed -i '/pve02/d' "$member/.members"
    echo "Killing node 2"
    ;;
  "no status ") [ -e "$ROOT/etc/pve/corosync.conf" ] || exit 2; echo "Quorate:          $quorate" ;;
  "no add "*)
    [ ! -e "$ROOT/etc/corosync/authkey" ] || { echo "authentication key already exists" >&2; exit 255; }
    cp "$state/joined/corosync.conf" "$member/corosync.conf"
    cp "$state/joined/members" "$member/.members"
    echo KEY >"$ROOT/etc/corosync/authkey"
    cp "$member/corosync.conf" "$ROOT/etc/corosync/corosync.conf"
    cp "$member/corosync.conf" "$ROOT/etc/pve/corosync.conf"
    echo cluster >"$ROOT/${DATABASE}"
    echo corosync >>"$state/services"
    ;;
  "no updatecerts ") mkdir -p "$ROOT/etc/pve/nodes/pve02"; echo CERTIFICATE >"$ROOT/etc/pve/nodes/pve02/pve-ssl.pem" ;;
  *) exit 255 ;;
esac`,
  rm: `PATH="/usr/bin:/bin" rm "$@"`,
};

/** A joiner after every step before the join, and the member at which it joins. */
export function joinHost(changes: Record<string, string | undefined> = {}): Host {
  const state = {
    "root/.ssh/authorized_keys": "ssh-ed25519 OPERATOR\n",
    "etc/corosync/uidgid.d/README": "",
    "etc/pve/.version": "",
    "state/services": "pve-cluster\n",
    "state/joined/corosync.conf": HEARD["member/etc/pve/corosync.conf"],
    "state/joined/members": HEARD["member/etc/pve/.members"],
    [DATABASE]: "own\n",
    ...ALONE,
    ...changes,
  };
  const given = Object.entries(state).filter(([, content]) => content !== undefined);
  const host = new Host(Object.fromEntries(given) as Record<string, string>);
  for (const [name, body] of Object.entries(COMMANDS)) host.command(name, body);
  return host;
}
