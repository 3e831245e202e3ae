# Files of a host's system.
# shellcheck shell=bash

# A file that is there from a change on until the script takes it away: when whoever reads what has changed has been told.
# A run that is cut off between leaves that to the next one. Nothing where nobody has to be told.
UNTOLD=""

changing() {
  if [ -z "$UNTOLD" ]; then return 0; fi
  mkdir -p "${UNTOLD%/*}"
  : >"$UNTOLD" || stop "$UNTOLD cannot be written" "look at: df -h /var/lib"
}

# put FILE TEXT: as a whole or not at all, and only where it is not so already.
put() {
  local now=''
  if [ -e "$1" ]; then now="$(cat "$1")"; fi
  if [ -e "$1" ] && [ "$now" = "$2" ]; then return 0; fi
  say "writing $1"
  printf '%s\n' "$2" >"$1.proxmox-ha" || stop "$1 cannot be written" "look at: df -h /"
  chmod 644 "$1.proxmox-ha"
  changing
  mv "$1.proxmox-ha" "$1"
}

# discard FILE
discard() {
  if [ ! -e "$1" ]; then return 0; fi
  say "removing $1"
  changing
  rm -f "$1"
}
