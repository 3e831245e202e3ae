# Files of a host's system.
# shellcheck shell=bash
# shellcheck disable=SC2034 # used by the script

CHANGED=no

# put FILE TEXT: as a whole or not at all, and only where it is not so already. CHANGED then says yes.
put() {
  local now=''
  if [ -e "$1" ]; then now="$(cat "$1")"; fi
  if [ -e "$1" ] && [ "$now" = "$2" ]; then return 0; fi
  say "writing $1"
  printf '%s\n' "$2" >"$1.proxmox-ha" || stop "$1 cannot be written" "look at: df -h /"
  chmod 644 "$1.proxmox-ha"
  mv "$1.proxmox-ha" "$1"
  CHANGED=yes
}

# discard FILE
discard() {
  if [ ! -e "$1" ]; then return 0; fi
  say "removing $1"
  rm -f "$1"
  CHANGED=yes
}
