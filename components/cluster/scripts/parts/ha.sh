# Membership changes with HA disarmed, and the QDevice around them. HA_AT is the address of a member at which all of
# it is done; without it, here. Every function may run again after being killed anywhere.
# shellcheck shell=bash

# Says that HA was disarmed by us. What an operator has disarmed stays disarmed.
HA_MARKER=/etc/pve/proxmox-ha-disarmed
# Seconds. The recovery of a node's guests takes up to four minutes, a migration may take longer.
HA_PATIENCE=900
HA_AT="${HA_AT:-}"

# at_member COMMANDLINE
at_member() {
  # "|| return" for the lab's shell: a function whose last command fails would end the script even before an "||".
  if [ -z "$HA_AT" ]; then
    bash -c "$1" </dev/null || return 1
  else
    ssh -n -o BatchMode=yes -o ConnectTimeout=10 "root@$HA_AT" "$1" || return 1
  fi
}

# ask_member CONDITION: to be answered by yes or no. No answer ends the step.
ask_member() {
  local answer
  answer="$(at_member "if $1; then echo yes; else echo no; fi")" || true
  case "$answer" in
    yes) return 0 ;;
    no) return 1 ;;
  esac
  stop "no answer from ${HA_AT:-this node} to: $1" \
    "check that it is on and a member of the cluster, and that root can log in there"
}

# ha_resources: the configuration of everything that HA is in charge of.
ha_resources() {
  at_member 'test ! -e /etc/pve/ha/resources.cfg || cat /etc/pve/ha/resources.cfg' ||
    stop "the HA resources cannot be read at ${HA_AT:-this node}" "look there at: systemctl status pve-cluster"
}

ha_is_used() {
  local resources
  resources="$(ha_resources)" || exit 1
  if has '^[a-z]*: ' <<<"$resources"; then return 0; fi
  return 1
}

# ha_acts_on: those resources that are not ignored, as vm:100 in a line each.
ha_acts_on() {
  local resources line sid=""
  resources="$(ha_resources)" || exit 1
  while IFS= read -r line; do
    case "$line" in
      [a-z]*": "*)
        if [ -n "$sid" ]; then printf '%s\n' "$sid"; fi
        sid="${line%%:*}:${line##*: }"
        ;;
      *[[:space:]]"state ignored"*) sid="" ;;
    esac
  done <<<"$resources"
  if [ -n "$sid" ]; then printf '%s\n' "$sid"; fi
}

ha_status() {
  at_member 'ha-manager status' ||
    stop "ha-manager status does not work at ${HA_AT:-this node}" "see the lines above"
}

# ha_phase: armed, standby, disarming or disarmed; nothing where HA cannot be disarmed (before pve-ha-manager 5.1.3,
# which brought the command together with this line of the status).
ha_phase() {
  local status
  status="$(ha_status)" || exit 1
  sed -n 's/^fencing \([a-z]*\).*/\1/p' <<<"$status"
}

is_disarmed() {
  [ "$(ha_phase)" = disarmed ]
}

# The manager reads its commands in order, every ten seconds: none may be waiting.
is_armed() {
  local phase
  if ! ask_member 'test ! -s /etc/pve/ha/crm_commands'; then return 1; fi
  phase="$(ha_phase)" || exit 1
  [ "$phase" = armed ] || [ "$phase" = standby ]
}

# Until a node's LRM has noticed that nothing is left to it, it still resets the node when quorum is lost.
is_idle() {
  local status
  status="$(ha_status)" || exit 1
  ! has '^lrm [^ ]* (active' <<<"$status"
}

# disarm_ha: from here on no node resets itself when it loses quorum.
disarm_ha() {
  local phase left
  if ! ha_is_used; then return 0; fi
  phase="$(ha_phase)" || exit 1
  case "$phase" in
    "")
      require_ignored
      return 0
      ;;
    disarming | disarmed)
      if ! ask_member "test -e $HA_MARKER"; then say "HA was disarmed by somebody else, and stays so"; fi
      ;;
    *)
      say "disarming HA; it is armed again as soon as this step has done its work"
      # First: if this script ends here, the next one knows that it has to arm.
      at_member "echo $STEP >$HA_MARKER" ||
        stop "$HA_MARKER cannot be written" "without quorum nothing can be changed; look at: pvecm status"
      at_member 'ha-manager crm-command disarm-ha freeze' >&2 ||
        stop "HA could not be disarmed" "see the lines above"
      ;;
  esac
  left="$HA_PATIENCE"
  until is_disarmed; do
    if [ "$left" -le 0 ]; then
      arm_ha
      stop "HA could not be disarmed within $((HA_PATIENCE / 60)) minutes, and has been left as it was" \
        "look at: ha-manager status; services in fence, recovery, migrate or relocate must come to their end first; then run this again"
    fi
    if [ $((left % 60)) -eq 0 ]; then say "waiting for HA to be disarmed"; fi
    sleep 5
    left=$((left - 5))
  done
}

# Release 8 knows no disarming: with every resource ignored, no node has anything to reset itself for.
require_ignored() {
  local acting
  acting="$(ha_acts_on)" || exit 1
  if [ -n "$acting" ]; then
    stop "HA is in charge of ${acting//$'\n'/ } and this release cannot disarm it; with HA armed, a node that loses quorum for a minute resets itself" \
      "on a member, for each of them: ha-manager set SID --state ignored (its guest runs on); run this again, then give each its state back: ha-manager set SID --state started"
  fi
  wait_for 180 "a node's LRM is still active though every HA resource is ignored" \
    "look at: ha-manager status; it goes idle within two minutes" is_idle
}

# arm_ha: only what we have disarmed.
arm_ha() {
  if ! ask_member "test -e $HA_MARKER"; then return 0; fi
  say "arming HA"
  at_member 'ha-manager crm-command arm-ha' >&2 ||
    stop "HA could not be armed" "see the lines above; it stays disarmed until: ha-manager crm-command arm-ha"
  wait_for 180 "HA was told to arm itself, and does not" \
    "look at: ha-manager status, and on every node: systemctl status pve-ha-crm pve-ha-lrm" is_armed
  at_member "rm -f $HA_MARKER" ||
    stop "$HA_MARKER cannot be removed" "without quorum nothing can be changed; look at: pvecm status"
}

# qdevice_host: address of the witness that is configured, if any.
qdevice_host() {
  at_member "sed -n '/device {/,/^  }/s/^ *host: *//p' /etc/pve/corosync.conf" ||
    stop "the cluster's configuration cannot be read at ${HA_AT:-this node}" "look there at: systemctl status pve-cluster"
}

# remove_qdevice: every configured member must be online.
remove_qdevice() {
  local witness
  witness="$(qdevice_host)" || exit 1
  if [ -z "$witness" ]; then return 0; fi
  say "removing the QDevice with $witness"
  at_member 'pvecm qdevice remove' >&2 ||
    stop "pvecm qdevice remove did not succeed" "see the lines above; every node of the cluster must be on"
}

# setup_qdevice WITNESS ADDRESSES: on a cluster without one; ADDRESSES are those of all nodes.
setup_qdevice() {
  local address count=0 force=""
  for address in $2; do
    count=$((count + 1))
    # What is left from a setup or a removal that was cut short stands in the way of this one: certificates, and a
    # daemon that has read them.
    ssh -n -o BatchMode=yes -o ConnectTimeout=10 "root@$address" 'systemctl stop corosync-qdevice 2>/dev/null; rm -rf /etc/corosync/qdevice' ||
      stop "cannot log in at $address" "every node must be on and reachable"
  done
  # An odd number is refused without it.
  if [ $((count % 2)) -eq 1 ]; then force=" --force"; fi
  say "setting up the QDevice with $1"
  at_member "pvecm qdevice setup $1$force" >&2 ||
    stop "pvecm qdevice setup did not succeed" "see the lines above"
}
