# Mount points of container VMID: new ones come, others grow and get their options. None goes, because of what lies there.
# MOUNTS has a line for each: slot, storage, GiB, options in order without those that are usual.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text
CONFIG="$(ls /etc/pve/nodes/*/lxc/"$VMID".conf 2>/dev/null || true)"
if [ -z "$CONFIG" ]; then
  stop "there is no container $VMID" "look for it: pct list, on each node; then run this again"
fi
NODE="${CONFIG#/etc/pve/nodes/}"
NODE="${NODE%%/*}"

# line_of SLOT: as the container has it now, not what is pending or in a snapshot.
line_of() {
  sed -n -e '/^\[/q' -e "s/^$1: //p" "$CONFIG"
}

# waiting SLOT: what it becomes at the next start.
waiting() {
  awk -v slot="$1: " '
    /^\[/ { pending = $0 == "[pve:pending]" }
    pending && index($0, slot) == 1 { print substr($0, length(slot) + 1) }' "$CONFIG"
}

# options_of TEXT
options_of() {
  printf '%s\n' "$1" | tr ',' '\n' | sed -e 1d |
    grep -v -E '^(size=.*|(acl|backup|keepattrs|quota|ro|shared)=0|replicate=1|)$' | sort | tr '\n' ',' | sed -e 's/,$//'
}

# gibibytes TEXT: whole ones.
gibibytes() {
  local size
  size="$(printf '%s\n' "$1" | tr ',' '\n' | sed -n -e 's/^size=//p')"
  case "$size" in
    *T) echo $((${size%T} * 1024)) ;;
    *G) echo "${size%G}" ;;
    *) echo 0 ;;
  esac
}

change() {
  pvesh set "/nodes/$NODE/lxc/$VMID/$1" "${@:2}" >&2 </dev/null ||
    stop "container $VMID could not be changed" "see the lines above; without quorum nothing can be changed: pvecm status"
}

while read -r slot storage size options; do
  if [ -z "$slot" ]; then continue; fi
  there="$(line_of "$slot")"
  if [ -z "$there" ]; then
    say "container $VMID gets $slot: $size GiB on $storage"
    change config "--$slot" "$storage:$size,$options"
    continue
  fi
  if [ "$(gibibytes "$there")" -lt "$size" ]; then
    say "$slot of container $VMID grows to $size GiB"
    change resize --disk "$slot" --size "${size}G"
    there="$(line_of "$slot")"
  fi
  next="$(waiting "$slot")"
  if [ "$(options_of "${next:-$there}")" = "$options" ]; then continue; fi
  say "$slot of container $VMID: $options, from its next start on if it runs"
  grown="$(printf '%s\n' "$there" | tr ',' '\n' | sed -n -e '/^size=/p')"
  change config "--$slot" "${there%%,*},$options${grown:+,$grown}"
done <<<"$MOUNTS"
say "mount points of container $VMID are as described"
