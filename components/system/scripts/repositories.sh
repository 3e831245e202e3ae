# Which of Proxmox's repositories this node takes packages from: the one that PACKAGES names, and no other of Proxmox
# VE's. Ceph's that needs a subscription goes off where there is none: apt-get update would fail on it. By the text of
# each entry, as its place in a file differs from one installation to another.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text
FOLDER=/etc/apt/sources.list.d

# unwanted TEXT: whether an entry is one that must be off.
unwanted() {
  local text=" ${1//$'\n'/ } "
  case "$text" in
    *proxmox.com/debian/pve[\ /]*)
      # One that names the wanted component beside others stays: it is somebody's own.
      case "$text" in *" pve-$PACKAGES "*) return 1 ;; esac
      case "$text" in *" pve-enterprise "* | *" pve-no-subscription "* | *" pve-test "* | *" pvetest "*) return 0 ;; esac
      ;;
    *enterprise.proxmox.com/debian/ceph-*)
      if [ "$PACKAGES" = no-subscription ]; then return 0; fi
      ;;
  esac
  return 1
}

# off TEXT: an entry of a .sources file, switched off.
off() {
  local line
  while IFS= read -r line; do
    case "$line" in
      Enabled:*) ;;
      Types:*) printf '%s\nEnabled: no\n' "$line" ;;
      *) printf '%s\n' "$line" ;;
    esac
  done <<<"$1"
}

is_off() {
  grep -qi '^Enabled: *\(no\|false\|0\|off\|without\|disable\)' <<<"$1" || return 1
}

# entry TEXT: as it has to be.
entry() {
  if [ -z "$1" ]; then return 0; fi
  if is_off "$1"; then printf '%s\n' "$1"
  elif unwanted "$1"; then off "$1"
  else printf '%s\n' "$1"; fi
}

# rewritten FILE
rewritten() {
  local line text=''
  while IFS= read -r line || [ -n "$line" ]; do
    if [ "${1##*.}" = list ]; then
      case "$line" in
        deb\ * | deb-src\ *) if unwanted "$line"; then line="# $line"; fi ;;
      esac
      printf '%s\n' "$line"
    elif [ -z "$line" ]; then
      entry "$text"
      printf '\n'
      text=''
    else
      text="${text:+$text
}$line"
    fi
  done <"$1"
  entry "$text"
}

for file in /etc/apt/sources.list "$FOLDER"/*.list "$FOLDER"/*.sources; do
  if [ -e "$file" ]; then put "$file" "$(rewritten "$file")"; fi
done

is_on() {
  pvesh get "/nodes/$HOST/apt/repositories" --output-format json </dev/null |
    has "\"handle\" *: *\"$PACKAGES\"[^}]*\"status\" *: *1\|\"status\" *: *1[^}]*\"handle\" *: *\"$PACKAGES\"" || return 1
}
if ! is_on; then
  say "switching the repository $PACKAGES on"
  pvesh set "/nodes/$HOST/apt/repositories" --handle "$PACKAGES" >&2 </dev/null ||
    stop "the repository $PACKAGES could not be switched on" "see the lines above; look at the node's Repositories in the web interface"
fi
if ! is_on; then
  stop "the repository $PACKAGES is not on" "look at the node's Repositories in the web interface"
fi
say "takes packages of Proxmox VE from $PACKAGES"
