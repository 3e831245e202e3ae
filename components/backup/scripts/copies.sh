# A timer that copies new backups of the storage FROM to the storage TO, at ON_CALENDAR. NODES have the same timer, with
# commas between them; the first that is online copies, LIMIT KiB a second at most (0: no limit). KEEP are options of
# pvesm prune-backups; without them every copy stays. COPY is its name. Removal leaves the copies where they are.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text
unit="proxmox-ha-copy-$COPY"
folder=/etc/systemd/system
program="/usr/local/sbin/$unit"
# Is there from a change on until systemd and the timer go by it, so that the run after one that is cut off sees to that.
changed="/var/lib/proxmox-ha/$unit-changed"

program_text() {
  cat <<'EOF'
#!/bin/bash
# Copies new backups from one storage to another, and removes what is not to be kept there. Written by proxmox-ha.
#   proxmox-ha-copy-NAME FROM TO NODES LIMIT [KEEP...]
set -u
export LC_ALL=C.UTF-8
from="$1" to="$2" nodes="$3" limit="$4"
shift 4
status=0

is_quorate() {
  pvecm status 2>/dev/null </dev/null | grep '^Quorate: *Yes' >/dev/null
}

# first_online: of the nodes that have this timer. Membership is the same for all that have quorum.
first_online() {
  local node members
  members="$(pvecm nodes 2>/dev/null </dev/null)"
  for node in ${nodes//,/ }; do
    if grep " $node\( (local)\)\{0,1\} *$" <<<"$members" >/dev/null; then
      printf '%s\n' "$node"
      return
    fi
  done
}

# is_active STORAGE: it is mounted by asking.
is_active() {
  [ "$(pvesm status --storage "$1" 2>/dev/null </dev/null | awk -v id="$1" '$1 == id { print $3 }')" = active ]
}

# archives STORAGE: file names of complete backups, in the order of guests and times. vzdump gives them their names when
# they are done.
archives() {
  pvesm list "$1" --content backup </dev/null |
    sed -n 's/^[^ ]*:backup\/\(vzdump-\(qemu\|lxc\)-[0-9]*-[0-9_]*-[0-9_]*\.[^ ]*\) .*/\1/p' | sort
}

# copy_file FILE: under another name until it is whole.
copy_file() {
  if ! rsync -t --bwlimit="$limit" "$source/$1" "$target/$1.part" || ! mv "$target/$1.part" "$target/$1"; then
    echo "$1 could not be copied"
    rm -f "$target/$1.part"
    return 1
  fi
}

prune() {
  if [ $# -eq 0 ]; then return; fi
  if ! pvesm prune-backups "$to" "$@" </dev/null; then
    echo "backups on $to could not be pruned"
    status=1
  fi
}

if ! is_quorate; then
  echo "this node has no quorum: nothing is copied"
  exit 0
fi
copies="$(first_online)"
if [ "$copies" != "$(hostname)" ]; then
  echo "${copies:-nobody} copies"
  exit 0
fi
for storage in "$from" "$to"; do
  if ! is_active "$storage"; then
    echo "storage $storage is not active: nothing is copied"
    exit 1
  fi
done
any=vzdump-qemu-100-2000_01_01-00_00_00.vma.zst
source="$(dirname "$(pvesm path "$from:backup/$any" </dev/null)")"
target="$(dirname "$(pvesm path "$to:backup/$any" </dev/null)")"
# Left by a run that was cut short.
rm -f "$target"/vzdump-*.part
prune "$@"
there="$(archives "$to")"
# Only what is newer than the newest copy of its guest: older ones have been copied and are not kept any more.
for file in $(archives "$from"); do
  guest="$(sed 's/^\(vzdump-[a-z]*-[0-9]*-\).*/\1/' <<<"$file")"
  newest="$(grep "^$guest" <<<"$there" | tail -n 1)"
  if [ -n "$newest" ] && ! [[ $file > $newest ]]; then continue; fi
  echo "copies $file"
  # What belongs to it first: the archive makes the copy complete.
  for beside in "${file%%.*}.log" "$file.notes"; do
    if [ -e "$source/$beside" ]; then copy_file "$beside" || status=1; fi
  done
  copy_file "$file" || status=1
done
prune "$@"
exit "$status"
EOF
}

service_text() {
  cat <<EOF
# Written by proxmox-ha. To copy now: systemctl start $unit.service
[Unit]
Description=Copy backups from $FROM to $TO
Wants=network-online.target
After=network-online.target pve-cluster.service

[Service]
Type=oneshot
ExecStart=$program $FROM $TO $NODES $LIMIT $KEEP
Nice=10
IOSchedulingClass=idle
EOF
}

timer_text() {
  cat <<EOF
# Written by proxmox-ha.
[Unit]
Description=Copy backups from $FROM to $TO

[Timer]
OnCalendar=$ON_CALENDAR
Persistent=true

[Install]
WantedBy=timers.target
EOF
}

# write_file FILE MODE TEXT: only where it says something else.
write_file() {
  if [ "$(cat "$1" 2>/dev/null)" = "$3" ]; then return; fi
  mkdir -p "${1%/*}"
  printf '%s\n' "$3" >"$1.new" || stop "$1 cannot be written" "look at: df ${1%/*}"
  chmod "$2" "$1.new"
  mkdir -p "${changed%/*}"
  : >"$changed" || stop "$changed cannot be written" "look at: df /var/lib"
  mv "$1.new" "$1"
}

reload() {
  systemctl daemon-reload >&2 </dev/null ||
    stop "systemctl daemon-reload did not succeed" "look at: systemctl status"
}

if [ "$2" = remove ]; then
  if [ -e "$folder/$unit.timer" ]; then
    systemctl disable --now "$unit.timer" >&2 </dev/null ||
      stop "$unit.timer could not be disabled" "look at: systemctl status $unit.timer"
  fi
  rm -f "$folder/$unit.timer" "$folder/$unit.service" "$program"
  reload
  rm -f "$changed"
  say "copies no backups from $FROM to $TO any more; the copies stay"
  exit 0
fi
write_file "$program" 755 "$(program_text)"
write_file "$folder/$unit.service" 644 "$(service_text)"
write_file "$folder/$unit.timer" 644 "$(timer_text)"
if [ -e "$changed" ]; then reload; fi
if ! systemctl is-enabled --quiet "$unit.timer" </dev/null; then
  systemctl enable "$unit.timer" >&2 </dev/null ||
    stop "$unit.timer could not be enabled" "look at: systemctl status $unit.timer"
fi
# A timer takes a new time when it is started again.
if [ -e "$changed" ] || ! systemctl is-active --quiet "$unit.timer" </dev/null; then
  systemctl restart "$unit.timer" >&2 </dev/null ||
    stop "$unit.timer could not be started" "look at: systemctl status $unit.timer; systemd-analyze calendar '$ON_CALENDAR'"
  rm -f "$changed"
fi
say "copies backups from $FROM to $TO at $ON_CALENDAR"
