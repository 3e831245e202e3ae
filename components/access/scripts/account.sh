# The automation's role and user. Running it again sets both as described.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text
exists() {
  pveum "$1" list --output-format json </dev/null | grep -q "\"$2\" *: *\"$3\""
}

if [ "$2" = remove ]; then
  if exists user userid "$ACCOUNT"; then pveum user delete "$ACCOUNT" >&2 </dev/null; fi
  if exists role roleid "$ROLE"; then pveum role delete "$ROLE" >&2 </dev/null; fi
  say "user $ACCOUNT and role $ROLE are gone"
  exit 0
fi

if exists role roleid "$ROLE"; then
  pveum role modify "$ROLE" --privs "$PRIVILEGES" >&2 </dev/null
else
  pveum role add "$ROLE" --privs "$PRIVILEGES" >&2 </dev/null
fi
if ! exists user userid "$ACCOUNT"; then
  pveum user add "$ACCOUNT" --comment 'Managed by Pulumi' >&2 </dev/null
fi
pveum acl modify / --users "$ACCOUNT" --roles "$ROLE" >&2 </dev/null
say "user $ACCOUNT has role $ROLE"
