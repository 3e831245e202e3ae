# A notification target or matcher: NAME below PLACE, with SETTINGS, a line with key and value for each. MARK in its
# comment says that it is ours; what others have made is left alone. TEST says whether a message is sent.
# shellcheck shell=bash
# shellcheck disable=SC2153,SC2154 # set in front of this text
place="/cluster/notifications/$PLACE"
quorum="see the lines above; without quorum nothing can be changed: pvecm status"

current() {
  pvesh get "$place/$NAME" --output-format json 2>/dev/null </dev/null || true
}

is_ours() {
  # One of Proxmox VE's own is changed, and set back when it is removed.
  if [ "$NAME" = default-matcher ]; then return 0; fi
  has "$MARK" <<<"$1" || return 1
}

now="$(current)"
if [ "$2" = remove ]; then
  if [ -z "$now" ]; then
    say "$NAME is gone"
  elif ! is_ours "$now"; then
    say "$NAME was made by somebody else, and stays"
  else
    pvesh delete "$place/$NAME" >&2 </dev/null ||
      stop "$NAME could not be removed" "see the line above; take it out of the matchers that name it first"
    say "$NAME is removed"
  fi
  exit 0
fi

arguments=()
while read -r key value; do
  arguments+=("--$key=$value")
done <<<"$SETTINGS"
if [ -z "$now" ]; then
  # Gotify's must be there; the real one follows.
  if [ "$KIND" = gotify ]; then arguments+=("--token=-"); fi
  pvesh create "$place" "--name=$NAME" "${arguments[@]}" >&2 </dev/null ||
    stop "$NAME could not be made" "see the line above; a name serves one target or matcher, and a target keeps its type: name a new one otherwise"
else
  if ! is_ours "$now"; then
    stop "$NAME is there already, and not by this stack" "give yours another name, or remove that one: pvesh delete $place/$NAME"
  fi
  for key in $DELETABLE; do
    arguments+=("--delete=$key")
  done
  pvesh set "$place/$NAME" "${arguments[@]}" >&2 </dev/null || stop "$NAME could not be changed" "$quorum"
fi
case "$KIND" in smtp | gotify | webhook) put_secrets ;; esac

if [ "$TEST" = yes ]; then
  if ! said="$(pvesh create "/cluster/notifications/targets/$NAME/test" 2>&1 </dev/null)"; then
    stop "$NAME is set up, but its test message could not be sent: $(one_line "$said")" \
      "correct notifications.targets.$NAME or the service that it names, then run this again; or say test: false there to do without"
  fi
  say "$NAME is set up; a test message is on its way: see that it arrives"
else
  say "$NAME is set up"
fi
