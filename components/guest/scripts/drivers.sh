# A second CD drive of a VM, wherever it runs: $3 VMID, $4 image, $5 restart or wait. The provider knows one drive only.
# shellcheck shell=bash
VMID="$3" VOLUME="$4" WHEN="$5"
DRIVE=ide0
# Is there while the VM is off because of this script, so that the run after one that is cut off switches it on.
OFF="/etc/pve/proxmox-ha-restarting-$VMID"

CONF=""
for file in /etc/pve/nodes/*/qemu-server/"$VMID".conf; do
  if [ -e "$file" ]; then CONF="$file"; fi
done
if [ -z "$CONF" ]; then
  if [ "$2" = remove ]; then
    say "VM $VMID is gone, and its drive with it"
    exit 0
  fi
  stop "there is no VM $VMID" "run this update again; it makes the VM first"
fi
NODE="${CONF#/etc/pve/nodes/}"
GUEST="/nodes/${NODE%%/*}/qemu/$VMID"

# section NAME: lines of the VM's file, of what it has ("") or of what waits for its next start ([PENDING]).
section() {
  local line at=""
  while IFS= read -r line; do
    case "$line" in
      '['*) at="$line" ;;
      *) if [ "$at" = "$1" ]; then printf '%s\n' "$line"; fi ;;
    esac
  done <"$CONF"
}

change() {
  pvesh "$@" >&2 </dev/null ||
    stop "pvesh $1 $2 did not succeed" "see the lines above; without quorum nothing can be changed: pvecm status"
}

is_stopped() {
  pvesh get "$GUEST/status/current" --output-format json </dev/null | has '"status" *: *"stopped"' || return 1
}

NOW="$(section '' | grep "^$DRIVE: ")" || true

if [ "$2" = remove ]; then
  case "$NOW" in
    *media=cdrom*)
      change set "$GUEST/config" --delete "$DRIVE"
      say "the second CD drive of VM $VMID goes at its next start"
      ;;
    *) say "VM $VMID has no second CD drive" ;;
  esac
  exit 0
fi

case "$NOW" in
  "" | *media=cdrom*) ;;
  *) stop "$DRIVE of VM $VMID is a disk: $NOW" "move it to another slot: qm set $VMID --delete $DRIVE, then --scsi1 and so on" ;;
esac
case "$NOW" in
  "$DRIVE: $VOLUME,"*) ;;
  *) change set "$GUEST/config" "--$DRIVE" "$VOLUME,media=cdrom" ;;
esac

if section '[PENDING]' | has "^$DRIVE: "; then
  if [ "$WHEN" = wait ]; then
    say "VM $VMID gets its second CD drive at its next start"
    exit 0
  fi
  say "switching VM $VMID off and on, as a CD drive is not found while it runs"
  : >"$OFF" || stop "$OFF cannot be written" "without quorum nothing can be changed: pvecm status"
  change create "$GUEST/status/stop"
  wait_for 120 "VM $VMID did not stop" "stop it, then run this update again" is_stopped
fi
if [ -e "$OFF" ]; then
  if is_stopped; then change create "$GUEST/status/start"; fi
  rm -f "$OFF"
fi
say "VM $VMID has $VOLUME in its second CD drive"
