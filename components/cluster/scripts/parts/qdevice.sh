# The QDevice's package on the nodes, and the key by which the node that sets it up logs in at the witness.
# shellcheck shell=bash

# install_qdevice ADDRESS: corosync-qdevice on that node.
install_qdevice() {
  ssh -n -o BatchMode=yes -o ConnectTimeout=10 "root@$1" \
    "dpkg-query -W -f '\${Status}' corosync-qdevice 2>/dev/null | grep 'install ok installed' >/dev/null || DEBIAN_FRONTEND=noninteractive apt-get install -y corosync-qdevice" >&2 ||
    stop "corosync-qdevice could not be installed on $1" "see the lines above; every node must be on"
}
