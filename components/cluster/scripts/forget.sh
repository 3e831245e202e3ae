# Takes the SSH keys of NODE, which has left the cluster, off this host: those that it was known by and that it logged
# in with. A replacement of the same name and address has keys of its own. ADDRESSES are the node's.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text

# drop_lines FILE PATTERN: whole or not at all, and not through a link into /etc/pve.
drop_lines() {
  if ! grep -qE -- "$2" "$1" 2>/dev/null; then return 0; fi
  # Nothing may be left.
  grep -vE -- "$2" "$1" >"$1.new" || true
  chmod 600 "$1.new"
  mv "$1.new" "$1" || stop "$1 cannot be written" "look at: df /root; on a member: pvecm status"
  say "$1: keys of $NODE are gone"
}

names="$NODE"
for address in $ADDRESSES; do names="$names|${address//./\\.}"; done
known="^([^ ]*,)?($names)(,[^ ]*)? "
login=" root@$NODE\$"

drop_lines /root/.ssh/known_hosts "$known"
if [ -e /etc/pve/corosync.conf ]; then
  drop_lines /etc/pve/priv/known_hosts "$known"
  drop_lines /etc/pve/priv/authorized_keys "$login"
fi
if [ ! -L /root/.ssh/authorized_keys ]; then drop_lines /root/.ssh/authorized_keys "$login"; fi
# Copies that a join has kept.
drop_lines /root/.ssh/authorized_keys2 "$login"
