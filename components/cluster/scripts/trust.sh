# Lets the site's nodes log in here, and pins the keys of the site's hosts. AUTHORIZED_KEYS and KNOWN_HOSTS hold one
# entry a line. On a cluster member authorized_keys is a link into /etc/pve, so it is only written when a line is
# missing.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text
add_lines() {
  local file="$1" line
  while IFS= read -r line; do
    if [ -n "$line" ] && ! grep -qxF -- "$line" "$file" 2>/dev/null; then
      # The last line of a file that was written by hand may lack its end.
      if [ -n "$(tail -c 1 "$file" 2>/dev/null)" ]; then line=$'\n'"$line"; fi
      printf '%s\n' "$line" >>"$file" ||
        stop "$file cannot be written" "look at: df /root; on a node of a cluster without quorum: pvecm status"
    fi
  done
}

if [ ! -d /root/.ssh ]; then
  mkdir -p /root/.ssh
  chmod 700 /root/.ssh
fi
add_lines /root/.ssh/authorized_keys <<<"$AUTHORIZED_KEYS"
add_lines /root/.ssh/known_hosts <<<"$KNOWN_HOSTS"
say "trusts the site's nodes"
