# Whether container VMID may run containers of its own: NESTING, 1 or 0. The provider would send all other features along,
# which root@pam alone may set; those that root has set stay.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text
CONFIG="$(ls /etc/pve/nodes/*/lxc/"$VMID".conf 2>/dev/null || true)"
if [ -z "$CONFIG" ]; then
  stop "there is no container $VMID" "look for it: pct list, on each node; then run this again"
fi
NODE="${CONFIG#/etc/pve/nodes/}"
NODE="${NODE%%/*}"

# What counts from the next start on, if anything waits for that.
features="$(sed -n -e 's/^features: //p' "$CONFIG" | tail -n 1)"
others="$(printf '%s\n' "$features" | tr ',' '\n' | grep -v -E '^(nesting=.*|)$' | tr '\n' ',' || true)"
now=0
if has 'nesting=1' <<<"$features"; then now=1; fi
if [ "$now" != "$NESTING" ]; then
  say "container $VMID: nesting=$NESTING, from its next start on if it runs"
  pvesh set "/nodes/$NODE/lxc/$VMID/config" --features "${others}nesting=$NESTING" >&2 </dev/null ||
    stop "container $VMID could not be changed" "see the lines above; without quorum nothing can be changed: pvecm status"
fi
say "nesting of container $VMID is as described"
