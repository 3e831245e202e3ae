# What is copied and how old it is: only looks. COPIES are lines with name, storage with the backups and storage with the
# copies. Prints `now` with the node's time, and for each guest with backups its newest backup and its newest copy, in the
# words of their file names: nothing where there is none.
# shellcheck shell=bash
# shellcheck disable=SC2153,SC2154 # set in front of this text

# times STORAGE: VMID and time of every complete backup there, in their order.
times() {
  pvesm list "$1" --content backup </dev/null |
    sed -n 's/^[^ ]*:backup\/vzdump-[a-z]*-\([0-9]*\)-\([0-9_]*-[0-9_]*\)\.[^ ]* .*/\1 \2/p' | sort
}

# newest VMID: of the lines on standard input.
newest() {
  sed -n "s/^$1 //p" | tail -n 1
}

fact now "$(date +%Y_%m_%d-%H_%M_%S)"
while read -r name from to; do
  if [ -z "$name" ]; then continue; fi
  if ! backups="$(times "$from")"; then
    stop "the backups on $from cannot be listed" "look at: pvesm status --storage $from"
  fi
  if ! copies="$(times "$to")"; then
    stop "the copies on $to cannot be listed" "look at: pvesm status --storage $to"
  fi
  cut -d ' ' -f 1 <<<"$backups" | sort -u | while read -r vmid; do
    if [ -z "$vmid" ]; then continue; fi
    printf 'copy\t%s\t%s\t%s\t%s\n' "$name" "$vmid" "$(newest "$vmid" <<<"$backups")" "$(newest "$vmid" <<<"$copies")"
  done
done <<<"$COPIES"
