import { Host } from "./host";

/** Two nodes and the witness' vote; pve02 is off, and HA has started its guest here. */
const CONF = `totem {
  cluster_name: mizar
}
nodelist {
  node {
    name: pve01
    nodeid: 1
    ring0_addr: 192.168.18.251
  }
  node {
    name: pve02
    nodeid: 2
    ring0_addr: 192.168.18.100
    ring1_addr: 10.0.0.2
  }
}
quorum {
  device {
    net {
      host: 192.168.18.200
    }
  }
}
`;
const MEMBERS = (online: 0 | 1): string => `{
"nodename": "pve01",
"nodelist": {
  "pve01": { "id": 1, "online": 1, "ip": "192.168.18.251"},
  "pve02": { "id": 2, "online": ${online}, "ip": "192.168.18.100"}
  }
}
`;

/** Commands in the words of pve-cluster 9.1.6 (CLI/pvecm.pm) and pve-ha-manager 5.2.0 (API2/HA/Status.pm). */
export const HA: Record<string, string> = {
  // The manager reads its commands in order, while somebody waits.
  sleep: `
queue="$ROOT/etc/pve/ha/crm_commands"
[ -s "$queue" ] || exit 0
while read -r line; do
  case "$line" in disarm-ha*) echo disarmed ;; arm-ha) echo armed ;; esac >"$state/fencing"
done <"$queue"
: >"$queue"`,
  "ha-manager": `
case "$*" in
  status)
    echo "quorum OK"
    [ ! -s "$state/fencing" ] || echo "fencing $(cat "$state/fencing") (CRM watchdog)"
    cat "$state/lrm"
    ;;
  "crm-command "*)
    [ -s "$state/fencing" ] || { echo "ERROR: unknown command 'ha-manager $*'" >&2; exit 255; }
    shift; echo "$*" >>"$ROOT/etc/pve/ha/crm_commands" ;;
  *) exit 255 ;;
esac`,
};
const COMMANDS: Record<string, string> = {
  pvecm: `
conf="$ROOT/etc/pve/corosync.conf"
case "$1 $2" in
  "status ") cat "$state/status" ;;
  "delnode pve02")
    grep -q 'name: pve02' "$conf" || { echo "Node/IP: pve02 is not a known host of the cluster." >&2; exit 255; }
    sed '/name: pve02/,/ring1_addr/d' "$conf" >"$conf.new" && mv "$conf.new" "$conf"
    echo "Killing node 2"
    ;;
  "qdevice remove")
    ! grep -q 'name: pve02' "$conf" || { echo "All nodes must be online! Node pve02 is offline, aborting." >&2; exit 255; }
    grep -q 'device {' "$conf" || { echo "No QDevice configured!" >&2; exit 255; }
    sed '/^  device {/,/^  }/d' "$conf" >"$conf.new" && mv "$conf.new" "$conf"
    ;;
  *) exit 255 ;;
esac`,
  ...HA,
  ping: `grep -qxF "$5" "$state/answering"`,
  timeout: `exit 1`,
  date: `echo 20260101-000000`,
  rm: `PATH="/usr/bin:/bin" rm "$@"`,
  cp: `PATH="/usr/bin:/bin" cp "$@"`,
};

export function memberHost(changes: Record<string, string> = {}): Host {
  const host = new Host({
    "etc/pve/corosync.conf": CONF,
    "etc/pve/.members": MEMBERS(0),
    "etc/pve/ha/resources.cfg": "vm: 101\n\tstate started\n\nct: 102\n\tstate ignored\n",
    "etc/pve/nodes/pve02/lrm_status": "{}",
    "etc/pve/nodes/pve01/qemu-server/101.conf": "name: ubuntu\n",
    "state/fencing": "armed\n",
    "state/lrm": "lrm pve01 (idle, Thu Jan  1 00:00:00 2026)\n",
    "state/answering": "",
    ...changes,
  });
  for (const [name, body] of Object.entries(COMMANDS)) host.command(name, body);
  return host;
}

export const ONLINE = MEMBERS(1);
