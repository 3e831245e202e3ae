# Packages on a host that is to become Proxmox VE. A host that is one already is left alone. Uses cluster/parts/bare.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text

# What apt or dpkg said last of what is wrong.
ERRORS=/run/lock/proxmox-ha-packages
IN_USE='Could not get lock\|is another process using it\|lock was locked by'

runs_proxmox_kernel() {
  uname -r | has '-pve$'
}

# attempt LIMIT DOING COMMAND ARGUMENTS...: apt or dpkg at which nobody sits. Waits five minutes for another process that
# uses packages: apt's own waiting leaves out the lists, and dpkg has none. LIMIT is timeout's.
attempt() {
  local limit="$1" doing="$2" left=60 code
  shift 2
  say "$doing"
  while true; do
    code=0
    # Not `code=$?` alone: in the lab's shell an assignment fails where the command before it has.
    DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 \
      timeout -k 60 "$limit" "$@" >&2 2>"$ERRORS" </dev/null || local code=$?
    if [ "$code" -eq 0 ] || ! grep -q "$IN_USE" "$ERRORS"; then break; fi
    if [ "$left" -eq 60 ]; then say "waits: $(grep -m 1 "$IN_USE" "$ERRORS")"; fi
    if [ "$left" -eq 0 ]; then
      stop "$doing: for 5 minutes another process has been using packages: $(grep -m 1 "$IN_USE" "$ERRORS")" \
        "wait until that process is done, or end it; then run this again"
    fi
    sleep 5
    left=$((left - 1))
  done
  cat "$ERRORS" >&2
  return "$code"
}

# manage LIMIT DOING COMMAND ARGUMENTS...: the same, and stops where it fails.
manage() {
  local code=0
  attempt "$@" || local code=$?
  case "$code" in
    0) ;;
    124 | 137) stop "$2 did not end within $1" "look at what it waits for on the host: ps -ef; then run this again" ;;
    *) stop "$2 did not succeed" "$(remedy)" ;;
  esac
}

# What to do about what stands in ERRORS.
remedy() {
  if grep -q '401 *Unauthorized' "$ERRORS"; then
    echo "the enterprise repository lets in hosts with a subscription only: give this host's key in /etc/apt/auth.conf.d, or set cluster.packages: no-subscription"
  elif grep -q 'No space left on device\|enough free space' "$ERRORS"; then
    echo "make room on the host (df -h / /boot /var; apt-get clean), then run this again"
  elif grep -q 'Temporary failure resolving\|Could not resolve\|Could not connect\|Failed to fetch' "$ERRORS"; then
    echo "check the host's way to the package servers and its name server (/etc/resolv.conf), then run this again"
  else
    echo "see the lines above, correct it on the host, then run this again"
  fi
}

# with_apt LIMIT DOING WORDS...: files that an administrator has changed stay as they are.
with_apt() {
  local limit="$1" doing="$2"
  shift 2
  manage "$limit" "$doing" apt-get -q -y -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@"
}

# apt refuses everything after a run that a power cut or a time limit has ended. What needs packages that had not come
# by then cannot be set up before they have.
finish_interrupted() {
  attempt 30m "setting up what is unpacked" dpkg --force-confdef --force-confold --configure -a ||
    with_apt 60m "fetching what unpacked packages need" --fix-broken install
}

# By itself apt-get takes old lists when a server does not answer, and says that all is well.
read_lists() {
  with_apt 10m "reading package lists" -o APT::Update::Error-Mode=any update
}

# Without a subscription the enterprise repository makes every reading of lists fail, and pve-manager brings it along.
disable_enterprise() {
  local file=/etc/apt/sources.list.d/pve-enterprise.sources
  if [ "$PACKAGES" = enterprise ] || [ ! -e "$file" ] || grep -q '^Enabled: *no' "$file"; then return; fi
  say "switching the enterprise repository off: there is no subscription"
  sed -i -e '/^Enabled:/d' -e 's/^Types:.*/&\nEnabled: no/' "$file"
}
