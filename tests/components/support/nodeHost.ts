import type { RemoteScriptArgs } from "../../../components/remoteScript";
import { Host } from "./host";

/**
 * A node as the scripts see it that are run on each: systemd, kernel modules, watchdog-mux, the HA manager and one NFS
 * server. Answers have the form of systemctl(1), modprobe(8), findmnt(8), df(1), showmount(8) and mount.nfs(8), of
 * pve-ha-manager's CLI/ha_manager.pm and of watchdog-mux.c, which opens what there is or loads the configured module.
 */
const COMMANDS: Record<string, string> = {
  chown: `! grep -q root_squash "$state/export" || { echo "chown: Operation not permitted" >&2; exit 1; }`,
  df: `echo "Filesystem 1024-blocks Used Available Capacity Mounted on"
echo "nas:/x 100000000 20480 $(cat "$state/free") 1% /mnt"`,
  findmnt: `
grep -q "^$5 " "$state/mounts" || exit 1
case "$3" in
  SOURCE) sed -n "s,^$5 ,,p" "$state/mounts" ;;
  *) echo "rw,relatime,vers=4.2,rsize=1048576" ;;
esac`,
  // Once round the script, and once for a file of the export.
  flock: `[ "$3" = -E ] || exit 0
shift 5
exec "$@"`,
  "ha-manager": `cat "$state/ha"`,
  "mount.nfs": ":",
  mount: `
! grep -q denied "$state/export" || { echo "mount.nfs: access denied by server while mounting $5" >&2; exit 32; }
mkdir -p "$6"
echo "$6 $5" >>"$state/mounts"`,
  modprobe: `
for last in "$@"; do :; done
case "$1" in
  -n) grep -qx "$last" "$state/modules" ;;
  -r) /bin/rm -r "$ROOT/sys/module/$last"; [ "$last" != "$(cat "$state/driver")" ] || { : >"$state/driver"; /bin/rm -r "$ROOT/sys/class/watchdog"; } ;;
esac`,
  rm: `/bin/rm "$@"`,
  showmount: `! grep -q v4 "$state/export"`,
  systemctl: `
for last in "$@"; do :; done
wants="$ROOT/etc/systemd/system/multi-user.target.wants/$last"
case "$1" in
  is-active) grep -qx "$last" "$state/services" ;;
  is-enabled) [ -e "$wants" ] ;;
  enable) mkdir -p "\${wants%/*}"; : >"$wants" ;;
  disable) /bin/rm -f "$wants" ;;
  show) [ -e "$state/reloaded" ] && cmp -s "$state/reloaded" "$ROOT/etc/systemd/system/$last" && echo no || echo yes ;;
  daemon-reload) cat "$ROOT/etc/systemd/system/proxmox-ha-storages.service" >"$state/reloaded" 2>/dev/null || : >"$state/reloaded" ;;
  stop) [ ! -e "$ROOT/run/watchdog-mux.active" ] || echo "RESET" >>"$state/reset"; sed -i "/^$last$/d" "$state/services" ;;
  start)
    module="$(sed -n 's/^WATCHDOG_MODULE=//p' "$ROOT/etc/default/pve-ha-manager")"
    module="\${module:-softdog}"
    if [ ! -s "$state/driver" ]; then
      mkdir -p "$ROOT/sys/module/$module"
      echo 1 >"$ROOT/sys/module/$module/refcnt"
      grep -qx "$module" "$state/hardware" || exit 0
      echo "$module" >"$state/driver"
      mkdir -p "$ROOT/sys/class/watchdog/watchdog0"
      [ "$module" = softdog ] && module="Software Watchdog"
      echo "$module" >"$ROOT/sys/class/watchdog/watchdog0/identity"
    fi
    echo "$last" >>"$state/services"
    ;;
esac`,
  timeout: `
[ "$1" != -k ] || shift 2
shift
case "$3" in
  *"/dev/tcp/"*) ! grep -q down "$state/export" ;;
  *) exec "$@" ;;
esac`,
  umount: `sed -i "\\\\,^$1 ,d" "$state/mounts"`,
};

const CONF = "# select watchdog module (default is softdog)\n#WATCHDOG_MODULE=ipmi_watchdog";

/** A node with Proxmox VE as its installer leaves it. */
const FILES: Record<string, string> = {
  "etc/default/pve-ha-manager": CONF,
  "etc/vzdump.conf": "# vzdump default settings\n\n#tmpdir: DIR\n#dumpdir: DIR\n",
  "run/systemd/system/x": "",
  "sys/class/watchdog/watchdog0/identity": "Software Watchdog\n",
  "sys/module/softdog/refcnt": "1\n",
  "state/driver": "softdog\n",
  "state/export": "",
  "state/free": "90000000\n",
  "state/ha": "quorum OK\nlrm pve01 (idle, watchdog standby, Thu Jan  1 00:00:00 2026)\n",
  "state/hardware": "softdog\niTCO_wdt\n",
  "state/modules": "softdog\niTCO_wdt\n",
  "state/mounts": "",
  "state/services": "watchdog-mux\n",
};

export class NodeHost extends Host {
  constructor(state: Record<string, string> = {}) {
    super({ ...FILES, ...state });
    for (const [name, body] of Object.entries(COMMANDS)) this.command(name, body);
  }

  /** A file as it would be on a real host. */
  text(path: string): string | undefined {
    return this.files()[path];
  }
}

/** The scripts that run on each node, and what they are told. */
export const NODE_STEPS = {
  exports: {
    host: "pve01",
    script: "storage/exports",
    variables: {
      EXPORTS:
        "Data 192.168.18.200 /backup/pve-data - images,rootdir\nBackup 192.168.18.200 /backup/pve-backup 4.2 backup",
    },
  },
  watchdog: { host: "pve01", script: "cluster/watchdog", variables: { WATCHDOG: "iTCO_wdt" } },
  waits: {
    host: "pve01",
    script: "storage/waits",
    variables: { SERVERS: "192.168.18.200", MINUTES: "10" },
  },
  vzdump: { host: "pve01", script: "backup/vzdump" },
} satisfies Record<string, RemoteScriptArgs>;

export type NodeStep = keyof typeof NODE_STEPS;
