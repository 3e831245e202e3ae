# Judges a node before anything is changed on any host. It only looks, and tells everything that is wrong at once.
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # set in front of this text, used in its parts

CLUSTER_CONF=/etc/pve/corosync.conf
LOCAL_CONF=/etc/corosync/corosync.conf
STATE=debian
PROXMOX=no
# Whether an earlier run was cut off between the beginning and the end of a membership change.
HALF_WAY=no

cluster_in() {
  sed -n 's/^ *cluster_name: *//p' "$1"
}

is_founder() {
  [ "$HOST" = "$FOUNDER" ]
}

refuse() {
  STATE=refused
  problem "$1" "$2"
}

# Which of the starting points this is; nobody says so.
recognise() {
  local version remedy
  if is_bare; then
    recognise_system
    return
  fi
  STATE=installed
  PROXMOX=yes
  if ! package_is_installed pve-manager; then
    refuse "Proxmox VE is installed here only in part" "complete it on this host: dpkg --configure -a; then run this again"
    return
  fi
  version="$(dpkg-query -W -f '${Version}' pve-manager </dev/null)"
  fact version "$version"
  if [ "${version%%.*}" != "$RELEASE" ]; then
    remedy="bring all nodes to the same release, as Proxmox describes the upgrade; or correct site.cluster.release"
    if [ "$RELEASE" = 8 ]; then
      remedy="upgrade the other nodes too, and then: npm run -s ops -- release switch"
    fi
    refuse "Proxmox VE ${version%%.*} runs here, the site file says release $RELEASE" "$remedy"
  else
    recognise_membership
  fi
}

recognise_system() {
  local system version
  system="$(sed -n 's/^ID=//p' /etc/os-release)"
  version="$(sed -n 's/^VERSION_ID="*\([0-9]*\).*/\1/p' /etc/os-release)"
  if [ "$system" != debian ] || [ "$version" != "$((RELEASE + 4))" ]; then
    refuse "$system ${version:-without a release} runs here; Proxmox VE $RELEASE needs Debian $((RELEASE + 4))" \
      "install Debian $((RELEASE + 4)), or Proxmox VE $RELEASE with its own installer"
  fi
}

recognise_membership() {
  local found
  # As long as a join of ours has not been verified.
  if [ -e /var/lib/proxmox-ha/join ]; then HALF_WAY=yes; fi
  if [ -e "$CLUSTER_CONF" ]; then
    found="$(cluster_in "$CLUSTER_CONF")"
    if [ "$found" != "$CLUSTER" ]; then
      refuse "this node is in cluster $found, not in $CLUSTER" \
        "if $found is the cluster that you mean, set site.cluster.name to it; otherwise take the node out of it and install it anew"
    elif ! has "^ *name: $HOST\$" <"$CLUSTER_CONF"; then
      HALF_WAY=yes
    elif [ "$HALF_WAY" = no ]; then
      STATE=member
    fi
  elif [ -e "$LOCAL_CONF" ]; then
    found="$(cluster_in "$LOCAL_CONF")"
    if [ "$found" = "$CLUSTER" ]; then
      HALF_WAY=yes
    else
      refuse "$LOCAL_CONF is of cluster $found, not of $CLUSTER" "install this node anew, or correct site.cluster.name"
    fi
  elif [ "$HALF_WAY" = yes ]; then
    return
  elif [ ! -d /etc/pve/nodes ]; then
    problem "Proxmox VE's cluster file system does not run" \
      "look at: systemctl status pve-cluster; the node's name has to stand for its address in /etc/hosts"
  elif ! is_founder; then
    judge_joiner
  fi
}

# What makes pvecm add fail; the founder may have all of it.
judge_joiner() {
  local file guests=""
  for file in /etc/pve/local/qemu-server/*.conf /etc/pve/local/lxc/*.conf; do
    if [ -e "$file" ]; then
      file="${file##*/}"
      guests="$guests ${file%.conf}"
    fi
  done
  if [ -n "$guests" ]; then
    refuse "a node that joins a cluster must have no guests; here are:$guests" \
      "back them up, remove them here and restore them in the cluster; or let this node found it: site.cluster.founder"
  fi
  if [ -e /etc/corosync/authkey ]; then
    problem "/etc/corosync/authkey is left over from another cluster, and nobody can join with it" \
      "if this node is in no cluster: rm /etc/corosync/authkey"
  fi
}

# What the next update does here, in the order in which it does it.
tell_plan() {
  case "$STATE" in
    debian)
      will "install Proxmox VE $RELEASE on this Debian"
      case "$(uname -r)" in
        *-pve) ;;
        *) will "reboot this host into Proxmox's kernel" ;;
      esac
      ;;
    refused) return ;;
  esac
  if ! grep -q "^[[:space:]]*iface[[:space:]]*${BRIDGE}\([[:space:]]\|\$\)" /etc/network/interfaces 2>/dev/null; then
    will "put the network card that has $ADDRESS into a bridge $BRIDGE, which takes its network away for a second"
  fi
  if [ "$STATE" = member ]; then
    say "is a member of $CLUSTER, and stays as it is"
    return
  fi
  if [ "$HALF_WAY" = yes ]; then
    if is_founder; then
      will "finish the creation of cluster $CLUSTER"
    else
      will "finish the join to cluster $CLUSTER, which was cut short"
    fi
  elif is_founder; then
    will "create cluster $CLUSTER"
  else
    will "join cluster $CLUSTER; users, storages and jobs that only this node knows are lost then"
  fi
}

# Room, locks and ports, as far as something is to be installed here.
judge_installation() {
  local judgement=problem need=2048
  case "$STATE" in
    debian) need=5120 ;;
    member) judgement=warning ;;
  esac
  judge_space "$judgement" "$need" /
  if [ "$STATE" = member ]; then
    # A full disk stops the cluster file system.
    judge_space problem 100 /var/lib
  fi
  if [ "$STATE" = debian ]; then
    judge_space problem 300 /boot
  fi
  if [ "$STATE" != member ] || { [ -n "$WITNESS_ADDRESS" ] && ! package_is_installed corosync-qdevice; }; then
    judge_apt_lock
  fi
  if [ "$STATE" = member ]; then
    if [ -n "$WITNESS_ADDRESS" ] && ! package_is_installed corosync-qdevice; then
      will "install corosync-qdevice"
    fi
    if ! timeout 10 pvecm status 2>/dev/null </dev/null | has '^Quorate: *Yes'; then
      warning "the cluster has no quorum, or does not answer" "look at: pvecm status"
    fi
    return
  fi
  if there_is ss; then
    judge_listeners t 8006 pveproxy
    judge_listeners t 3128 spiceproxy
    judge_listeners u "5405 5406" corosync
  else
    not_checked "which ports are taken" ss iproute2
  fi
  judge_firewall "TCP ports 22, 8006 and 60000 to 60050, and UDP ports 5405 to 5412"
  say "UDP ports 5405 to 5412 cannot be tried before corosync runs; the join tries them, and ends with an error if they are closed"
}

judge_root
recognise
fact state "$STATE"
tell_plan
judge_name
judge_names
judge_processor
judge_memory
judge_installation
judge_sshd
judge_time
judge_links
judge_others
remind_of_power
tell_clock
verdict
