# Brings this node into the cluster that MEMBER is in, over SSH keys: no password, no question. LINKS are its addresses
# on corosync's links; WITNESS_ADDRESS is that of the QDevice's witness, or nothing. Adding a node with a QDevice
# or with HA armed is unsafe, so both are switched off for it.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2153,SC2154 # read and set in other parts of this text
HA_AT="$MEMBER_ADDRESS"
# A join of ours that has not been verified.
UNDER_WAY=/var/lib/proxmox-ha/join

is_member() {
  [ ! -e "$UNDER_WAY" ] && [ -e /etc/pve/corosync.conf ] && [ -s "/etc/pve/nodes/$HOST/pve-ssl.pem" ] && is_quorate
}

require_same_cluster() {
  local conf found
  for conf in /etc/pve/corosync.conf "$COROSYNC/corosync.conf"; do
    if [ ! -e "$conf" ]; then continue; fi
    found="$(sed -n 's/^ *cluster_name: *//p' "$conf")"
    if [ -n "$found" ] && [ "$found" != "$CLUSTER" ]; then
      stop "this node is in cluster $found, not in $CLUSTER" \
        "take it out of that cluster and install it anew, or correct site.cluster.name"
    fi
  done
}

tcp_answers() {
  local said
  if said="$(timeout 5 bash -c ": >/dev/tcp/$1/$2" 2>&1 </dev/null)"; then return 0; fi
  return 1
}

api_answers() {
  tcp_answers "$ADDRESS" 8006
}

major() {
  sed -n 's,^pve-manager/\([0-9]*\)\..*,\1,p'
}

# What the preflight has seen may have changed since.
require_joinable() {
  local guest found here there before after
  require_name
  for guest in "/etc/pve/nodes/$HOST"/qemu-server/*.conf "/etc/pve/nodes/$HOST"/lxc/*.conf; do
    if [ -e "$guest" ]; then
      stop "this node has a guest: $guest" "a node joins without guests; back them up, destroy them here, and restore them in the cluster"
    fi
  done
  members="$(on_member cat /etc/pve/corosync.conf)" ||
    stop "cannot log in at $MEMBER ($MEMBER_ADDRESS)" "check that $MEMBER is on, and the network between the two"
  found="$(sed -n 's/^ *cluster_name: *//p' <<<"$members")"
  if [ "$found" != "$CLUSTER" ]; then
    stop "$MEMBER is in cluster $found, not in $CLUSTER" "correct site.cluster.name"
  fi
  here="$(pveversion </dev/null | major)"
  there="$(on_member pveversion | major)"
  if [ "$here" != "$there" ]; then
    stop "this node has Proxmox VE $here and $MEMBER has $there" "bring both to the same release first"
  fi
  before="$(date +%s%N)"
  there="$(on_member date +%s%N)"
  after="$(date +%s%N)"
  if [ "$there" -lt $((before - 1000000000)) ] || [ "$there" -gt $((after + 1000000000)) ]; then
    stop "the clocks of this node and of $MEMBER are more than a second apart" "on both: chronyc makestep, and look at: chronyc tracking"
  fi
  tcp_answers "$MEMBER_ADDRESS" 8006 ||
    stop "port 8006 of $MEMBER ($MEMBER_ADDRESS) does not answer" "look there at: systemctl status pveproxy"
}

# While pmxcfs is down, and until the node has quorum, authorized_keys leads nowhere; and the keys in it that only this
# node had are not in the cluster's. sshd reads a second file, which is no link.
keep_keys() {
  local line second=/root/.ssh/authorized_keys2
  # A link that an earlier join has made, to what is not there without it.
  if [ ! -e /root/.ssh/authorized_keys ]; then return 0; fi
  while IFS= read -r line; do
    if [ -n "$line" ] && ! grep -qxF -- "$line" "$second" 2>/dev/null; then
      printf '%s\n' "$line" >>"$second" || stop "$second cannot be written" "look at: df -h /root"
    fi
  done </root/.ssh/authorized_keys
  if [ -e "$second" ]; then chmod 600 "$second"; fi
}

join_now() {
  local address code link=0 given=()
  for address in $LINKS; do
    given+=("--link$link" "$address")
    link=$((link + 1))
  done
  keep_keys
  if ! mkdir -p "${UNDER_WAY%/*}" || ! : >"$UNDER_WAY"; then
    stop "$UNDER_WAY cannot be written" "look at: df -h /var/lib"
  fi
  say "joining $CLUSTER through $MEMBER"
  # It waits for quorum without a limit. (In the lab's shell `||` after timeout does not keep a script from ending.)
  set +e
  timeout -k 30 180 pvecm add "$MEMBER_ADDRESS" --use_ssh "${given[@]}" >&2 </dev/null
  code=$?
  set -e
  if [ "$code" -ne 0 ] && ! runs corosync; then
    stop "pvecm add did not succeed" "see the lines above; the next run cleans up what is left, and joins anew"
  fi
}

names() {
  sed -n 's/^ *name: *//p' | sort
}

# Each hears the other, lists the same nodes, and can be logged in at.
is_verified() {
  local theirs
  theirs="$(on_member cat /etc/pve/corosync.conf)" || return 1
  [ "$(names <<<"$theirs")" = "$(names </etc/pve/corosync.conf)" ] &&
    member_says "\"$HOST\": {[^}]*\"online\": 1" &&
    on_member ssh -n -o BatchMode=yes -o ConnectTimeout=10 "root@${LINKS%% *}" true
}

finish() {
  wait_for 60 "no quorum after joining" \
    "check that UDP ports 5405 to 5412 are open between $HOST and $MEMBER in both directions, and look at: pvecm status; the node stays joined, and the next run goes on" is_quorate
  pvecm updatecerts >&2 </dev/null ||
    stop "pvecm updatecerts did not succeed" "see the lines above"
  systemctl restart pvedaemon pveproxy >&2 </dev/null ||
    stop "pvedaemon and pveproxy could not be restarted" "look at: systemctl status pvedaemon pveproxy"
  wait_for 90 "the API does not answer" "look at: systemctl status pveproxy" api_answers
  wait_for 60 "$HOST and $MEMBER do not agree on who is a member, or $MEMBER cannot log in here" \
    "compare on both: pvecm status; and try on $MEMBER: ssh root@${LINKS%% *}" is_verified
  rm -f "$UNDER_WAY"
}

# after_join: what was switched off for the join is on again. The QDevice comes back before HA; without HA it is left
# to its own step.
after_join() {
  local addresses address count witness
  if ! ask_member "test -e $HA_MARKER"; then return 0; fi
  addresses="$(sed -n 's/^ *ring0_addr: *//p' /etc/pve/corosync.conf | tr '\n' ' ')"
  count="$(wc -w <<<"$addresses")"
  witness="$(qdevice_host)" || exit 1
  if [ -n "$WITNESS_ADDRESS" ] && [ -z "$witness" ] && [ $((count % 2)) -eq 0 ]; then
    for address in $addresses; do
      install_qdevice "$address"
    done
    setup_qdevice "$WITNESS_ADDRESS" "${addresses% }"
  fi
  arm_ha
}

require_same_cluster
if is_member; then
  say "is a member of $CLUSTER"
  if [ -e "$HA_MARKER" ]; then after_join; fi
else
  if has_joined && ! runs corosync; then
    systemctl start corosync pve-cluster >&2 </dev/null || true
    # Only what a join of ours has left is cleaned up. A member whose services do not run is not ours to take apart.
    if ! runs corosync && { [ ! -e "$UNDER_WAY" ] || [ -s "/etc/pve/nodes/$HOST/pve-ssl.pem" ]; }; then
      stop "this node is a member of $CLUSTER and corosync does not start" \
        "look at: journalctl -u corosync -u pve-cluster; repair it, then run this again"
    fi
  fi
  if runs corosync && [ -e "$COROSYNC/corosync.conf" ]; then
    go_forward
  else
    if is_half_done; then clean_joiner; fi
    require_joinable
    listed="$(sed -n "/^ *name: $HOST\$/,/}/s/^ *ring0_addr: *//p" <<<"$members")"
    if [ -n "$listed" ]; then clean_member "$listed"; fi
    member_is_quorate || stop "$MEMBER has no quorum" "every node of the cluster must be on; look there at: pvecm status"
    disarm_ha
    remove_qdevice
    join_now
  fi
  finish
  after_join
  say "is a member of $CLUSTER now"
fi
