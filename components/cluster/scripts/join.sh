# Brings this node into the cluster that MEMBER_ADDRESS is in, over SSH keys: no password, no question.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text
on_member() {
  ssh -n -o BatchMode=yes -o ConnectTimeout=10 "root@$MEMBER_ADDRESS" "$@"
}

if [ -e /etc/pve/corosync.conf ]; then
  found="$(sed -n 's/^ *cluster_name: *//p' /etc/pve/corosync.conf)"
  if [ "$found" != "$CLUSTER" ]; then
    stop "this node is in cluster $found, not in $CLUSTER" \
      "take it out of that cluster and install it anew, or correct site.cluster.name"
  fi
  say "is a member of $CLUSTER"
else
  members="$(on_member cat /etc/pve/corosync.conf)" ||
    stop "cannot log in at $MEMBER ($MEMBER_ADDRESS)" "check that $MEMBER is on, and the network between the two"
  if grep -q "^ *name: $HOST\$" <<<"$members"; then
    stop "$MEMBER already lists this node, but it has no cluster configuration: an earlier join was cut short" \
      "on $MEMBER: pvecm expected 1 (only if it has no quorum), then pvecm delnode $HOST; then run this again"
  fi
  say "joining $CLUSTER through $MEMBER"
  pvecm add "$MEMBER_ADDRESS" --use_ssh --link0 "$ADDRESS" >&2 </dev/null ||
    stop "pvecm add did not succeed" "see the lines above"
fi
wait_for 120 "no quorum after joining" \
  "check that UDP ports 5405 to 5412 are open between $HOST and $MEMBER, and look at: pvecm status" is_quorate
