# Options of the firewall of guest $4, a VM (qemu) or a container (lxc) as $3 says. OPTIONS has a name and a value a line.
# The path names this node, and not the guest's: the file is the cluster's, and so no other node needs to answer.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text
AT="/nodes/$HOST/$3/$4/firewall/options"

guest_is_there() {
  pvesh get /cluster/resources --type vm --output-format json </dev/null | has "\"vmid\":\"\{0,1\}$4\"\{0,1\}[,}]"
}

if [ "$2" = remove ]; then
  # The file of a guest that is gone went with it, and would come back.
  if guest_is_there "$@"; then
    say "turning the firewall of guest $4 off"
    # shellcheck disable=SC2001 # of each line
    names="$(sed 's/ .*//' <<<"$OPTIONS" | tr '\n' ',')"
    pvesh set "$AT" --delete "${names%,}" >/dev/null </dev/null ||
      stop "the firewall of guest $4 could not be turned off" "look at: pvesh get $AT"
  fi
  exit 0
fi

words=()
while read -r key value; do
  words+=("--$key" "$value")
done <<<"$OPTIONS"
say "setting the firewall of guest $4"
pvesh set "$AT" "${words[@]}" >/dev/null </dev/null ||
  stop "the firewall of guest $4 could not be set" "look at: pvesh get $AT"
