# Readies a bare Debian for Proxmox VE: hosts file, Proxmox's repository, an upgrade, Proxmox's kernel. On a host that
# is Proxmox VE already nothing is touched: no run of ours ever upgrades a member of a cluster.
# shellcheck shell=bash
# shellcheck disable=SC2153,SC2154 # set in front of this text

KEYRING=/usr/share/keyrings/proxmox-archive-keyring.gpg

# without_comments FILE
without_comments() {
  sed 's/#.*//' "$1" 2>/dev/null || true
}

# names_host ADDRESS NAME: whether /etc/hosts has it.
names_host() {
  without_comments /etc/hosts |
    has "^[[:space:]]*${1//./\\.}[[:space:]]\(.*[[:space:]]\)\{0,1\}${2//./\\.}\([[:space:]]\|\$\)"
}

# /etc/hosts as it has to be: the line of 127.0.1.1 goes, the site's nodes come, all else stays in its order.
hosts_file() {
  local line address names name full=''
  while IFS= read -r line || [ -n "$line" ]; do
    read -r address names <<<"$line" || true
    if [ "$address" != 127.0.1.1 ]; then
      printf '%s\n' "$line"
      continue
    fi
    for name in $names; do
      case "$name" in "$HOST".*) full="$name " ;; esac
    done
  done </etc/hosts
  while read -r address name; do
    if [ -z "$address" ] || names_host "$address" "$name"; then continue; fi
    if [ "$name" = "$HOST" ]; then name="$full$name"; fi
    printf '%s\t%s\n' "$address" "$name"
  done <<<"$HOSTS"
}

# Lines of /etc/hosts that give one of the site's names another address.
wrong_names() {
  local address name
  while read -r address name; do
    if [ -z "$address" ]; then continue; fi
    without_comments /etc/hosts | grep "[[:space:]]${name//./\\.}\([[:space:]]\|\$\)" |
      grep -v "^[[:space:]]*\(127\.0\.1\.1\|${address//./\\.}\)[[:space:]]" || true
  done <<<"$HOSTS"
}

require_static_address() {
  if without_comments /etc/network/interfaces |
    has "^[[:space:]]*address[[:space:]]\{1,\}${ADDRESS//./\\.}\(/[0-9]*\)\{0,1\}[[:space:]]*\$"; then
    return
  fi
  stop "/etc/network/interfaces does not set $ADDRESS" \
    "set it there, as in 'iface eno1 inet static' with 'address $ADDRESS/24' and a gateway, take it out of DHCP, netplan and systemd-networkd, reboot, and run this again"
}

# put FILE TEXT: as a whole or not at all, and only where it is not so already.
put() {
  local now=''
  if [ -e "$1" ]; then now="$(cat "$1")"; fi
  if [ "$now" = "$2" ]; then return; fi
  say "writing $1"
  printf '%s\n' "$2" >"$1.proxmox-ha" || stop "$1 cannot be written" "look at: df -h /"
  chmod 644 "$1.proxmox-ha"
  mv "$1.proxmox-ha" "$1"
}

# The disks below /boot, as in `/dev/sda, /dev/sdb`.
boot_disks() {
  local source name type disks=''
  source="$(findmnt -n -v -o SOURCE --target /boot 2>/dev/null </dev/null)" || return 0
  while read -r name type; do
    if [ "$type" != disk ]; then continue; fi
    case ", $disks, " in
      *", $name, "*) ;;
      *) disks="${disks:+$disks, }$name" ;;
    esac
  done <<<"$(lsblk -n -s -r -p -o NAME,TYPE "$source" 2>/dev/null </dev/null || true)"
  printf '%s' "$disks"
}

# answered PACKAGE QUESTION
answered() {
  debconf-show "$1" 2>/dev/null </dev/null | has "^.[[:space:]]$1/$2: *[^ ]"
}

# Answers to what packages ask, where nobody has answered yet.
answer_questions() {
  local file=/var/lib/proxmox-ha/answers disks answers=''
  if ! answered postfix main_mailer_type; then
    answers="postfix postfix/main_mailer_type select Local only
postfix postfix/mailname string $HOST
"
  fi
  if is_unpacked grub-pc && ! answered grub-pc install_devices; then
    disks="$(boot_disks)"
    if [ -n "$disks" ]; then answers="${answers}grub-pc grub-pc/install_devices multiselect $disks
"; fi
  fi
  if [ -z "$answers" ]; then return; fi
  printf '%s' "$answers" >"$file" || no_room
  debconf-set-selections "$file" >&2 </dev/null ||
    stop "debconf did not take the answers in $file" "see the lines above; another process may be using debconf"
  rm -f "$file"
}

sum_of() {
  local sum
  sum="$(sha256sum "$1" 2>/dev/null </dev/null)" || true
  printf '%s' "${sum%% *}"
}

# Checked before it is put where apt looks. Once its package has come, the file is the package's.
fetch_keyring() {
  local new=/var/lib/proxmox-ha/keyring
  if is_unpacked proxmox-archive-keyring || [ "$(sum_of "$KEYRING")" = "$KEYRING_SHA256" ]; then return; fi
  if ! package_is_installed ca-certificates; then
    read_lists
    with_apt 10m "installing ca-certificates" install ca-certificates
  fi
  rm -f "$new"
  # Of all that can fetch a file, only apt's helper is on every Debian.
  PATH="$PATH:/usr/lib/apt" manage 5m "fetching $KEYRING_URL" \
    apt-helper -o APT::Sandbox::User=root download-file "$KEYRING_URL" "$new"
  if [ "$(sum_of "$new")" != "$KEYRING_SHA256" ]; then
    stop "the keyring from $KEYRING_URL has the sha256 $(sum_of "$new"), not $KEYRING_SHA256" \
      "find out who answers for that server (a proxy, a name server); nothing was trusted. Where Proxmox has published another keyring, a newer version of this project names it"
  fi
  cat "$new" >"$KEYRING.proxmox-ha" || stop "$KEYRING cannot be written" "look at: df -h /usr"
  chmod 644 "$KEYRING.proxmox-ha"
  mv "$KEYRING.proxmox-ha" "$KEYRING"
  rm -f "$new"
}

no_room() {
  stop "${UNDERWAY%/*} cannot be written" "look at: df -h /var/lib"
}

is_prepared() {
  grep -q prepared "$UNDERWAY" && package_is_installed proxmox-default-kernel
}

if ! is_bare; then
  say "is Proxmox VE already; nothing to prepare"
  exit 0
fi
if [ -z "$REPOSITORY" ]; then
  stop "packages of Proxmox VE $RELEASE for a bare Debian are not known" \
    "install Proxmox VE $RELEASE on this host with its own installer, or set cluster.release: 9 and install Debian 13"
fi
require_static_address
wrong="$(wrong_names)"
if [ -n "$wrong" ]; then
  stop "/etc/hosts gives the site's names other addresses: $(one_line "$wrong")" "correct these lines of /etc/hosts, then run this again"
fi

if ! mkdir -p "${UNDERWAY%/*}"; then no_room; fi
if [ ! -e "$UNDERWAY" ] && ! : >"$UNDERWAY"; then no_room; fi
put /etc/hosts "$(hosts_file)"
require_name
if ! is_prepared; then
  finish_interrupted
  answer_questions
fi
fetch_keyring
put "$REPOSITORY_FILE" "$REPOSITORY"
disable_enterprise
if ! is_prepared; then
  read_lists
  with_apt 90m "upgrading Debian" dist-upgrade
  with_apt 60m "installing Proxmox's kernel" install proxmox-default-kernel
  echo prepared >"$UNDERWAY" || no_room
fi
say "is ready for Proxmox VE"
