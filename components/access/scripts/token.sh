# The automation's API token: $3 user, $4 token id, $5 role, $6 generation. Its secret is shown once, on standard
# output, so a token whose secret was lost is made anew.
# shellcheck shell=bash
ACCOUNT="$3" TOKEN="$4" ROLE="$5" GENERATION="$6"

exists() {
  pveum user token list "$ACCOUNT" --output-format json 2>/dev/null </dev/null |
    has "\"tokenid\" *: *\"$TOKEN\""
}

quorum="see the lines above; without quorum nothing can be changed: pvecm status"

if exists; then
  pveum user token remove "$ACCOUNT" "$TOKEN" >&2 </dev/null ||
    stop "pveum user token remove did not succeed" "$quorum"
fi
if [ "$2" = remove ]; then
  say "token $TOKEN of $ACCOUNT is gone"
  exit 0
fi
answer="$(pveum user token add "$ACCOUNT" "$TOKEN" --privsep 1 \
  --comment "Managed by Pulumi, generation $GENERATION" --output-format json </dev/null)" ||
  stop "pveum user token add did not succeed" "$quorum"
pveum acl modify / --tokens "$ACCOUNT!$TOKEN" --roles "$ROLE" >&2 </dev/null ||
  stop "pveum acl modify did not succeed" "$quorum"
secret="$(sed -n 's/.*"value" *: *"\([^"]*\)".*/\1/p' <<<"$answer")"
if [ -z "$secret" ]; then
  stop "pveum gave no secret" "look at: pveum user token list $ACCOUNT"
fi
say "token $TOKEN of $ACCOUNT is made (generation $GENERATION)"
printf '%s!%s=%s\n' "$ACCOUNT" "$TOKEN" "$secret"
