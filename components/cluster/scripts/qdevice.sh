# Sets the QDevice up, once all nodes are in. What counts is its vote (A,V on every node), not its flag, which stays
# with a dead witness.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text
votes() {
  local status
  status="$(pvecm status 2>/dev/null </dev/null)" || return 1
  [ "$(grep -c ' A,V,' <<<"$status")" -eq "$NODES" ] &&
    grep -q "^Total votes: *$EXPECTED_VOTES\$" <<<"$status"
}

configured="$(sed -n '/device {/,/^  }/s/^ *host: *//p' /etc/pve/corosync.conf)"
if [ -n "$configured" ] && [ "$configured" != "$WITNESS_ADDRESS" ]; then
  stop "the QDevice's witness is $configured, not $WITNESS_ADDRESS" \
    "on any node: pvecm qdevice remove; then run this again"
fi
for address in $NODE_ADDRESSES; do
  ssh -n -o BatchMode=yes -o ConnectTimeout=10 "root@$address" \
    "dpkg-query -W -f '\${Status}' corosync-qdevice 2>/dev/null | grep 'install ok installed' >/dev/null || DEBIAN_FRONTEND=noninteractive apt-get install -y corosync-qdevice" >&2 ||
    stop "corosync-qdevice could not be installed on $address" "see the lines above; every node must be on"
done
if [ -z "$configured" ]; then
  say "setting up the QDevice with $WITNESS_ADDRESS"
  pvecm qdevice setup "$WITNESS_ADDRESS" >&2 </dev/null ||
    stop "pvecm qdevice setup did not succeed" "see the lines above"
fi
wait_for 60 "the QDevice does not vote on every node" \
  "check that the witness is on and that TCP port 5403 is open to it; look at: pvecm status" votes
say "the QDevice votes: $EXPECTED_VOTES of $EXPECTED_VOTES"
