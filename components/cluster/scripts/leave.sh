# Takes NODE, a member that is off for good, out of the cluster. Runs on a member that stays. ADDRESSES are those of the
# site file; POWERED_OFF is yes when an operator has said that the machine never comes back as it was, SEEN when it has
# just answered that operator's machine.
# shellcheck shell=bash
# shellcheck disable=SC2153,SC2154 # set in front of this text
FOLDER="/etc/pve/nodes/$NODE"
# What a removal that has begun must still know: the node's addresses. Here, so that any member can finish it.
RECORD="/etc/pve/proxmox-ha-leaving-$NODE"
COPIES=/var/lib/proxmox-ha/removed

# member_table: name and addresses of every configured member, a line each.
member_table() {
  local line name="" addresses=""
  while IFS= read -r line; do
    case "$line" in
      *"node {"*) name="" addresses="" ;;
      *[[:space:]]"name: "*) name="${line##*: }" ;;
      *[[:space:]]ring[0-9]_addr:*) addresses="$addresses ${line##*: }" ;;
      *"}"*)
        if [ -n "$name" ]; then printf '%s%s\n' "$name" "$addresses"; fi
        name=""
        ;;
    esac
  done </etc/pve/corosync.conf
}

# is_online NAME: as corosync sees it.
is_online() {
  grep -q "\"$1\": *{[^}]*\"online\": *1" /etc/pve/.members
}

# answers ADDRESS
answers() {
  if ping -c 1 -W 2 "$1" >/dev/null 2>&1 </dev/null; then return 0; fi
  if timeout 5 bash -c "</dev/tcp/$1/22" >/dev/null 2>&1 </dev/null; then return 0; fi
  return 1
}

guest_files() {
  local file
  for file in "$FOLDER"/qemu-server/*.conf "$FOLDER"/lxc/*.conf; do
    if [ -e "$file" ]; then printf '%s\n' "$file"; fi
  done
}

# guest_problem FILE: what to do about one guest that is still the node's.
guest_problem() {
  local file="$1" vmid kind=vm tool=qm name volumes
  vmid="${file##*/}"
  vmid="${vmid%.conf}"
  case "$file" in */lxc/*) kind=ct tool=pct ;; esac
  name="$(sed -n -e '/^\[/q' -e 's/^\(host\)\{0,1\}name: *//p' "$file")"
  volumes="$(sed -n -e '/^\[/q' -e 's/^\(rootfs\|[a-z]*[0-9][0-9]*\): *\([^:,]*:[^,]*\).*/\2/p' "$file")"
  local what="guest $vmid ($name) is still on $NODE"
  if is_online "$NODE"; then
    problem "$what" "move it first: $tool migrate $vmid TARGET (HA guests all at once: ha-manager crm-command node-maintenance enable $NODE)"
  elif has "^$kind:$vmid\$" <<<"$ACTING"; then
    problem "$what" "HA starts it elsewhere within minutes: wait until ha-manager status shows it there; if it stays in recovery or error, no other node may run it"
  else
    problem "$what, and HA is not in charge of it" \
      "if all its volumes (${volumes//$'\n'/ }) are on shared storage, let $HOST take it over: mv $file ${file/nodes\/$NODE/nodes/$HOST}; if not, restore it from a backup under another id and give its configuration up: rm $file"
  fi
}

# Everything that stands in the way, at once.
look() {
  local address name file asked="- "
  if ! is_quorate; then
    problem "the members that are left have no quorum" "bring another member or the witness back; look at: pvecm status"
  fi
  if [ -n "$LISTED" ]; then
    if is_online "$NODE"; then
      problem "$NODE is online in the cluster" "when its guests are elsewhere, log in there and: poweroff"
    else
      for address in $ADDRESSES ${LISTED#* }; do
        case "$asked" in *" $address "*) continue ;; esac
        asked="$asked$address "
        if answers "$address"; then
          problem "something answers at $NODE's address $address" \
            "power the machine off; a replacement stays off until the old node is removed"
        fi
      done
    fi
    if [ "$SEEN" = yes ]; then
      problem "$NODE answers over SSH to the machine that asks" "power it off; see which machine it is"
    fi
    if [ "$POWERED_OFF" != yes ]; then
      problem "that $NODE is off for good cannot be seen from here" \
        "go and see; it must never come up again with its old disks. Then say so: --powered-off"
    fi
  fi
  if [ -n "$(qdevice_host)" ]; then
    for name in $MEMBERS; do
      if [ "$name" != "$NODE" ] && ! is_online "$name"; then
        problem "member $name is offline too" "bring it back first: a QDevice can only be removed while every other member is on"
      fi
    done
  fi
  while IFS= read -r file; do
    if [ -n "$file" ]; then guest_problem "$file"; fi
  done <<<"$(guest_files)"
}

# The node's folder holds its certificates and its firewall's rules: a copy is kept here.
remove_folder() {
  local copy
  [ -e "$FOLDER" ] || return 0
  [ -z "$(guest_files)" ] || stop "$NODE has guests again" "run this again to see which"
  copy="$COPIES/$NODE-$(date +%Y%m%d-%H%M%S)"
  mkdir -p "$COPIES"
  chmod 700 "$COPIES"
  cp -r "$FOLDER" "$copy" || stop "$FOLDER could not be copied to $copy" "look at: df /var/lib"
  rm -rf "$FOLDER" || stop "$FOLDER could not be removed" "look at: pvecm status"
  say "its folder in /etc/pve is gone; a copy is in $copy"
}

[ -e /etc/pve/corosync.conf ] || stop "this node is in no cluster" "name a stack whose cluster is there"
[ "$NODE" != "$HOST" ] || stop "a node cannot remove itself" "run this through another member"
TABLE="$(member_table)"
LISTED="$(grep "^$NODE " <<<"$TABLE" || true)"
MEMBERS=""
while read -r name _; do MEMBERS="$MEMBERS $name"; done <<<"$TABLE"
if [ -z "$LISTED" ] && [ ! -e "$FOLDER" ] && [ ! -e "$RECORD" ]; then
  say "$NODE is no member, and nothing of it is left; the members are:$MEMBERS"
else
  ACTING="$(ha_acts_on)"
  look
  verdict
  if [ -n "$LISTED" ] && [ ! -e "$RECORD" ]; then
    printf '%s\n' "${LISTED#* }" >"$RECORD" || stop "$RECORD cannot be written" "look at: pvecm status"
  fi
  disarm_ha
  if [ -n "$LISTED" ]; then
    say "taking $NODE out of the cluster"
    # First: with a configured member that is off, the QDevice cannot be removed.
    pvecm delnode "$NODE" >&2 </dev/null || stop "pvecm delnode did not succeed" "see the lines above"
  else
    say "$NODE is out of the cluster's configuration already"
  fi
  wait_for 60 "no quorum without $NODE" "look at: pvecm status" is_quorate
  remove_qdevice
  remove_folder
  arm_ha
  fact addresses "$(cat "$RECORD" 2>/dev/null || true)"
  rm -f "$RECORD"
  say "$NODE is out of the cluster"
fi
