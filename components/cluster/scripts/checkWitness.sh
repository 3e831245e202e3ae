# Judges the host of the witness before anything is changed on any host. It only looks, and tells everything that is
# wrong at once.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text

ALTERNATIVES="take another witness: a mini PC, or a Debian VM or container on the NAS (not on a node of the cluster); name it in site.cluster.witness"

judge_system() {
  local candidate
  STATE=witness
  if [ -e /etc/corosync/corosync.conf ] || [ -e /etc/pve/corosync.conf ]; then
    STATE=refused
    problem "this host is a member of a cluster itself, it cannot be the witness of one" "$ALTERNATIVES"
    return
  fi
  if ! there_is apt-get || ! there_is dpkg-query || ! there_is systemctl; then
    STATE=refused
    problem "this system is no Debian, and cannot run corosync-qnetd" "$ALTERNATIVES"
    return
  fi
  if [ "$QDEVICE" != yes ] || package_is_installed corosync-qnetd; then
    return
  fi
  judge_space problem 200 /
  judge_apt_lock
  if ! there_is apt-cache; then return; fi
  candidate="$(apt-cache policy corosync-qnetd 2>/dev/null </dev/null | sed -n 's/^ *Candidate: *//p')" || candidate=""
  case "$candidate" in
    "" | "(none)")
      # A system that has never read its lists knows no package at all.
      if apt-cache policy apt 2>/dev/null </dev/null | has '://'; then
        STATE=refused
        problem "this system's package sources have no corosync-qnetd" "on a Debian: see its sources and run apt-get update; otherwise $ALTERNATIVES"
        return
      fi
      ;;
  esac
  will "install corosync-qnetd"
}

judge_address() {
  if there_is ip && ! ip -o addr show </dev/null | has " ${ADDRESS//./\\.}/"; then
    warning "no network card of this host has the address $ADDRESS" \
      "in a container whose ports are mapped this is as it should be: TCP 22 and 5403; otherwise correct the address in site.hosts"
  fi
}

judge_root
judge_system
fact state "$STATE"
judge_space warning 100 /
judge_address
if [ "$STATE" = witness ]; then
  judge_sshd
  judge_time
fi
if [ "$QDEVICE" = yes ] && [ "$STATE" = witness ]; then
  if there_is ss; then judge_listeners t 5403 corosync-qnetd; fi
  judge_firewall "TCP ports 22 and 5403"
fi
remind_of_power
tell_clock
verdict
