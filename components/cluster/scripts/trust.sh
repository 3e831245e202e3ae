# Lets AUTHORIZED_KEYS log in here, and pins KNOWN_HOSTS: one entry a line. On a member of a cluster authorized_keys is
# a link into /etc/pve, so nothing is written where nothing is missing. On the witness WITNESS_OF names the cluster, and
# its founder's key is only let in where KEEP_KEY says yes, or while the witness hears fewer than NODES nodes: the
# QDevice has yet to be set up then.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text
FOLDER=/root/.ssh

# append FILE LINE
append() {
  local file="$1" line="$2"
  # The last line of a file that was written by hand may lack its end.
  if [ -n "$(tail -c 1 "$file" 2>/dev/null)" ]; then line=$'\n'"$line"; fi
  printf '%s\n' "$line" >>"$file" ||
    stop "$file cannot be written" "look at: df /root; on a node of a cluster without quorum: pvecm status"
}

# hears_all: at the witness, whether every node of the cluster is connected to it.
hears_all() {
  local clients
  if clients="$(corosync-qnetd-tool -l -c "$WITNESS_OF" 2>/dev/null </dev/null)"; then
    [ "$(grep -c '^    Node ID ' <<<"$clients")" -ge "$NODES" ]
  else
    return 1
  fi
}

lets_in() {
  if [ -z "$WITNESS_OF" ] || [ "$KEEP_KEY" = yes ]; then return 0; fi
  if [ "$NODES" -eq 0 ] || hears_all; then return 1; fi
}

# authorize TYPE KEY COMMENT: a key that is there with another comment is there.
authorize() {
  local file
  for file in "$FOLDER/authorized_keys" "$FOLDER/authorized_keys2"; do
    if grep -q -- "^[^#]*$1 $2" "$file" 2>/dev/null; then return 0; fi
  done
  append "$FOLDER/authorized_keys" "$*"
}

# entries NAME FILE: lines of a file of known hosts that are for NAME alone or with others, hashed ones too. Patterns
# and authorities are somebody's own doing.
entries() {
  if [ ! -s "$2" ]; then return 0; fi
  if ssh-keygen -F "$1" -f "$2" 2>/dev/null </dev/null | sed '/^#/d; /^@/d; /^[^ ]*[*?!]/d'; then return 0; fi
}

# drop FILE LINES: ssh takes any key that stands in a file, so the old one must go.
drop() {
  local file line
  file="$(readlink -f "$1")"
  while IFS= read -r line || [ -n "$line" ]; do
    if ! grep -qxF -- "$line" <<<"$2"; then printf '%s\n' "$line"; fi
  done <"$file" >"$file.new" ||
    stop "$file.new cannot be written" "look at: df /root; on a node of a cluster without quorum: pvecm status"
  mv "$file.new" "$file"
}

# pin ADDRESS,NAME TYPE KEY: keys of another type are left alone, unless that of this type shows another machine.
pin() {
  local address="${1%%,*}" key="$2 $3" name file found old known=no
  for name in ${1//,/ }; do
    for file in "$FOLDER/known_hosts" /etc/ssh/ssh_known_hosts; do
      found="$(entries "$name" "$file")"
      if [ "$name" = "$address" ] && has " $key\( \|\$\)" <<<"$found"; then known=yes; fi
      old="$(grep -v -- " $key\( \|\$\)" <<<"$found" || true)"
      if has " $2 " <<<"$old"; then
        say "$name has another host key than $file says: the old one goes"
        drop "$file" "$old"
      fi
    done
  done
  if [ "$known" = no ]; then append "$FOLDER/known_hosts" "$1 $key"; fi
}

if [ ! -d "$FOLDER" ]; then
  mkdir -p "$FOLDER"
  chmod 700 "$FOLDER"
fi
if lets_in; then
  while read -r type key comment; do
    if [ -n "$type" ]; then authorize "$type" "$key" "$comment"; fi
  done <<<"$AUTHORIZED_KEYS"
fi
while read -r names type key _; do
  if [ -n "$names" ]; then pin "$names" "$type" "$key"; fi
done <<<"$KNOWN_HOSTS"
say "trusts the site's nodes"
