# Puts the network card that has the node's address into BRIDGE, which guests are connected to. Proxmox VE's installer
# does that itself; on a server that was a Debian nobody has. A bridge of that name is left as it is.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text
FILE=/etc/network/interfaces
BEFORE="$FILE.proxmox-ha"
BY_HAND="make the bridge by hand, in the web interface: Node, System, Network; then run this again"

exists() {
  ip -o link show "$BRIDGE" >/dev/null 2>&1 </dev/null
}

has_address() {
  ip -o addr show "$BRIDGE" 2>/dev/null </dev/null | has "[[:space:]]${ADDRESS//./\\.}/"
}

is_configured() {
  grep -q "^[[:space:]]*iface[[:space:]]\{1,\}${BRIDGE}[[:space:]]" "$FILE"
}

# The network card, or the bond, that has the address.
card() {
  ip -o addr show </dev/null | sed -n "s/^[0-9]*: *\([^ ]*\) .* ${ADDRESS//./\\.}\/.*/\1/p"
}

# with_bridge CARD: the file with what the card has moved to the bridge.
with_bridge() {
  local line word family inside=no
  options=()
  while IFS= read -r line || [ -n "$line" ]; do
    read -r word _ family _ <<<"$line" || true
    case "$word" in
      auto | allow-* | iface | mapping | source | source-directory | rename | template | no-auto-down | no-scripts)
        if [ "$inside" = yes ]; then bridge "$1"; fi
        inside=no
        ;;
    esac
    if [ "$word $family" = "iface inet" ] && has "^[[:space:]]*iface[[:space:]]\{1,\}$1[[:space:]]" <<<"$line"; then
      inside=yes
      printf 'iface %s inet manual\n' "$1"
    elif [ "$inside" = no ]; then
      printf '%s\n' "$line"
    else
      # The card has to take packets as large as the bridge does.
      if [ "$word" = mtu ]; then printf '%s\n' "$line"; fi
      if [ -n "$word" ]; then options+=("$line"); fi
    fi
  done <"$FILE"
  if [ "$inside" = yes ]; then bridge "$1"; fi
}

bridge() {
  printf '\nauto %s\niface %s inet static\n' "$BRIDGE" "$BRIDGE"
  printf '%s\n' "${options[@]}"
  printf '\tbridge-ports %s\n\tbridge-stp off\n\tbridge-fd 0\n\n' "$1"
}

configure() {
  local name="$1"
  if ! grep -q "^[[:space:]]*iface[[:space:]]\{1,\}${name}[[:space:]]\{1,\}inet[[:space:]]\{1,\}static" "$FILE"; then
    stop "$FILE does not set the address of $name, which has $ADDRESS" "$BY_HAND"
  fi
  if grep -q "^[[:space:]]*iface[[:space:]]\{1,\}${name}[[:space:]]\{1,\}inet6[[:space:]]\{1,\}\(static\|auto\|dhcp\)" "$FILE"; then
    stop "$FILE gives $name an IPv6 address too, which this script does not move" "$BY_HAND"
  fi
  cat "$FILE" >"$BEFORE" || stop "$BEFORE cannot be written" "look at: df -h /etc"
  with_bridge "$name" >"$FILE.bridge"
  chmod 644 "$FILE.bridge"
  mv "$FILE.bridge" "$FILE"
}

# restore WHAT: the network as it was.
restore() {
  mv "$BEFORE" "$FILE"
  ifreload -a >&2 </dev/null || true
  stop "$1; the network is as it was" "look at: ifreload -a -s, on the host's own console; $BY_HAND"
}

if exists; then
  rm -f "$BEFORE"
  say "has the bridge $BRIDGE"
  exit 0
fi
if [ -e /run/watchdog-mux.active ]; then
  stop "the bridge $BRIDGE is missing, and HA is active on this node: a change of its network could reset it" \
    "disarm HA: ha-manager crm-command disarm-ha freeze, run this again, then ha-manager crm-command arm-ha"
fi
if ! command -v ifreload >/dev/null; then
  stop "this node has no ifreload, by which networks are changed while they run" "apt-get install ifupdown2, on the host"
fi
if ! is_configured; then
  name="$(card)"
  if [ -z "$name" ]; then stop "no network card has the address $ADDRESS" "look at: ip addr"; fi
  say "puts $name into the bridge $BRIDGE"
  configure "$name"
fi
ifreload -a >&2 </dev/null || restore "ifreload -a did not succeed"
for _ in 1 2 3 4 5 6 7 8 9 10; do
  if has_address; then break; fi
  sleep 1
done
if ! has_address; then restore "the bridge $BRIDGE did not get the address $ADDRESS"; fi
rm -f "$BEFORE"
say "has the bridge $BRIDGE"
