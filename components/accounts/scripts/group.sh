# A group; who is in it, the users' own scripts say.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text
if [ "$2" = remove ]; then
  if exists group groupid "$GROUP"; then change group delete "$GROUP"; fi
  say "group $GROUP is gone"
  exit 0
fi

if ! exists group groupid "$GROUP"; then change group add "$GROUP"; fi
change group modify "$GROUP" --comment "$COMMENT"
say "group $GROUP is as described"
