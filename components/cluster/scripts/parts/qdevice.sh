# The QDevice: its package on the nodes, whether it votes, and the key by which the node that sets it up logs in at the
# witness.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text

# on_host ADDRESS COMMANDLINE
on_host() {
  # "|| return" for the lab's shell: a function whose last command fails would end the script even before an "||".
  ssh -n -o BatchMode=yes -o StrictHostKeyChecking=yes -o ConnectTimeout=10 "root@$1" "$2" || return 1
}

# install_qdevice ADDRESS: corosync-qdevice on that node. A node that comes from Proxmox's installer may never have read
# its package lists; those of the enterprise repository cannot be read without a subscription, and are not needed.
install_qdevice() {
  on_host "$1" \
    "dpkg-query -W -f '\${Status}' corosync-qdevice 2>/dev/null | grep 'install ok installed' >/dev/null && exit 0
export DEBIAN_FRONTEND=noninteractive
apt-get install -y corosync-qdevice -o DPkg::Lock::Timeout=120 && exit 0
apt-get update
apt-get install -y corosync-qdevice -o DPkg::Lock::Timeout=120" >&2 ||
    stop "corosync-qdevice could not be installed on $1" "see the lines above; the node must be on, and its package sources must work: apt-get update"
}

# qdevice_votes: what counts is the vote on every node (A,V), not the flag, which stays with a dead witness.
qdevice_votes() {
  local status address tool
  if status="$(pvecm status 2>/dev/null </dev/null)"; then :; else return 1; fi
  if [ "$(grep -c ' A,V,' <<<"$status")" -ne "$NODES" ] || ! has "^Total votes: *$EXPECTED_VOTES *\$" <<<"$status"; then
    return 1
  fi
  for address in $NODE_ADDRESSES; do
    if tool="$(on_host "$address" 'corosync-qdevice-tool -s' 2>/dev/null)"; then :; else return 1; fi
    if ! has '^State:[[:space:]]*Connected' <<<"$tool"; then return 1; fi
  done
}

# votes_within SECONDS
votes_within() {
  local left="$1"
  until qdevice_votes; do
    if [ "$left" -le 0 ]; then return 1; fi
    sleep 5
    left=$((left - 5))
  done
}

# require_all_online: neither setting it up nor removing it works without.
require_all_online() {
  local line name address said
  while IFS= read -r line; do
    case "$line" in
      *'"online": 0'*)
        name="${line#*\"}"
        stop "node ${name%%\"*} is offline, and the QDevice can only be set up or removed while every node is on" \
          "switch it on, or take it out of the cluster if it is gone for good (docs/runbooks: replacing a dead node); then run this again"
        ;;
    esac
  done </etc/pve/.members
  for address in $NODE_ADDRESSES; do
    if ! said="$(on_host "$address" true 2>&1)"; then
      stop "root of $HOST cannot log in at $address: $said" "every node must be on, and let in the key in /root/.ssh/id_rsa.pub of $HOST"
    fi
  done
}

# require_witness: pvecm copies certificates from and to it.
require_witness() {
  local said
  if ! said="$(on_host "$WITNESS_ADDRESS" true 2>&1)"; then
    stop "root of $HOST cannot log in at the witness $WITNESS_ADDRESS: $said" \
      "on the witness, the line in /root/.ssh/id_rsa.pub of $HOST must stand in /root/.ssh/authorized_keys, and sshd must let root in with a key; then run this again"
  fi
}

# require_port: a witness that the nodes reach and that does not take them has other certificates.
require_port() {
  local address
  for address in $NODE_ADDRESSES; do
    if ! on_host "$address" "timeout 5 bash -c ': >/dev/tcp/$WITNESS_ADDRESS/5403'" 2>/dev/null; then
      stop "TCP port 5403 of the witness $WITNESS_ADDRESS does not answer to $address" \
        "open it in the firewalls between, and look on the witness at: systemctl status corosync-qnetd"
    fi
  done
}

# start_qdevice: where a setup was cut short, or somebody has stopped it.
start_qdevice() {
  local address
  for address in $NODE_ADDRESSES; do
    on_host "$address" 'systemctl is-active --quiet corosync-qdevice || systemctl enable --now corosync-qdevice' >&2 ||
      say "corosync-qdevice does not start on $address"
  done
}

# withdraw_key: this node's line at the witness. Whoever is not let in there has none.
withdraw_key() {
  local type key said
  read -r type key _ </root/.ssh/id_rsa.pub
  if ! said="$(on_host "$WITNESS_ADDRESS" "f=\"\$(readlink -f /root/.ssh/authorized_keys)\"; ! grep -q '$type $key' \"\$f\" || { { grep -v '$type $key' \"\$f\" >\"\$f.new\" || [ \$? -eq 1 ]; } && chmod 600 \"\$f.new\" && mv \"\$f.new\" \"\$f\"; }" 2>&1)"; then
    case "$said" in
      *"ermission denied"*) return 0 ;;
    esac
    stop "the key of $HOST could not be taken off the witness: $said" \
      "on the witness, remove the line of $HOST from /root/.ssh/authorized_keys"
  fi
  say "the key of $HOST is off the witness"
}
