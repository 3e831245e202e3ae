# IP set $3 with what ENTRIES says, one a line. What is new is added before anything is taken out, so that the set never
# lacks what stays in it.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text
NAME="$3"
AT="/cluster/firewall/ipset/$NAME"

# fields NAME: of a list in JSON, one a line.
fields() {
  tr '{' '\n' | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"
}

sets() {
  pvesh get /cluster/firewall/ipset --output-format json </dev/null | fields name
}

take_out() {
  pvesh delete "$AT/$1" >/dev/null </dev/null ||
    stop "$1 could not be taken out of IP set $NAME" "look at: pvesh get $AT"
}

known="$(sets)" || stop "the IP sets cannot be read" "look at: pvecm status"
if [ "$2" = remove ]; then
  if has "^$NAME\$" <<<"$known"; then
    present="$(pvesh get "$AT" --output-format json </dev/null | fields cidr)"
    for entry in $present; do take_out "$entry"; done
    say "removing IP set $NAME"
    pvesh delete "$AT" >/dev/null </dev/null ||
      stop "IP set $NAME could not be removed" "look at: pvesh get $AT"
  fi
  exit 0
fi

if ! has "^$NAME\$" <<<"$known"; then
  say "creating IP set $NAME"
  pvesh create /cluster/firewall/ipset --name "$NAME" >/dev/null </dev/null ||
    stop "IP set $NAME could not be created" "look at: pvecm status"
fi
present="$(pvesh get "$AT" --output-format json </dev/null | fields cidr)"
for entry in $ENTRIES; do
  if ! has "^$entry\$" <<<"$present"; then
    say "adding $entry to IP set $NAME"
    pvesh create "$AT" --cidr "$entry" >/dev/null </dev/null ||
      stop "$entry could not be added to IP set $NAME" "look at: pvesh get $AT"
  fi
done
for entry in $present; do
  if ! has "^$entry\$" <<<"$ENTRIES"; then
    say "taking $entry out of IP set $NAME"
    take_out "$entry"
  fi
done
