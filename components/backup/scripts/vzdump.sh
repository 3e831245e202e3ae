# A temporary folder on the node's own disk for vzdump. On NFS, where it lies otherwise, containers lose their ACLs and
# file capabilities. Whoever has set another keeps it.
# shellcheck shell=bash
conf=/etc/vzdump.conf
if grep -q '^[[:space:]]*tmpdir:' "$conf" 2>/dev/null; then
  say "vzdump has a temporary folder"
else
  say "sets tmpdir: /var/tmp in $conf"
  if [ -e "$conf" ]; then
    cat "$conf" >"$conf.new" || stop "$conf.new cannot be written" "look at: df /etc"
    # The last line of a file that was written by hand may lack its end.
    if [ -n "$(tail -c 1 "$conf")" ]; then printf '\n' >>"$conf.new"; fi
    printf 'tmpdir: /var/tmp\n' >>"$conf.new" || stop "$conf.new cannot be written" "look at: df /etc"
  else
    printf 'tmpdir: /var/tmp\n' >"$conf.new" || stop "$conf.new cannot be written" "look at: df /etc"
  fi
  chmod 644 "$conf.new"
  mv "$conf.new" "$conf"
fi
