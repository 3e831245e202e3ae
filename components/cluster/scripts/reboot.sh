# Boots a host that is to become Proxmox VE with Proxmox's kernel, and returns before it goes down: the next step waits
# for it. No host that is Proxmox VE already is ever rebooted.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text
if ! is_bare || runs_proxmox_kernel; then
  say "needs no reboot"
  exit 0
fi
if ! package_is_installed proxmox-default-kernel; then
  stop "Proxmox's kernel is not installed" "look at: dpkg -l proxmox-default-kernel, on the host"
fi
# Waits for whoever uses packages: nobody's work is to be cut off.
finish_interrupted
say "reboots into Proxmox's kernel; that takes some minutes"
# A program that holds a shutdown back would leave a host at which nobody can log in.
systemd-run --collect --on-active=2 --timer-property=AccuracySec=500ms \
  systemctl reboot --check-inhibitors=no >&2 </dev/null ||
  stop "the reboot could not be scheduled" "see the lines above; reboot the host by hand, then run this again"
# Nobody is to log in to the system that goes down. Sessions that are open stay.
systemctl stop ssh.socket ssh.service >&2 </dev/null || true
