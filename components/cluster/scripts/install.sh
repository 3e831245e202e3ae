# Makes a Debian that runs Proxmox's kernel a Proxmox VE. On a host that is one already nothing is touched.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text
# One by one: of several units systemctl is content with a single one that runs.
runs_proxmox() {
  local service
  for service in pve-cluster pvedaemon pveproxy; do
    systemctl is-active --quiet "$service" || return 1
  done
}

# Debian's kernels, and what would put guests' systems into the boot menu.
unwanted() {
  { dpkg-query -W -f '${Package} ${Status}\n' 'linux-image-*' os-prober 2>/dev/null </dev/null || true; } |
    sed -n 's/ install ok .*//p'
}

if ! is_bare; then
  if ! is_member && ! package_is_installed pve-manager; then
    stop "Proxmox VE is installed in part: $(status_of pve-manager)" "complete that on the host: dpkg --configure -a"
  fi
  say "is Proxmox VE already; nothing to install"
  exit 0
fi
if [ ! -e "$UNDERWAY" ]; then
  stop "this Debian has not been prepared: it is newer than the run that prepared this host" \
    "let this host's steps run again: pulumi up --replace '**prepare-$HOST' --replace '**reboot-$HOST'"
fi
if ! runs_proxmox_kernel; then
  stop "the kernel that runs is $(uname -r), not Proxmox's" \
    "choose Proxmox's kernel in GRUB's menu, or remove a newer one of Debian's and run update-grub; reboot, then run this again"
fi
require_name

finish_interrupted
disable_enterprise
read_lists
with_apt 90m "installing Proxmox VE" install proxmox-ve postfix open-iscsi chrony
# It has come with pve-manager.
disable_enterprise
for package in proxmox-ve postfix open-iscsi chrony nfs-common; do
  package_is_installed "$package" || stop "package $package is missing" "look at: apt-get install $package, on the host"
done
gone="$(unwanted)"
if [ -n "$gone" ]; then
  # shellcheck disable=SC2086 # one word a package
  with_apt 30m "removing Debian's kernel and os-prober" purge $gone
fi
update-grub >&2 </dev/null ||
  stop "update-grub did not succeed" "see the lines above; do not reboot the host before it does"
wait_for 120 "Proxmox VE's services do not run" \
  "look at: systemctl --failed; journalctl -b -u pve-cluster -u pveproxy" runs_proxmox
rm -f "$UNDERWAY"
say "is Proxmox VE: $(pveversion </dev/null)"
