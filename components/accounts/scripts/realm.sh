# A realm: FIXED and SETTINGS hold a line key=value each, UNSET the keys that it is not to have. A second factor that
# it demands, and whatever else is not among them, stays as it is.
# shellcheck shell=bash
# shellcheck disable=SC2153,SC2154 # set in front of this text
if [ "$2" = remove ]; then
  if exists realm realm "$REALM"; then change realm delete "$REALM"; fi
  say "realm $REALM is gone"
  exit 0
fi

# words_of LINES: the words of options, in the list `words`.
words_of() {
  words=()
  local line
  while IFS= read -r line; do
    if [ -n "$line" ]; then words+=("--${line%%=*}" "${line#*=}"); fi
  done <<<"$1"
}

words_of "$SETTINGS"
settings=("${words[@]}")
words_of "$FIXED"
if exists realm realm "$REALM"; then
  found="$(pvesh get "/access/domains/$REALM" --output-format json </dev/null)"
  while IFS= read -r line; do
    if [ -z "$line" ]; then continue; fi
    if ! has "\"${line%%=*}\" *: *\"$(escaped "${line#*=}")\"" <<<"$found"; then
      stop "realm $REALM is there with another ${line%%=*}, which cannot be changed" \
        "names of users hang on it: give the realm in the site file another name, or remove this one with: pveum realm delete $REALM"
    fi
  done <<<"type=$TYPE"$'\n'"$FIXED"
  change realm modify "$REALM" "${settings[@]}" --delete "$UNSET"
else
  change realm add "$REALM" --type "$TYPE" "${words[@]}" "${settings[@]}"
fi
if [ -n "$PASSWORD" ]; then
  # Where Proxmox VE keeps it. Its own command takes it among its arguments, where everybody on the host could read it.
  mkdir -p /etc/pve/priv/realm
  if [ "$(cat "/etc/pve/priv/realm/$REALM.pw" 2>/dev/null)" != "$PASSWORD" ]; then
    printf '%s' "$PASSWORD" >"/etc/pve/priv/realm/$REALM.pw"
  fi
fi
say "realm $REALM is as described"
