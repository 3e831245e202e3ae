# A container template from Proxmox's index: $3 storage, $4 file. pveam checks its checksum.
# shellcheck shell=bash
STORAGE="$3" FILE="$4"

if pveam list "$STORAGE" 2>/dev/null </dev/null | has "^$STORAGE:vztmpl/$FILE "; then
  say "$FILE is on $STORAGE"
else
  say "downloading $FILE to $STORAGE"
  pveam update >&2 </dev/null || stop "the template index could not be read" "check the node's way to the internet"
  pveam download "$STORAGE" "$FILE" >&2 </dev/null ||
    stop "template $FILE could not be downloaded" "choose one that the node offers: pveam available"
fi
