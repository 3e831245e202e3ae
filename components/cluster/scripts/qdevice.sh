# Sets the QDevice up, once all nodes are in. One that does not vote is removed first: its witness is another now, or
# was installed anew and has other certificates. MACHINES, the host keys of all, are only to let a change of them run
# this again.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text
set_up() {
  require_port
  require_witness
  if [ $((NODES % 2)) -eq 1 ]; then
    say "an odd number of nodes gets the witness's vote because cluster.qdevice says so: without the witness no node may fail then"
  fi
  disarm_ha
  remove_qdevice
  setup_qdevice "$WITNESS_ADDRESS" "$NODE_ADDRESSES"
  if ! votes_within 60; then
    stop "the QDevice does not vote on every node" \
      "look on every node at: pvecm status; corosync-qdevice-tool -s; journalctl -u corosync-qdevice; then run this again"
  fi
}

witness="$(qdevice_host)" || exit 1
if [ "$witness" != "$WITNESS_ADDRESS" ] || ! qdevice_votes; then
  say "the QDevice with $WITNESS_ADDRESS does not vote on every node yet"
  require_all_online
  for address in $NODE_ADDRESSES; do
    install_qdevice "$address"
  done
  if [ "$witness" = "$WITNESS_ADDRESS" ]; then start_qdevice; fi
  # A witness may have come back just now.
  if [ "$witness" != "$WITNESS_ADDRESS" ] || ! votes_within 30; then set_up; fi
fi
arm_ha
if [ "$KEEP_KEY" != yes ]; then withdraw_key; fi
say "the QDevice votes: $EXPECTED_VOTES of $EXPECTED_VOTES"
