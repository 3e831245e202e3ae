# A user's password, which goes by standard input: arguments can be read by everybody on the host.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text
printf '%s\n%s\n' "$PASSWORD" "$PASSWORD" | pveum passwd "$ACCOUNT" >&2 ||
  stop "the password of $ACCOUNT could not be set" "see the lines above; it needs 8 characters at least"
say "the password of $ACCOUNT is set"
