# Where this host gets the time: chrony with SERVERS, a line each, and no other, where MANAGED says yes. CLIENTS is the
# network that it serves the time to, also when it can ask nobody itself. TIME_ZONE is set where it is not empty.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text
CONF=/etc/chrony/chrony.conf
UNTOLD=/var/lib/proxmox-ha/chrony-changed

if [ -n "$TIME_ZONE" ]; then
  if [ "$(timedatectl show --property=Timezone --value </dev/null)" != "$TIME_ZONE" ]; then
    say "setting the time zone $TIME_ZONE"
    timedatectl set-timezone "$TIME_ZONE" >&2 </dev/null ||
      stop "the time zone $TIME_ZONE could not be set" "see the line above; the package tzdata has the zones"
  fi
fi
if [ "$MANAGED" != yes ]; then
  say "is in its time zone"
  exit 0
fi

for other in ntp ntpsec openntpd; do
  if package_is_installed "$other"; then
    stop "$other keeps the time here" "remove it (apt-get remove $other), so that chrony can be installed; or leave system.timeServers out"
  fi
done
install_package chrony

# Sources that the package or the network's DHCP names would be asked besides.
if grep -q '^\(pool\|server\|peer\|sourcedir /run/chrony-dhcp\)' "$CONF"; then
  text="$(sed 's@^\(pool\|server\|peer\|sourcedir /run/chrony-dhcp\)@# proxmox-ha: &@' "$CONF")"
  put "$CONF" "$text"
fi
for line in 'sourcedir /etc/chrony/sources.d' 'confdir /etc/chrony/conf.d'; do
  if ! grep -q "^$line" "$CONF"; then put "$CONF" "$(cat "$CONF")
$line"; fi
done
mkdir -p /etc/chrony/sources.d /etc/chrony/conf.d
sources=''
while read -r server; do
  if [ -n "$server" ]; then sources="${sources}server $server iburst
"; fi
done <<<"$SERVERS"
put /etc/chrony/sources.d/proxmox-ha.sources "# Written by proxmox-ha: system.timeServers of the site file.
${sources%
}"
if [ -n "$CLIENTS" ]; then
  put /etc/chrony/conf.d/proxmox-ha.conf "# Written by proxmox-ha: this host is among system.timeServers of the site file.
allow $CLIENTS
local stratum 10"
else
  discard /etc/chrony/conf.d/proxmox-ha.conf
fi

if [ -e "$UNTOLD" ] || ! systemctl is-active --quiet chrony </dev/null; then
  systemctl restart chrony >&2 </dev/null ||
    stop "chrony does not start" "look at: journalctl -u chrony -n 20"
  rm -f "$UNTOLD"
fi
is_synchronized() {
  # "|| return" for the lab's shell.
  chronyc -n tracking 2>/dev/null </dev/null | has '^Leap status *: Normal' || return 1
}
left=20
while [ "$left" -gt 0 ] && ! is_synchronized; do
  sleep 1
  left=$((left - 1))
done
# No reason to stop: the clocks of the site go on, and the server may come back.
if is_synchronized; then
  say "gets the time from $(one_line "$SERVERS")"
else
  say "warning: no time server answers yet ($(one_line "$SERVERS")); see chronyc sources, and whether UDP port 123 is open there"
fi
