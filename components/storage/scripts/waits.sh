# A node that boots waits for its NFS servers, so that a blackout does not end in guests in `error`: the NAS is slower
# than they are, and an HA guest that fails twice to start stays down until somebody clears it. SERVERS are addresses,
# MINUTES the limit; 0 takes the wait away.
#
# Ordering alone holds guests and HA agent back: whether the wait ends well, at its limit or by force, they start. An
# agent that starts late does no harm: it opens the watchdog with its first service, and a node counts as online by
# corosync's word, not by its agent's.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text
unit=proxmox-ha-storages.service
unit_file="/etc/systemd/system/$unit"
program=/usr/local/sbin/proxmox-ha-wait-for-storages

program_text() {
  cat <<'EOF'
#!/bin/bash
# Waits until every SERVER answers on NFS's port, for MINUTES at most. Written by proxmox-ha.
#   proxmox-ha-wait-for-storages MINUTES SERVER...
set -u

# Seconds since the boot. The time of day may jump while a node boots.
now() {
  local up
  read -r up _ </proc/uptime
  printf '%s\n' "${up%%.*}"
}

minutes="$1"
shift
deadline=$(($(now) + minutes * 60))
for server in "$@"; do
  until timeout 5 bash -c ": >/dev/tcp/$server/2049" 2>/dev/null; do
    if [ "$(now)" -ge "$deadline" ]; then
      echo "$server does not answer on TCP port 2049 after $minutes minutes: guests and HA start without it"
      exit 0
    fi
    sleep 2
  done
  echo "$server answers"
done
EOF
}

unit_text() {
  cat <<EOF
# Written by proxmox-ha. To start guests and HA at once while this waits: systemctl stop $unit
[Unit]
Description=Wait for the NFS servers before guests and the HA agent start
Wants=network-online.target
After=network-online.target
Before=pve-ha-lrm.service pve-guests.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=$program $MINUTES $SERVERS
TimeoutStartSec=$((MINUTES + 2))min

[Install]
WantedBy=multi-user.target
EOF
}

# write_file FILE MODE TEXT: only where it says something else. 1: nothing to do.
write_file() {
  if [ "$(cat "$1" 2>/dev/null)" = "$3" ]; then return 1; fi
  mkdir -p "${1%/*}"
  printf '%s\n' "$3" >"$1.new" || stop "$1 cannot be written" "look at: df ${1%/*}"
  chmod "$2" "$1.new"
  mv "$1.new" "$1"
}

# A file system that is not booted, as that of an installer, has no systemd that could be told.
systemd_runs() {
  [ -d /run/systemd/system ]
}

reload() {
  if systemd_runs; then
    systemctl daemon-reload >&2 </dev/null ||
      stop "systemctl daemon-reload did not succeed" "look at: systemctl status"
  fi
}

changed=no
if [ "$MINUTES" -eq 0 ] || [ -z "$SERVERS" ]; then
  if [ -e "$unit_file" ]; then
    say "takes the wait for NFS servers away"
    if command -v systemctl >/dev/null; then
      systemctl disable "$unit" >&2 </dev/null ||
        stop "$unit could not be disabled" "look at: systemctl status $unit"
    fi
    rm -f "$unit_file"
    reload
    rm -f "$program"
  else
    # A run that was cut off may not have told systemd.
    if [ -e "$program" ]; then
      reload
      rm -f "$program"
    fi
    say "does not wait for NFS servers"
  fi
else
  if write_file "$program" 755 "$(program_text)"; then changed=yes; fi
  if write_file "$unit_file" 644 "$(unit_text)"; then changed=yes; fi
  # A run that was cut off may have left systemd with the text before this one.
  if systemd_runs && [ "$(systemctl show -p NeedDaemonReload --value "$unit" </dev/null)" = yes ]; then changed=yes; fi
  if [ "$changed" = yes ]; then
    say "waits up to $MINUTES minutes for $SERVERS at every boot, before guests and HA start"
    reload
  else
    say "waits for $SERVERS at every boot"
  fi
  if command -v systemctl >/dev/null; then
    if ! systemctl is-enabled --quiet "$unit" </dev/null; then
      systemctl enable "$unit" >&2 </dev/null ||
        stop "$unit could not be enabled" "look at: systemctl status $unit"
    fi
  else
    say "there is no systemctl: $unit is written, and not enabled"
  fi
  if ! systemd_runs; then say "no systemd runs here: $unit takes effect with the first boot"; fi
fi
