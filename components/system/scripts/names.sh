# The names of the site in this node's /etc/hosts: HOSTS has a line for each, address and name. Those that other lines
# already have stay there; the rest is a block of ours. Nothing is taken out again: pmxcfs needs the node's own name.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text
FILE=/etc/hosts
BEGIN='# proxmox-ha: names of the site'
END='# proxmox-ha: end'

# Everything but our block.
others() {
  local line ours=no
  while IFS= read -r line || [ -n "$line" ]; do
    case "$line" in
      "$BEGIN") ours=yes ;;
      "$END") ours=no ;;
      *) if [ "$ours" = no ]; then printf '%s\n' "$line"; fi ;;
    esac
  done <"$FILE"
}

# addresses_of NAME: what the other lines say, a line each.
addresses_of() {
  local address names name
  while read -r address names; do
    # A name may have an address of IPv6 besides.
    case "$address" in *:*) continue ;; esac
    for name in $names; do
      if [ "$name" = "$1" ]; then printf '%s\n' "$address"; fi
    done
  done <<<"$NAMED"
}

OTHERS="$(others)"
NAMED="$(others | sed -e 's/#.*//')"
block=''
while read -r address name; do
  if [ -z "$address" ]; then continue; fi
  found="$(addresses_of "$name")"
  if [ -z "$found" ]; then
    block="$block$address	$name
"
  elif [ "$found" != "$address" ]; then
    stop "/etc/hosts gives $name the address $(one_line "$found"), the site file $address" \
      "correct the line of /etc/hosts or the site file, then run this again"
  fi
done <<<"$HOSTS"
text="$OTHERS"
if [ -n "$block" ]; then text="$OTHERS
$BEGIN
$block$END"; fi
put "$FILE" "$text"
while read -r address name; do
  if [ -z "$name" ]; then continue; fi
  if ! getent hosts "$name" </dev/null | has "^${address//./\\.}[[:space:]]"; then
    stop "$name does not stand for $address, though /etc/hosts says so" "look at the line hosts: of /etc/nsswitch.conf; files must come first"
  fi
done <<<"$HOSTS"
say "knows the names of the site"
