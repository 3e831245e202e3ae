# Whether this node can work with each NFS export as Proxmox VE will: every problem is told, none stops the others.
# EXPORTS has a line for each: storage, server, directory, version of NFS or -, kinds of content with commas.
# One that Proxmox VE has mounted is only looked at. Any other is mounted at a place of our own, tried with one small
# file, and left as it was.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text
place=/run/proxmox-ha/export
# An unprivileged container's root, as the server sees it.
container_root=100000
little=$((10 * 1024 * 1024))

answers() {
  timeout 5 bash -c ": >/dev/tcp/$1/2049" 2>/dev/null </dev/null
}

# limited SECONDS COMMAND...: a server that stops answering lets whoever touches its files wait for ever.
limited() {
  timeout -k 5 "$@" </dev/null
}

# mount_field FIELD FOLDER: of what is mounted there; nothing where nothing is.
mount_field() {
  findmnt -n -o "$1" -M "$2" </dev/null || true
}

version_at() {
  mount_field OPTIONS "$1" | sed -n 's/^\(.*,\)*vers=\([0-9.]*\).*/\2/p'
}

leave() {
  if [ -n "$(mount_field SOURCE "$place")" ]; then
    umount "$place" </dev/null || umount -l "$place" </dev/null
  fi
}

# check_space STORAGE FOLDER: fails where there is none.
check_space() {
  local free
  if ! free="$(limited 20 df -P "$2" | sed -n '2s/^[^ ]* *[0-9]* *[0-9]* *\([0-9]*\).*/\1/p')" || [ -z "$free" ]; then
    problem "storage $1: its free space cannot be told" "look at the NAS: $export_name answers, and its files do not"
    return 1
  elif [ "$free" -eq 0 ]; then
    problem "storage $1: there is no room on $export_name" "make room on the NAS, or raise the limit of $export_name"
    return 1
  elif [ "$free" -lt "$little" ]; then
    warning "storage $1: $((free / 1024)) MiB are free" "make room on the NAS, or raise the limit of $export_name"
  else
    say "storage $1: $((free / 1024 / 1024)) GiB are free"
  fi
}

# try_files STORAGE CONTENT: what disks and backups need of a file system, with one file.
try_files() {
  local file="$place/.proxmox-ha-$HOST" owner=0 remedy
  remedy="on the NAS: export $directory to this node read-write and with no_root_squash (root stays root), then: exportfs -ra"
  case ",$2," in *,rootdir,*) owner=$container_root ;; esac
  if ! (: >"$file") 2>/dev/null; then
    problem "storage $1: root of this node may not write on $export_name" "$remedy"
    return 0
  fi
  if ! limited 20 chown "$owner:$owner" "$file" 2>/dev/null; then
    problem "storage $1: root of this node may not give files to another owner on $export_name" "$remedy"
  fi
  if ! limited 30 flock -w 10 "$file" true; then
    problem "storage $1: files on $export_name cannot be locked" \
      "let the storage say nfsVersion: \"4.2\"; NFS 3 needs rpc.statd here and lockd's ports open on the NAS"
  fi
  if ! mv "$file" "$file.moved" 2>/dev/null; then
    problem "storage $1: files on $export_name cannot be renamed" "$remedy"
    rm -f "$file"
  fi
  rm -f "$file.moved"
}

# Proxmox VE asks showmount whether a server is there, unless the storage says that it speaks NFS 4.
check_showmount() {
  case "$2" in 4*) return 0 ;; esac
  if ! limited 15 showmount --no-headers --exports "$server" >/dev/null 2>&1; then
    problem "storage $1: showmount gets no answer from $server, so Proxmox VE would take it for offline" \
      "let the storage say nfsVersion: \"4.2\" if the NAS speaks NFS 4; or open its ports 111 and those of mountd"
  fi
}

mount_remedy() {
  case "$1" in
    *"denied"*) printf '%s' "on the NAS: export $directory to this node (host $HOST), read-write and with no_root_squash; look at: showmount -e $server" ;;
    *"rotocol not supported"* | *"not registered"* | *"rpc.statd"*) printf '%s' "let the storage say which version of NFS the NAS speaks, as in nfsVersion: \"4.2\"" ;;
    *"No such file"*) printf '%s' "correct the storage's export, or make $directory on the NAS; look at: showmount -e $server" ;;
    *) printf '%s' "look at the NAS's list of exports and at its firewall; try here: mount -t nfs $export_name /mnt" ;;
  esac
}

# try_export STORAGE VERSION CONTENT
try_export() {
  local options="soft,timeo=100,retrans=2,retry=0" said
  if [ "$2" != - ]; then options="vers=$2,$options"; fi
  leave
  mkdir -p "$place"
  if ! said="$(limited 60 mount -t nfs -o "$options" "$export_name" "$place" 2>&1)"; then
    problem "storage $1: $export_name cannot be mounted${said:+: $said}" "$(mount_remedy "$said")"
    return 0
  fi
  say "storage $1: $export_name can be mounted, as NFS $(version_at "$place")"
  if check_space "$1" "$place"; then try_files "$1" "$3"; fi
  leave
}

# look_at STORAGE FOLDER SOURCE: Proxmox VE uses it, so nothing is written there.
look_at() {
  if [ "$3" != "$export_name" ]; then
    problem "storage $1: $3 is mounted on $2, not $export_name" \
      "correct the storage in the site file; server and export of a storage are fixed once it exists"
    return 0
  fi
  say "storage $1: $export_name is mounted, as NFS $(version_at "$2")"
  check_space "$1" "$2" || true
}

while read -r id server directory version content; do
  if [ -z "$id" ]; then continue; fi
  export_name="$server:$directory"
  if ! answers "$server"; then
    problem "storage $id: $server does not answer on TCP port 2049" \
      "check that the NAS is on, that its NFS service runs, and that its firewall lets this node in"
    continue
  fi
  source="$(mount_field SOURCE "/mnt/pve/$id")"
  if [ -n "$source" ]; then
    look_at "$id" "/mnt/pve/$id" "$source"
  elif ! command -v mount.nfs >/dev/null; then
    say "storage $id: $server answers; $directory is not tried yet, as nfs-common is not installed"
  else
    check_showmount "$id" "$version"
    try_export "$id" "$version" "$content"
  fi
done <<<"$EXPORTS"
verdict
