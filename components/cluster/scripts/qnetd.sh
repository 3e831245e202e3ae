# The witness's side of the QDevice.
# shellcheck shell=bash
install_package corosync-qnetd
if ! systemctl is-enabled --quiet corosync-qnetd </dev/null || ! systemctl is-active --quiet corosync-qnetd </dev/null; then
  systemctl enable --now corosync-qnetd >&2 </dev/null || true
fi
wait_for 20 "corosync-qnetd does not run" "look at: journalctl -u corosync-qnetd" \
  systemctl is-active --quiet corosync-qnetd
say "corosync-qnetd runs"
