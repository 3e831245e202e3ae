# A user's API token: $3 user, $4 token id, $5 generation. Its secret is shown once, on standard output, so a token
# whose secret was lost is made anew; it keeps its permissions.
# shellcheck shell=bash
ACCOUNT="$3" TOKEN="$4" GENERATION="$5"

token_exists() {
  pveum user token list "$ACCOUNT" --output-format json 2>/dev/null </dev/null |
    has "\"tokenid\" *: *\"$(escaped "$TOKEN")\""
}

if [ "$2" = remove ]; then
  if token_exists; then change user token remove "$ACCOUNT" "$TOKEN"; fi
  say "token $TOKEN of $ACCOUNT is gone"
  exit 0
fi

if token_exists; then change user token remove "$ACCOUNT" "$TOKEN"; fi
answer="$(pveum user token add "$ACCOUNT" "$TOKEN" --output-format json </dev/null)" ||
  stop "pveum user token add did not succeed" "see the lines above; without quorum nothing can be changed: pvecm status"
secret="$(sed -n 's/.*"value" *: *"\([^"]*\)".*/\1/p' <<<"$answer")"
if [ -z "$secret" ]; then
  stop "pveum gave no secret" "look at: pveum user token list $ACCOUNT"
fi
say "token $TOKEN of $ACCOUNT is made (generation $GENERATION)"
printf '%s!%s=%s\n' "$ACCOUNT" "$TOKEN" "$secret"
