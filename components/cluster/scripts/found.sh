# Creates the cluster on its first node, or finds it there. LINKS are the node's addresses on corosync's links.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text
CUT_SHORT=no

if [ -e /etc/pve/corosync.conf ]; then
  found="$(sed -n 's/^ *cluster_name: *//p' /etc/pve/corosync.conf)"
  if [ "$found" != "$CLUSTER" ]; then
    stop "this node is in cluster $found, not in $CLUSTER" \
      "set site.cluster.name to $found if that is the cluster you mean, or install the node anew"
  fi
  say "cluster $CLUSTER is there"
  # pvecm create starts it last, and does not go on where it was cut short.
  if ! systemctl is-active --quiet corosync </dev/null; then
    say "its creation was cut short, or corosync was stopped: starting corosync"
    CUT_SHORT=yes
    systemctl restart corosync pve-cluster >&2 </dev/null ||
      stop "corosync and pve-cluster could not be started" "look at: journalctl -u corosync -u pve-cluster"
  fi
else
  say "creating cluster $CLUSTER"
  given=()
  for address in $LINKS; do
    given+=("--link$((${#given[@]} / 2))" "$address")
  done
  pvecm create "$CLUSTER" "${given[@]}" >&2 </dev/null ||
    stop "pvecm create did not succeed" "see the lines above"
fi
# Nodes that are not heard: one that a join has listed and that never came, or that is off.
away="$({ grep -v "\"$HOST\":" /etc/pve/.members || true; } 2>/dev/null | sed -n 's/^ *"\([^"]*\)": {.*"online": 0.*/\1/p' | tr '\n' ' ')"
what="the cluster has no quorum"
remedy="look at: pvecm status; every node of the cluster must be on and reachable"
if [ -n "$away" ]; then
  what="$what: away are ${away% }"
  remedy="switch them on and check the network to them; then run this again; look at: pvecm status"
fi
wait_for 60 "$what" "$remedy" is_quorate
if [ "$CUT_SHORT" = yes ]; then
  pvecm updatecerts >&2 </dev/null || stop "pvecm updatecerts did not succeed" "see the lines above"
fi
