import { ApiHost } from "./apiHost";

/**
 * A host as the scripts see it that set clock, names, package sources and timers. Answers have the form of timedatectl(1),
 * systemctl(1), getent(1) and chronyc(1). chrony and a timer go by what they have read when they were started:
 * `state/read-UNIT`; systemd by what `state/loaded` has.
 */
const COMMANDS: Record<string, string> = {
  "apt-get": `
[ "$1 $2" = "install -y" ] || exit 100
echo "$3" >>"$state/packages"
[ "$3" != chrony ] || { mkdir -p "$ROOT/etc/chrony"; printf 'pool 2.debian.pool.ntp.org iburst\nsourcedir /run/chrony-dhcp\nsourcedir /etc/chrony/sources.d\n' >"$ROOT/etc/chrony/chrony.conf"; echo chrony >>"$state/services"; }`,
  chronyc: `[ -e "$state/silent" ] || echo "Leap status     : Normal"`,
  getent: `sed -n "s/^\\([0-9.]*\\)[[:space:]]\\(.*[[:space:]]\\)\\{0,1\\}$2\\([[:space:]].*\\)\\{0,1\\}$/\\1       $2/p" "$ROOT/etc/hosts"`,
  systemctl: `
for last in "$@"; do :; done
units="$ROOT/etc/systemd/system"
running() { grep -qxF "$last" "$state/services"; }
case "$1" in
  is-active) running ;;
  is-enabled) [ -e "$units/timers.target.wants/$last" ] ;;
  enable) mkdir -p "$units/timers.target.wants"; : >"$units/timers.target.wants/$last" ;;
  disable) /bin/rm -f "$units/timers.target.wants/$last" "$state/read-$last"; sed -i "/^$last$/d" "$state/services" ;;
  show) [ "$(cat "$state/loaded" 2>/dev/null)" = "$(cat "$units"/*.service "$units"/*.timer 2>/dev/null)" ] && echo no || echo yes ;;
  daemon-reload) cat "$units"/*.service "$units"/*.timer >"$state/loaded" 2>/dev/null || : ;;
  restart)
    running || echo "$last" >>"$state/services"
    case "$last" in
      chrony) cat "$ROOT"/etc/chrony/chrony.conf "$ROOT"/etc/chrony/*/* ;;
      *) cat "$state/loaded" ;;
    esac >"$state/read-$last"
    ;;
esac`,
  timedatectl: `
case "$1" in
  show) cat "$state/zone" ;;
  set-timezone) echo "$2" >"$state/zone" ;;
esac`,
};

export class SystemHost extends ApiHost {
  constructor(state: Record<string, string> = {}) {
    super({ "state/zone": "Etc/UTC\n", "state/repository": "0\n", ...state });
    for (const [name, body] of Object.entries(COMMANDS)) this.command(name, body);
  }
}
