# The mail address of root@pam, to which Proxmox VE's own target mail-to-root sends: ROOT_MAIL.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text
is_set() {
  pvesh get /access/users/root@pam --output-format json </dev/null | has "\"email\" *: *\"${ROOT_MAIL//./\\.}\"" || return 1
}

if ! is_set; then
  pveum user modify root@pam --email "$ROOT_MAIL" >&2 </dev/null ||
    stop "the address of root@pam could not be set" "see the lines above; without quorum nothing can be changed: pvecm status"
fi
if ! said="$(pvesh create /cluster/notifications/targets/mail-to-root/test 2>&1 </dev/null)"; then
  stop "root@pam has its address, but a test message could not be sent: $(one_line "$said")" \
    "look at the node's mail server: systemctl status postfix; mailq"
fi
say "mail to root goes to $ROOT_MAIL; a test message is on its way: see that it arrives"
