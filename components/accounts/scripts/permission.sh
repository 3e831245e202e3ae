# One entry of the access control list: a role for somebody at a path.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text
if [ "$2" = remove ]; then
  # With a user, group, token or role go their entries; then there is nothing to take away.
  if ! pveum acl delete "$PLACE" "--${KIND}s" "$WHO" --roles "$ROLE" >&2 </dev/null; then
    if pveum acl list --output-format json </dev/null | has "\"ugid\" *: *\"$(escaped "$WHO")\""; then
      stop "pveum acl delete did not succeed" \
        "see the lines above; without quorum nothing can be changed: pvecm status"
    fi
  fi
  say "$WHO no longer has role $ROLE on $PLACE"
  exit 0
fi

change acl modify "$PLACE" "--${KIND}s" "$WHO" --roles "$ROLE" --propagate "$PROPAGATE"
say "$WHO has role $ROLE on $PLACE"
