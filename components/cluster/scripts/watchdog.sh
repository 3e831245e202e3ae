# The watchdog that resets this node when it hangs or is cut off while HA guests run on it. WATCHDOG is a kernel module:
# softdog is Proxmox VE's default, any other drives hardware of the machine.
#
# watchdog-mux loads the module only where there is no /dev/watchdog yet, so the one in use has to be unloaded first. By
# name it loads blacklisted modules too; Proxmox's kernels blacklist all hardware watchdogs, so that none of them loads
# by itself. Stopping watchdog-mux while an HA agent is connected to it resets the node: then nothing is done.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text
conf=/etc/default/pve-ha-manager
# watchdog-mux has this folder as long as somebody is connected.
connected=/run/watchdog-mux.active

configured() {
  local module
  module="$(sed -n "s/^ *WATCHDOG_MODULE=[\"']\{0,1\}\([^\"' ]*\).*/\1/p" "$conf" 2>/dev/null | tail -n 1)" || true
  printf '%s' "${module:-softdog}"
}

configure() {
  local line="WATCHDOG_MODULE=$1"
  if [ "$(configured)" = "$1" ]; then return 0; fi
  mkdir -p "${conf%/*}"
  if grep -q '^ *WATCHDOG_MODULE=' "$conf" 2>/dev/null; then
    sed "s/^ *WATCHDOG_MODULE=.*/$line/" "$conf" >"$conf.new"
  else
    cat "$conf" >"$conf.new" 2>/dev/null || true
    # The file as its package brings it lacks the end of its last line.
    if [ -n "$(tail -c 1 "$conf.new")" ]; then printf '\n' >>"$conf.new"; fi
    printf '%s\n' "$line" >>"$conf.new"
  fi
  chmod 644 "$conf.new"
  mv "$conf.new" "$conf"
}

identity() {
  cat /sys/class/watchdog/watchdog0/identity 2>/dev/null || true
}

is_loaded() {
  [ -e "/sys/module/${1//-/_}/refcnt" ]
}

# in_use MODULE: some hardware drivers (ipmi_watchdog) have no entry in /sys/class/watchdog.
in_use() {
  systemctl is-active --quiet watchdog-mux </dev/null || return 1
  if [ "$1" = softdog ]; then
    [ "$(identity)" = "Software Watchdog" ]
  else
    is_loaded "$1" && ! is_loaded softdog
  fi
}

# why_not: who counts on the watchdog now; nothing if nobody does.
why_not() {
  local status
  if [ -e "$connected" ]; then
    printf '%s' "an HA agent of this node holds it"
    return 0
  fi
  status="$(ha-manager status 2>/dev/null </dev/null)" || return 0
  if has '^fencing disarmed' <<<"$status"; then return 0; fi
  if grep "^service [^ ]* ($HOST, " <<<"$status" | grep -v ', \(ignored\|disabled\|stopped\))$' >/dev/null; then
    printf '%s' "HA services are on this node"
  fi
}

unload() {
  if is_loaded "$1"; then
    modprobe -r "$1" >&2 </dev/null || say "module $1 stays loaded"
  fi
}

# use MODULE: watchdog-mux without clients closes the device in order, and the node goes on.
use() {
  local other reason
  reason="$(why_not)"
  if [ -n "$reason" ]; then
    stop "the watchdog cannot be changed to $1 now: $reason" "run this again in a minute"
  fi
  systemctl stop watchdog-mux >&2 </dev/null ||
    stop "watchdog-mux could not be stopped" "look at: journalctl -u watchdog-mux"
  for other in softdog "$before" "$WATCHDOG"; do
    if [ "$other" != "$1" ]; then unload "$other"; fi
  done
  configure "$1"
  systemctl start watchdog-mux >&2 </dev/null || true
  # It says at once that it runs, and ends when it finds no device.
  sleep 2
  # Not in_use alone: the lab's shell ends a script where a function's last command fails, even before an "||".
  if ! in_use "$1"; then return 1; fi
}

if dpkg-query -W -f '${Status}' watchdog 2>/dev/null </dev/null | has 'install ok installed'; then
  stop "the package watchdog is installed: its daemon and Proxmox VE's watchdog-mux want the same device" \
    "apt-get remove watchdog; then run this again"
fi
before="$(configured)"
if [ "$WATCHDOG" != softdog ] && ! modprobe -n -q "$WATCHDOG" </dev/null; then
  stop "this node's kernel has no module $WATCHDOG" \
    "correct the node's watchdog in the site file, as in iTCO_wdt (Intel) or sp5100_tco (AMD); without one it is softdog"
fi
if [ ! -d /run/systemd/system ]; then
  configure "$WATCHDOG"
  say "no systemd runs here: watchdog $WATCHDOG takes effect with the first boot"
elif [ "$before" = "$WATCHDOG" ] && in_use "$WATCHDOG"; then
  say "the watchdog is $WATCHDOG"
elif [ "$WATCHDOG" = softdog ] && [ "$before" = softdog ] && [ -n "$(identity)" ] &&
  systemctl is-active --quiet watchdog-mux </dev/null; then
  say "the watchdog is the machine's own ($(identity)), which the kernel has loaded by itself: it stays"
else
  reason="$(why_not)"
  if [ -n "$reason" ] && [ "$before" = "$WATCHDOG" ]; then
    stop "the watchdog is to be $WATCHDOG and is not yet: $reason" \
      "it takes effect with the node's next reboot; or disarm HA: ha-manager crm-command disarm-ha freeze, wait until ha-manager status says disarmed, run this again, then ha-manager crm-command arm-ha"
  elif [ -n "$reason" ]; then
    stop "the watchdog cannot be changed from $before to $WATCHDOG: $reason, and the change could reset the node; nothing has been changed" \
      "disarm HA: ha-manager crm-command disarm-ha freeze, wait until ha-manager status says disarmed, run this again, then ha-manager crm-command arm-ha; where that does not exist (Proxmox VE 8) set every HA resource to ignored and wait a quarter of an hour. Or write WATCHDOG_MODULE=$WATCHDOG into $conf and reboot the node when it suits"
  fi
  say "changes the watchdog to $WATCHDOG"
  if ! use "$WATCHDOG"; then
    if [ "$before" = "$WATCHDOG" ]; then before=softdog; fi
    use "$before" || say "watchdog-mux does not run with $before either: look at journalctl -u watchdog-mux"
    stop "watchdog-mux does not run with $WATCHDOG; it has $before again" \
      "look at: journalctl -u watchdog-mux and dmesg; the machine may not have that hardware, or the firmware has it switched off"
  fi
  say "the watchdog is $WATCHDOG${WATCHDOG:+ ($(identity))}"
fi
if [ "$WATCHDOG" != softdog ] && [ "$(cat /proc/sys/kernel/nmi_watchdog 2>/dev/null || true)" = 1 ]; then
  say "note: the kernel's NMI watchdog is on and disturbs some hardware watchdogs; nmi_watchdog=0 on the kernel's command line switches it off"
fi
