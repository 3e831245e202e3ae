# The secrets of notification targets. pvesh takes parameters on its command line only, where every user of the node can
# read them; so they go into the file that Proxmox VE keeps them in, under the lock that it takes itself (PVE::Notify,
# lock_config), and never into a process list.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text
PRIVATE=/etc/pve/priv/notifications.cfg
LOCK=/etc/pve/priv/lock/file-priv_notifications_cfg

# private_section: what the file has of NAME now, without its first line.
private_section() {
  local line ours=no
  if [ ! -e "$PRIVATE" ]; then return 0; fi
  while IFS= read -r line || [ -n "$line" ]; do
    case "$line" in
      [a-z]*:\ *) if [ "$line" = "$KIND: $NAME" ]; then ours=yes; else ours=no; fi ;;
      *) if [ "$ours" = yes ] && [ -n "$line" ]; then printf '%s\n' "${line#	}"; fi ;;
    esac
  done <"$PRIVATE"
}

# private_others: the file without NAME.
private_others() {
  local line ours=no
  if [ ! -e "$PRIVATE" ]; then return 0; fi
  while IFS= read -r line || [ -n "$line" ]; do
    case "$line" in
      [a-z]*:\ *) if [ "${line#*: }" = "$NAME" ]; then ours=yes; else ours=no; fi ;;
    esac
    if [ "$ours" = no ]; then printf '%s\n' "$line"; fi
  done <"$PRIVATE"
}

private_text() {
  local line
  private_others
  printf '\n%s: %s\n' "$KIND" "$NAME"
  while IFS= read -r line; do
    if [ -n "$line" ]; then printf '\t%s\n' "$line"; fi
  done <<<"$SECRETS"
}

# pmxcfs gives a lock that nobody renews to whoever asks so, after two minutes.
take_lock() {
  if mkdir "$LOCK" 2>/dev/null; then return 0; fi
  touch -c -d @0 "$LOCK" 2>/dev/null || true
  return 1
}

put_secrets() {
  if [ "$(private_section)" = "$SECRETS" ]; then return 0; fi
  say "writing the secrets of $NAME"
  wait_for 130 "the lock of $PRIVATE is held by another process" "see who changes notifications at this time, then run this again" take_lock
  if ! private_text >"${PRIVATE%/*}/proxmox-ha.notifications" ||
    ! mv "${PRIVATE%/*}/proxmox-ha.notifications" "$PRIVATE"; then
    rmdir "$LOCK" || true
    stop "$PRIVATE cannot be written" "without quorum nothing can be changed: pvecm status"
  fi
  rmdir "$LOCK" || true
  if [ "$(private_section)" != "$SECRETS" ]; then
    stop "the secrets of $NAME are not as they were written" "see who changes notifications at this time, then run this again"
  fi
}
