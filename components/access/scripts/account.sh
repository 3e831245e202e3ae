# The automation's role and user. Running it again sets both as described.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text
if [ "$2" = remove ]; then
  if exists user userid "$ACCOUNT"; then change user delete "$ACCOUNT"; fi
  if exists role roleid "$ROLE"; then change role delete "$ROLE"; fi
  say "user $ACCOUNT and role $ROLE are gone"
  exit 0
fi

if exists role roleid "$ROLE"; then
  change role modify "$ROLE" --privs "$PRIVILEGES"
else
  change role add "$ROLE" --privs "$PRIVILEGES"
fi
if ! exists user userid "$ACCOUNT"; then
  change user add "$ACCOUNT" --comment 'Managed by Pulumi'
fi
change acl modify / --users "$ACCOUNT" --roles "$ROLE"
# Sys.Modify there would let it change any role, its own too (docs/adr/009).
change acl modify /access --users "$ACCOUNT" --roles NoAccess
say "user $ACCOUNT has role $ROLE"
