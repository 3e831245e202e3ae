# A join that was cut short: what it leaves on the joiner, how that is finished or taken back, and what it leaves at
# the member. It writes corosync's key and configuration, stops the cluster file system, saves and removes its
# database, and starts both daemons; a new database takes corosync.conf in.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text

PVE_DATA=/var/lib/pve-cluster
COROSYNC=/etc/corosync

on_member() {
  # "|| return", here and below, for the lab's shell: it ends a script where a function's last command fails, even
  # before an "||".
  ssh -n -o BatchMode=yes -o ConnectTimeout=10 "root@$MEMBER_ADDRESS" "$@" || return 1
}

runs() {
  systemctl is-active --quiet "$1" </dev/null
}

# Whether the database is that of a member, whoever else runs. One that cannot be read says nothing, and is left alone.
has_joined() {
  local found
  if [ ! -e "$PVE_DATA/config.db" ]; then return 1; fi
  if ! found="$(sqlite3 -readonly "$PVE_DATA/config.db" "SELECT name FROM tree WHERE parent = 0 AND name = 'corosync.conf'" </dev/null)"; then
    stop "$PVE_DATA/config.db, the database of the cluster file system, cannot be read" \
      "look at: df /var/lib; systemctl status pve-cluster; nothing of it has been changed"
  fi
  if [ "$found" != corosync.conf ]; then return 1; fi
}

is_half_done() {
  [ -e "$COROSYNC/authkey" ] || [ -e "$COROSYNC/corosync.conf" ] || [ ! -e "$PVE_DATA/config.db" ] || ! runs pve-cluster
}

pmxcfs_answers() {
  runs pve-cluster && [ -e /etc/pve/.version ]
}

# go_forward: corosync runs, and so counts in the cluster. Only the old file system may still be in the way.
go_forward() {
  local suffix
  if ! has_joined; then
    say "corosync runs already: the cluster file system follows it"
    systemctl stop pve-cluster >&2 </dev/null || stop "pve-cluster could not be stopped" "look at: systemctl status pve-cluster"
    for suffix in -shm -wal ""; do
      if [ -e "$PVE_DATA/config.db$suffix" ]; then
        mv "$PVE_DATA/config.db$suffix" "$PVE_DATA/config.db.before-join$suffix"
      fi
    done
  fi
  if ! runs pve-cluster; then
    systemctl start pve-cluster >&2 </dev/null || stop "pve-cluster could not be started" "look at: systemctl status pve-cluster"
  fi
}

# restore_database: from the newest backup that is whole.
restore_database() {
  local backup found="" made="$PVE_DATA/config.db.restored"
  for backup in "$PVE_DATA"/backup/config-*.sql.gz; do
    rm -f "$made"
    # It holds the cluster's keys: nobody else reads what pmxcfs makes.
    : >"$made"
    chmod 600 "$made"
    # The names end in the time, so the last that is good is the newest.
    if [ -e "$backup" ] && zcat "$backup" 2>/dev/null </dev/null | sqlite3 "$made" 2>/dev/null &&
      sqlite3 "$made" 'PRAGMA integrity_check' </dev/null | has '^ok$'; then
      found="$backup"
      mv "$made" "$PVE_DATA/config.db.good"
    fi
  done
  rm -f "$made"
  if [ -z "$found" ]; then
    stop "the database of this node is gone, and no backup of it in $PVE_DATA/backup is whole" \
      "install the node anew; nothing of it is in the cluster yet"
  fi
  say "restoring the database from $found"
  rm -f "$PVE_DATA/config.db-shm" "$PVE_DATA/config.db-wal"
  mv "$PVE_DATA/config.db.good" "$PVE_DATA/config.db"
}

# clean_joiner: this node is alone again, as before the join.
clean_joiner() {
  say "an earlier join was cut short: cleaning this node first"
  systemctl stop pve-cluster corosync >&2 </dev/null || stop "pve-cluster and corosync could not be stopped" "look at: systemctl status pve-cluster corosync"
  if [ ! -e "$PVE_DATA/config.db" ] || has_joined; then restore_database; fi
  # Starting pve-cluster starts corosync as well wherever these are.
  rm -rf "$COROSYNC/authkey" "$COROSYNC/corosync.conf" "$COROSYNC/qdevice"
  systemctl start pve-cluster >&2 </dev/null || stop "pve-cluster could not be started" "look at: systemctl status pve-cluster"
  wait_for 30 "/etc/pve does not answer" "look at: systemctl status pve-cluster" pmxcfs_answers
}

# member_says PATTERN: in what pmxcfs at the member knows of the nodes.
member_says() {
  local members
  members="$(on_member cat /etc/pve/.members)" || stop "$MEMBER does not tell its members" "look there at: systemctl status pve-cluster"
  has "$1" <<<"$members"
}

member_is_quorate() {
  on_member pvecm status 2>/dev/null | has '^Quorate: *Yes' || return 1
}

# clean_member ADDRESS: the member lists this node with that address, and this node is in no cluster.
clean_member() {
  local guests
  if [ "$1" != "${LINKS%% *}" ]; then
    stop "$MEMBER lists a node $HOST at $1, and this one is at ${LINKS%% *}: another machine has the name" \
      "give this node another name, or take the other out of the cluster: pvecm delnode $HOST"
  fi
  if member_says "\"$HOST\": {[^}]*\"online\": 1"; then
    stop "$MEMBER hears a node $HOST at $1, but corosync does not run here: another machine has the name and the address" \
      "find and switch off the other machine"
  fi
  guests="$(on_member "ls /etc/pve/nodes/$HOST/qemu-server /etc/pve/nodes/$HOST/lxc 2>/dev/null | sed -n 's/\\.conf\$//p'" | tr '\n' ' ')" || guests=""
  if [ -n "$guests" ]; then
    stop "the cluster has guests on a node $HOST: ${guests% }" \
      "move their files to a node that runs (docs/runbooks: replacing a dead node), then run this again"
  fi
  if ! member_is_quorate; then
    if ha_is_used; then
      stop "$MEMBER has no quorum, lists this node after a join that was cut short, and HA resources exist" \
        "bring quorum back by hand: every other node on, or on $MEMBER: pvecm expected 1, when you are sure that no other part of the cluster runs"
    fi
    if on_member cat /etc/pve/.members | grep -v "\"$HOST\":" | has '"online": 0'; then
      stop "$MEMBER has no quorum because other nodes than this one are away" "switch them on, then run this again"
    fi
    say "$MEMBER waits for this node; it gets quorum without it"
    on_member pvecm expected 1 >&2 || stop "pvecm expected 1 did not succeed at $MEMBER" "see the lines above"
    wait_for 30 "$MEMBER has no quorum" "look there at: pvecm status" member_is_quorate
  fi
  disarm_ha
  say "taking what is left of $HOST out of the cluster"
  on_member pvecm delnode "$HOST" >&2 || stop "pvecm delnode $HOST did not succeed at $MEMBER" "see the lines above"
  on_member "rm -rf /etc/pve/nodes/$HOST" >&2 || stop "/etc/pve/nodes/$HOST could not be removed at $MEMBER" "see the lines above"
}
