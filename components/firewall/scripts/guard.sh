# Refuses a firewall that would cut off whoever sets it up: the address that this login comes from must be in ALLOWED,
# which has an address or network a line. SSH says it as this host sees it, behind whatever router lies between.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text
client="${SSH_CLIENT:-}"
client="${client%% *}"

# number ADDRESS
number() {
  local a b c d
  IFS=. read -r a b c d <<<"$1"
  printf '%s' $((((a * 256 + b) * 256 + c) * 256 + d))
}

# lies_in ADDRESS NETWORK
lies_in() {
  local bits=32 size
  case "$2" in */*) bits="${2#*/}" ;; esac
  size=$((1 << (32 - bits)))
  [ $(($(number "$1") / size)) -eq $(($(number "${2%/*}") / size)) ] || return 1
}

if [ "$ENABLED" = yes ]; then
  case "$client" in
    '' | 127.*) say "the login comes from this host itself: whom the firewall lets in is not checked" ;;
    *:*)
      if ! has "^$client\$" <<<"$ALLOWED"; then
        say "the login comes from $client: check that firewall.management has it"
      fi
      ;;
    *)
      found=no
      for place in $ALLOWED; do
        case "$place" in
          *:*) ;;
          *) if lies_in "$client" "$place"; then found=yes; fi ;;
        esac
      done
      if [ "$found" = no ]; then
        stop "this login comes from $client, which the firewall would refuse from now on" \
          "add $client, or its network, to firewall.management"
      fi
      say "$client may administer this node with the firewall on"
      ;;
  esac
fi
