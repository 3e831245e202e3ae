# Creates the cluster on its first node, or finds it there. LINKS are the node's addresses on corosync's links.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text
if [ -e /etc/pve/corosync.conf ]; then
  found="$(sed -n 's/^ *cluster_name: *//p' /etc/pve/corosync.conf)"
  if [ "$found" != "$CLUSTER" ]; then
    stop "this node is in cluster $found, not in $CLUSTER" \
      "set site.cluster.name to $found if that is the cluster you mean, or install the node anew"
  fi
  say "cluster $CLUSTER is there"
else
  say "creating cluster $CLUSTER"
  given=()
  for address in $LINKS; do
    given+=("--link$((${#given[@]} / 2))" "$address")
  done
  pvecm create "$CLUSTER" "${given[@]}" >&2 </dev/null ||
    stop "pvecm create did not succeed" "see the lines above"
fi
wait_for 60 "the cluster has no quorum" \
  "look at: pvecm status; every node of the cluster must be on and reachable" is_quorate
