import { COMMANDS as BASE } from "./hostCommands";
import { Host } from "./host";

/**
 * A node with Proxmox VE as the scripts see it that set by its API what the provider does not: each thing is a file below
 * `state/api` with a key and a value a line. It refuses what the real one refuses: pve-firewall's IPSet.pm, pve-manager's
 * API2/Cluster/Notifications.pm and APT repositories, qemu-server's and pve-container's configuration, and pve-access-control.
 */
const OBJECTS = `
options=() deletes=()
parse() {
  while [ $# -gt 0 ]; do
    case "$1" in
      --output-format) shift ;;
      --delete=*) deletes+=("\${1#*=}") ;;
      --delete) deletes+=(\${2//,/ }); shift ;;
      --*=*) options+=("\${1%%=*}" "\${1#*=}") ;;
      --*) options+=("$1" "$2"); shift ;;
    esac
    shift
  done
}
# save FILE: keys that are named several times are lists.
save() {
  local index
  mkdir -p "\${1%/*}"; : >>"$1"
  for ((index = 0; index < \${#options[@]}; index += 2)); do sed -i "/^\${options[index]#--}\t/d" "$1"; done
  for index in "\${deletes[@]}"; do sed -i "/^$index\t/d" "$1"; done
  for ((index = 0; index < \${#options[@]}; index += 2)); do
    printf '%s\t%s\n' "\${options[index]#--}" "\${options[index + 1]}" >>"$1"
  done
}
# shown FILE WORDS: an object.
shown() { printf '{%s' "$2"; sed 's/^\\([^\t]*\\)\t\\(.*\\)$/"\\1":"\\2",/' "$1" 2>/dev/null | tr -d '\n'; printf '"x":""}'; }
# names FILE KEY: a list.
names() { printf '['; sed "s,.*,{\\"$2\\":\\"&\\"}\\,," "$1" 2>/dev/null | tr -d '\n'; printf '{}]'; }
known() { grep -qxF -- "$2" "$state/$1" 2>/dev/null; }
add() { ! known "$1" "$2" || exit 255; printf '%s\n' "$2" >>"$state/$1"; }
drop() { known "$1" "$2" || exit 255; grep -vxF -- "$2" "$state/$1" >"$state/new"; mv "$state/new" "$state/$1"; }
`;

const PVESH = `${OBJECTS}
verb="$1" path="$2"; shift 2
parse "$@"
at="$state/api$path"
guest="$ROOT/etc/pve\${path%/config}.conf"
guest="\${guest/\\/qemu\\//\\/qemu-server\\/}"
last="\${options[1]:-}"
running() { grep -q running "$state/guest"; }
# set_line FILE KEY VALUE: what is not said any more goes; a guest that runs gets it with its next start.
set_line() {
  sed -i -e '/^\\[/,$d' "$1"
  if running; then printf '[%s]\n%s: %s\n' "$PENDING" "$2" "$3" >>"$1"
  else sed -i "/^$2: /d" "$1"; printf '%s: %s\n' "$2" "$3" >>"$1"; fi
}
apply_pending() {
  local file line
  for file in "$ROOT"/etc/pve/nodes/*/qemu-server/*.conf; do
    line="$(sed '1,/^\\[/d' "$file")"
    [ -z "$line" ] || { sed -i -e '/^\\[/,$d' -e "/^\${line%%: *}: /d" "$file"; printf '%s\n' "$line" >>"$file"; }
  done
}
case "$verb $path" in
  "get /cluster/firewall/ipset") names "$state/sets" name ;;
  "create /cluster/firewall/ipset") add sets "$last" ;;
  "get /cluster/firewall/ipset/"*) names "$state/set-\${path##*/}" cidr ;;
  "create /cluster/firewall/ipset/"*) add "set-\${path##*/}" "$last" ;;
  "delete /cluster/firewall/ipset/"*/*) rest="\${path#/cluster/firewall/ipset/}"; drop "set-\${rest%%/*}" "\${rest#*/}" ;;
  "delete /cluster/firewall/ipset/"*) [ ! -s "$state/set-\${path##*/}" ] || exit 255; drop sets "\${path##*/}" ;;
  "set /cluster/firewall/options" | "set /nodes/"*/firewall/options) save "$at" ;;
  "get /cluster/resources") printf '[{"id":"qemu/100","vmid":100}]' ;;
  "get /access/users/root@pam") shown "$at" ;;
  "get /access/domains/"*) shown "$state/api/realm-\${path##*/}" ;;
  "create /cluster/notifications/targets/"*/test) echo "\${path%/test}" >"$state/tested" ;;
  "get /cluster/notifications/"*) [ -e "$at" ] || exit 2; shown "$at" ;;
  "create /cluster/notifications/"*)
    at="$at/$last"
    [ ! -e "$at" ] || exit 255
    # Gotify's token is no setting: it is kept apart.
    case "\${options[*]}" in
      *"--token -"*) options=("\${options[@]:0:\${#options[@]}-2}"); mkdir -p "$ROOT/etc/pve/priv"; printf '\ngotify: %s\n\ttoken -\n' "$last" >>"$ROOT/etc/pve/priv/notifications.cfg" ;;
    esac
    save "$at"
    ;;
  "set /cluster/notifications/"*) [ -e "$at" ] || exit 255; save "$at" ;;
  "delete /cluster/notifications/"*) /bin/rm "$at" ;;
  "get /nodes/"*/apt/repositories) printf '{"standard-repos":[{"handle":"no-subscription","name":"x","status":%s}]}' "$(cat "$state/repository")" ;;
  "set /nodes/"*/apt/repositories) echo 1 >"$state/repository" ;;
  "get /nodes/"*/status/current) if running; then echo '{"status":"running"}'; else echo '{"status":"stopped"}'; fi ;;
  "create /nodes/"*/status/stop) [ -e "$state/never-stops" ] || echo stopped >"$state/guest" ;;
  "create /nodes/"*/status/start) ! running || exit 255; apply_pending; echo running >"$state/guest" ;;
  "set /nodes/"*/resize)
    guest="$ROOT/etc/pve\${path%/resize}.conf"
    sed -i "/^\${options[1]}: /s/size=[^,]*/size=\${options[3]}/" "$guest" ;;
  "set /nodes/"*/config)
    [ \${#deletes[@]} -eq 0 ] || { sed -i "/^\${deletes[0]}: /d" "$guest"; exit 0; }
    case "$path $last" in
      */qemu/*) PENDING=PENDING ;;
      */lxc/*" "*.raw,* | */lxc/*" "*=*) PENDING=pve:pending ;;
    esac
    case "$last" in
      # A new one is allocated, and there at once.
      *:[0-9],*) size="\${last#*:}"; last="\${last%%:*}:101/vm-101-\${options[0]#--}.raw,\${last#*,},size=\${size%%,*}G"; sed -i "1i \${options[0]#--}: $last" "$guest" ;;
      *) set_line "$guest" "\${options[0]#--}" "$last" ;;
    esac
    ;;
  *) echo "no such call: $verb $path" >&2; exit 255 ;;
esac`;

/** Users, groups and realms; `BASE` has roles and tokens. */
const PVEUM = `${OBJECTS}
case "$1 $2" in
  "group list") names "$state/groups" groupid ;;
  "realm list") names "$state/realms" realm ;;
  "user list") names "$state/users" userid ;;
  "group add") add groups "$3" ;;
  "user add") add users "$3" ;;
  "realm add") add realms "$3" ;;
  "group delete") drop groups "$3"; /bin/rm -f "$state/api/group-$3" ;;
  "user delete") drop users "$3"; /bin/rm -f "$state/api/user-$3" ;;
  "realm delete") drop realms "$3"; /bin/rm -f "$state/api/realm-$3" "$ROOT/etc/pve/priv/realm/$3.pw" ;;
  "acl list") names "$state/grants" ugid ;;
  "acl delete") drop grants "$3 $5 $7" ;;
esac
case "$1 $2" in
  "group modify" | "user modify" | "realm modify" | "realm add")
    known "$1s" "$3" || [ "$3" = root@pam ] || exit 255
    at="$state/api/$1-$3"
    [ "$3" != root@pam ] || at="$state/api/access/users/root@pam"
    parse "\${@:4}"; save "$at" ;;
  "acl modify") known grants "$3 $5 $7" || add grants "$3 $5 $7" ;;
  "user token") case "$3" in modify) parse "\${@:6}"; save "$state/api/token-$5" ;; *) eval "$BASE_PVEUM" ;; esac ;;
  "role "*) eval "$BASE_PVEUM" ;;
  "passwd "*) printf '%s' "$input" >"$state/password-$2" ;;
esac`;

const COMMANDS: Record<string, string> = {
  pvesh: PVESH,
  pveum: `read -r -d '' BASE_PVEUM <<'END_OF_BASE'\n${BASE.pveum ?? ""}\nEND_OF_BASE\n${PVEUM}`,
  // pmxcfs takes a lock from whoever has not renewed it for two minutes; here it does so when it is asked the third time.
  touch: `
[ "$1 $2 $3" = "-c -d @0" ] || exit 1
echo >>"$state/asked"
if [ "$(wc -l <"$state/asked")" -ge 3 ] && [ ! -e "$state/lock-is-used" ]; then rmdir "$4"; /bin/rm "$state/asked"; fi`,
  rm: `/bin/rm "$@"`,
};

export class ApiHost extends Host {
  constructor(state: Record<string, string> = {}) {
    super(state);
    for (const [name, body] of Object.entries(COMMANDS)) this.command(name, body);
  }
}
