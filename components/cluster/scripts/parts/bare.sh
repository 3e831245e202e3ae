# Whether a host still has to become Proxmox VE.
# shellcheck shell=bash

# From before the first change until Proxmox VE runs: a host that was left half way is known by it.
UNDERWAY=/var/lib/proxmox-ha/installing

is_member() {
  [ -e /etc/pve/corosync.conf ] || [ -e /etc/corosync/corosync.conf ]
}

# Whether a package's files are there, set up or not.
is_unpacked() {
  case "$(status_of "$1")" in
    '' | *' not-installed' | *' config-files') return 1 ;;
  esac
}

# Nobody has begun with it, or we have and are not done.
is_bare() {
  if is_member; then return 1; fi
  [ -e "$UNDERWAY" ] || ! is_unpacked pve-manager
}
