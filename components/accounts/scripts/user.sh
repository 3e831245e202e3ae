# A user with exactly these settings and groups. A second factor is theirs.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text
if [ "$2" = remove ]; then
  if exists user userid "$ACCOUNT"; then change user delete "$ACCOUNT"; fi
  say "user $ACCOUNT is gone"
  exit 0
fi

if ! exists user userid "$ACCOUNT"; then change user add "$ACCOUNT"; fi
change user modify "$ACCOUNT" --groups "$MEMBER_OF" --enable "$ENABLED" --expire "$EXPIRES" \
  --firstname "$FIRST_NAME" --lastname "$LAST_NAME" --email "$EMAIL" --comment "$COMMENT"
say "user $ACCOUNT is as described"
