# Brings the node's bridges, bonds and VLANs to what INTERFACES says: a line each, its name, its type and its options for
# Proxmox VE's API, each after what it lies on. Everything is staged, judged, and then applied at once. The node's
# ADDRESS and everything that it lies on stay as they are, and so does corosync.
# shellcheck shell=bash
# shellcheck disable=SC2153,SC2154 # set in front of this text
FILE=/etc/network/interfaces
FOLDER=/var/lib/proxmox-ha
# What we have made, a name in a line, each after what it lies on.
OURS="$FOLDER/network"
# Is there while what is staged is ours.
STAGING="$FOLDER/network-staged"
# The file before a change, as long as nobody has seen that the change did well. Each run has a name of its own for it, so
# that the way back of an earlier one finds nothing.
SAVED="$FOLDER/interfaces-before-$(date +%s%N)"
API="/nodes/$HOST/network"
UI="in the web interface: $HOST, System, Network"

names_of() {
  sed -n 's/^\([^ ]\{1,\}\) .*/\1/p' <<<"$1"
}

# listed NAME NAMES: whether it is one of them.
listed() {
  grep -qxF -- "$1" <<<"$2" || return 1
}

# turned NAMES: the last one first.
turned() {
  local name all=""
  while IFS= read -r name; do
    if [ -n "$name" ]; then all="$name"$'\n'"$all"; fi
  done <<<"$1"
  printf '%s' "$all"
}

# What Proxmox VE knows, staged changes included: an interface in a line, without what depends on the place in the file.
shown() {
  pvesh get "$API" --output-format json </dev/null | tr -d '\n' |
    sed -e 's/},{/}\n{/g' -e 's/^\[//' -e 's/\]$//' |
    sed -e 's/"\(active\|priority\)":"\{0,1\}[0-9]*"\{0,1\},\{0,1\}//g' -e 's/,}$/}/' | sort
}

# line_of NAME LIST
line_of() {
  grep -F -- "\"iface\":\"$1\"" <<<"$2" || true
}

# field KEY LINE
field() {
  sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" <<<"$2"
}

known_names() {
  sed -n 's/.*"iface":"\([^"]*\)".*/\1/p' <<<"$1"
}

# below NAME LIST: it and everything that it lies on, a name in a line.
below() {
  local names="$1" next name line
  for _ in 1 2 3 4 5 6; do
    next=""
    for name in $names; do
      printf '%s\n' "$name"
      line="$(line_of "$name" "$2")"
      next="$next $(field bridge_ports "$line") $(field slaves "$line") $(field vlan-raw-device "$line")"
      case "$name" in *.*) next="$next ${name%.*}" ;; esac
    done
    names="$next"
  done
}

# device_of ADDRESS: what has it now.
device_of() {
  ip -o addr show </dev/null | sed -n "s/^[0-9]*: *\([^ ]*\) .* ${1//./\\.}\/.*/\1/p"
}

is_clustered() {
  # "|| return" for the lab's shell: it ends a script where a function's last command fails.
  [ -e /etc/pve/corosync.conf ] || return 1
}

# Addresses of this node that corosync uses.
rings() {
  local address
  if ! is_clustered; then return 0; fi
  # shellcheck disable=SC2013 # addresses have no blanks
  for address in $(sed -n 's/^ *ring[0-9]_addr: *//p' /etc/pve/corosync.conf); do
    if [ -n "$(device_of "$address")" ]; then printf '%s\n' "$address"; fi
  done
}

# guests_on BRIDGE: VMIDs of the guests of this node that are connected to it.
guests_on() {
  local file found=""
  for file in "/etc/pve/nodes/$HOST"/qemu-server/*.conf "/etc/pve/nodes/$HOST"/lxc/*.conf; do
    if [ -e "$file" ] && has "bridge=$1\(,\|\$\)" <"$file"; then
      file="${file##*/}"
      found="$found ${file%.conf}"
    fi
  done
  printf '%s' "${found# }"
}

# note NAMES...: what is ours from now on.
note() {
  printf '%s\n' "$@" | sed '/^$/d' >"$OURS.new"
  mv "$OURS.new" "$OURS"
}

unstage() {
  pvesh delete "$API" >&2 </dev/null || stop "the staged changes could not be reverted" "see the lines above; Revert them $UI"
  rm -f "$STAGING"
}

# give_up WHAT REMEDY: nothing has been applied.
give_up() {
  unstage
  finish_ha
  stop "$1; nothing has been changed" "$2"
}

# drop NAME: a card is left as the installer leaves it.
drop() {
  if [ -z "$(line_of "$1" "$BEFORE")" ]; then return 0; fi
  if ! pvesh delete "$API/$1" >&2 </dev/null; then
    give_up "$1 could not be taken out" "see the lines above; what lies on $1 has to be described too, or to be removed first, $UI"
  fi
}

# put NAME TYPE OPTIONS
put() {
  local name="$1" type="$2" options="$3"
  eval "set -- $options"
  if [ "$type" = eth ]; then
    if [ -z "$(line_of "$name" "$BEFORE")" ]; then
      give_up "this node has no network card $name" \
        "look at: ip link; say how it is called here in site.nodes.$HOST.network"
    fi
    set -- set "$API/$name" --type eth "$@"
  else
    set -- create "$API" --iface "$name" --type "$type" "$@"
  fi
  # Not "$@" alone: the lab's shell takes that for one word where a command stands.
  if ! pvesh "$@" >&2 </dev/null; then
    give_up "Proxmox VE does not take $name as it is described" "see the lines above; correct site.network or site.nodes.$HOST.network"
  fi
}

# stage OURS: everything of ours is taken out and put in anew, so that its order does not matter.
stage() {
  local name type options
  : >"$STAGING" || stop "$STAGING cannot be written" "look at: df -h /var/lib"
  for name in $(turned "$1"); do drop "$name"; done
  while read -r name type options; do
    if [ -n "$name" ] && [ "$type" != eth ] && ! listed "$name" "$1"; then drop "$name"; fi
  done <<<"$(turned "$WANTED")"
  while read -r name type options; do
    if [ -n "$name" ]; then put "$name" "$type" "$options"; fi
  done <<<"$WANTED"
}

# unchanged NAME
unchanged() {
  [ "$(line_of "$1" "$BEFORE")" = "$(line_of "$1" "$AFTER")" ] || return 1
}

# Whoever is not in the file belongs to somebody else, and what is there is described as it is before it is changed.
judge_others() {
  local name line type
  for name in $(known_names "$BEFORE"); do
    if listed "$name" "$MINE"; then continue; fi
    line="$(line_of "$name" "$BEFORE")"
    type="$(field type "$line")"
    if unchanged "$name"; then continue; fi
    if ! listed "$name" "$(names_of "$WANTED")"; then
      give_up "$name is not described, and would change" "describe it in site.network, or free what it uses, $UI"
    fi
    if [ "$type" != eth ]; then
      give_up "$name is there, and otherwise than the site file describes it: $line" \
        "describe it as it is first, and change it afterwards; or remove it $UI"
    fi
    if [ -n "$(field cidr "$line")$(field cidr6 "$line")" ]; then
      give_up "$name has the address $(field cidr "$line")$(field cidr6 "$line"), which it would lose" \
        "choose another card, or take the address away $UI"
    fi
  done
}

# The node's address is out of reach of this step; of corosync's links one at least is left alone, and none loses its
# address.
judge_corosync() {
  local address device name safe=no changed
  for name in $(below "$(device_of "$ADDRESS")" "$BEFORE"); do
    if ! unchanged "$name"; then
      give_up "$name would change, and $HOST is reached over it ($ADDRESS)" "change it by hand, at the host's own console"
    fi
  done
  for address in $RINGS; do
    device="$(device_of "$address")"
    if has "\"address\":\"$address\"" <<<"$BEFORE" && ! has "\"address\":\"$address\"" <<<"$AFTER"; then
      give_up "corosync uses the address $address of $device, which would be gone" \
        "leave it in the site file; or take the link out of corosync first, as Proxmox describes it (pvecm, Separate Cluster Network)"
    fi
    changed=no
    for name in $(below "$device" "$BEFORE"); do
      if ! unchanged "$name"; then changed=yes; fi
    done
    if [ "$changed" = no ]; then safe=yes; fi
  done
  if [ -n "$RINGS" ] && [ "$safe" = no ]; then
    give_up "all of corosync's links on this node would change at once" "change one in each update"
  fi
}

judge_guests() {
  local name guests
  for name in $MINE; do
    if [ -n "$(line_of "$name" "$AFTER")" ]; then continue; fi
    guests="$(guests_on "$name")"
    if [ -n "$guests" ]; then
      give_up "$name would be gone, and guests of this node are connected to it: $guests" \
        "connect them elsewhere in one update, and take $name out of the site file in the next"
    fi
  done
}

# What the file says is there, and whoever was reached before is reached now.
has_settled() {
  local name type options address
  [ ! -e "$FILE.new" ] || return 1
  [ -n "$(device_of "$ADDRESS")" ] || return 1
  for address in $RINGS; do
    [ -n "$(device_of "$address")" ] || return 1
  done
  while read -r name type options; do
    if [ -z "$name" ]; then continue; fi
    ip -o link show "$name" >/dev/null 2>&1 </dev/null || return 1
    address="$(sed -n "s/.*--cidr '\([0-9.]*\)\/.*/\1/p" <<<"$options")"
    if [ -n "$address" ] && [ "$(device_of "$address")" != "$name" ]; then return 1; fi
  done <<<"$WANTED"
  if is_clustered && ! is_quorate; then return 1; fi
}

apply() {
  local left=60
  say "applies its network"
  # Under its name when it is whole: what has that name is put back.
  cat "$FILE" >"$FOLDER/saving" || give_up "$FOLDER/saving cannot be written" "look at: df -h /var/lib"
  mv "$FOLDER/saving" "$SAVED"
  # If this script loses its network, or is killed, the file goes back by itself.
  systemd-run --quiet --collect --on-active=120 /bin/bash -c \
    "if [ -e $SAVED ]; then rm -f $FILE.new; cat $SAVED >$FILE.back; mv $FILE.back $FILE; ifreload -a; rm -f $SAVED; fi" >&2 </dev/null ||
    give_up "the way back could not be prepared" "see the lines above"
  note "$KEPT" "$MINE" "$(names_of "$WANTED")"
  pvesh set "$API" >&2 </dev/null || true
  until has_settled; do
    if [ "$left" -le 0 ]; then restore; fi
    sleep 1
    left=$((left - 1))
  done
  rm -f "$SAVED" "$STAGING"
}

# put_back SAVED: unless the way back that was prepared has come first.
put_back() {
  if [ ! -e "$1" ]; then return 0; fi
  rm -f "$FILE.new"
  # By another file, so that a power cut leaves no half one: the node would boot without a network.
  cat "$1" >"$FILE.back"
  mv "$FILE.back" "$FILE"
  ifreload -a >&2 </dev/null || true
  rm -f "$1"
}

restore() {
  put_back "$SAVED"
  rm -f "$STAGING"
  note "$KEPT" "$MINE"
  finish_ha
  stop "the node did not come to the described network within a minute, or lost its address or its quorum; the network is as it was" \
    "see the lines above; look at: ifreload -a -s, ip addr, pvecm status"
}

# Only what this step has disarmed.
finish_ha() {
  if is_clustered && [ -e "$HA_MARKER" ] && [ "$(cat "$HA_MARKER")" = "$STEP" ]; then arm_ha; fi
}

# What is left of a run that was cut short.
clean_up() {
  rm -f "$FILE.back" "$FOLDER/saving" "$OURS.new"
  if [ -e "$FILE.new" ]; then
    if [ ! -e "$STAGING" ]; then
      stop "somebody has prepared changes of this node's network and not applied them; they would be applied with ours" \
        "apply or revert them $UI; then run this again"
    fi
    unstage
  fi
  rm -f "$STAGING"
}

# On removal, what corosync and guests still use stays, with everything that it lies on.
kept() {
  local name address
  for address in $RINGS; do below "$(device_of "$address")" "$BEFORE"; done
  for name in $MINE; do
    if [ -n "$(guests_on "$name")" ]; then below "$name" "$BEFORE"; fi
  done
}

mkdir -p "$FOLDER"
if is_clustered && ! is_quorate; then
  stop "the cluster has no quorum, and a change of the network could make that worse" "look at: pvecm status"
fi
clean_up
MINE=""
if [ -e "$OURS" ]; then MINE="$(cat "$OURS")"; fi
RINGS="$(rings)"
WANTED="$INTERFACES"
KEPT=""
# A change that a run has made which was cut off before it saw that it did well. Proxmox VE tells files, not what runs.
for file in "$FOLDER"/interfaces-before-*; do
  if [ -e "$file" ] && ! has_settled; then
    say "puts its network back first: a run was cut off while it changed that"
    put_back "$file"
  fi
  rm -f "$file"
done
BEFORE="$(shown)"
if [ -z "$BEFORE" ]; then stop "Proxmox VE does not tell this node's network" "look at: pvesh get $API"; fi
if [ "$2" = remove ]; then
  WANTED=""
  used="$(kept)"
  gone=""
  for name in $MINE; do
    if ! listed "$name" "$used"; then
      gone="$gone$name"$'\n'
      continue
    fi
    say "leaves $name, which corosync or a guest uses"
    KEPT="$KEPT$name"$'\n'
  done
  MINE="$gone"
fi
stage "$MINE"
AFTER="$(shown)"
if [ "$AFTER" = "$BEFORE" ]; then
  unstage
  note "$KEPT" "$(names_of "$WANTED")"
  finish_ha
  say "has the described network"
  exit 0
fi
judge_others
judge_corosync
judge_guests
if is_clustered; then disarm_ha; fi
apply
note "$KEPT" "$(names_of "$WANTED")"
finish_ha
say "has the described network"
