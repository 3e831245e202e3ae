# A role with exactly these privileges.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text
if [ "$2" = remove ]; then
  if exists role roleid "$ROLE"; then change role delete "$ROLE"; fi
  say "role $ROLE is gone"
  exit 0
fi

if exists role roleid "$ROLE"; then
  change role modify "$ROLE" --privs "$PRIVILEGES"
else
  change role add "$ROLE" --privs "$PRIVILEGES"
fi
say "role $ROLE is as described"
