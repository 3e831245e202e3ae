# What scripts that judge a host look at. Nothing is written, and no tool is needed that a bare Debian may lack: what
# cannot be seen without one is said not to be checked.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text

there_is() {
  command -v "$1" >/dev/null
}

# not_checked WHAT TOOL PACKAGE
not_checked() {
  warning "$1 was not checked: this host has no $2" "install it if you want to know: apt-get install $3"
}

# judge JUDGEMENT WHAT REMEDY: `problem`, or `warning` where the same would be no obstacle.
judge() {
  case "$1" in
    problem) problem "$2" "$3" ;;
    *) warning "$2" "$3" ;;
  esac
}

judge_root() {
  if [ "$(id -u </dev/null)" != 0 ]; then
    problem "the user that logs in is not root" "let root log in with the key that proxmox-ha:ssh names"
  fi
}

# judge_space JUDGEMENT MIB FOLDER: whether there is that much left where FOLDER is.
judge_space() {
  local line size used free=""
  line="$(df -Pk "$3" 2>/dev/null </dev/null | tail -n 1)" || line=""
  read -r _ size used free _ <<<"$line"
  if [ -z "$free" ]; then
    warning "disk space was not checked: df says nothing of $3" "look at: df $3"
  elif [ "$((free / 1024))" -lt "$2" ]; then
    judge "$1" "only $((free / 1024)) MiB are free at $3 (used: $((used / 1024)) of $((size / 1024)) MiB), $2 MiB are needed" \
      "make room; what takes it is shown by: du -xh -d 2 $3 | sort -h | tail"
  fi
}

# judge_apt_lock: whether packages can be installed now. The locks are only looked at, not tried.
judge_apt_lock() {
  local locks pid command path
  if ! there_is lslocks; then
    not_checked "whether another program installs packages" lslocks util-linux
    return
  fi
  locks="$(lslocks -nru -o PID,COMMAND,PATH 2>/dev/null </dev/null)" || locks=""
  while read -r pid command path; do
    case "$path" in
      */dpkg/lock* | */apt/lists/lock | */apt/archives/lock)
        problem "packages cannot be installed: $command (process $pid) holds apt's lock" \
          "wait until it has ended, then run this again; never remove the lock file ($path)"
        return
        ;;
    esac
  done <<<"$locks"
}

# judge_sshd: we are logged in, but a setting that was written since may lock root out at the next start of sshd.
judge_sshd() {
  local file line
  for file in /etc/ssh/sshd_config.d/*.conf; do
    if [ ! -e "$file" ]; then continue; fi
    # What stands below a Match is for some only.
    line="$(sed -e '/^[[:space:]]*[Mm]atch[[:space:]]/,$d' "$file" | grep -i '^[[:space:]]*PermitRootLogin[[:space:]]' || true)"
    case "$line" in
      *[[:space:]]no* | *[[:space:]]forced-commands-only*)
        problem "$file forbids root to log in, whatever /etc/ssh/sshd_config says, from the next start of sshd on" \
          "write PermitRootLogin prohibit-password there (keys are enough), then: systemctl reload ssh"
        ;;
    esac
  done
}

# judge_time: every host follows a time server; how far the clocks are apart shows only where all are compared.
judge_time() {
  local synchronized="" sources remedy
  remedy="look at: timedatectl, and chronyc sources; a time server must be reachable on UDP port 123"
  if there_is timedatectl; then
    synchronized="$(timedatectl show -p NTPSynchronized --value 2>/dev/null </dev/null)" || synchronized=""
  fi
  if [ "$synchronized" = no ]; then
    warning "no time server sets the clock" "$remedy"
    return
  fi
  if there_is chronyc && sources="$(chronyc -n sources 2>/dev/null </dev/null)"; then
    if has '^[=^]\*' <<<"$sources"; then return; fi
    warning "no time server answers" "$remedy"
  elif [ -z "$synchronized" ]; then
    not_checked "whether a time server sets the clock" "timedatectl that answers" systemd-timesyncd
  fi
}

# tell_clock: last, so that as little as possible lies between the reading and whoever compares it.
tell_clock() {
  fact clock "$(date +%s.%N </dev/null)"
}

# port_state ADDRESS PORT: open, refused (nobody listens there) or silent (nobody is there, or a firewall is).
port_state() {
  local words
  if words="$(timeout 5 bash -c ": >/dev/tcp/$1/$2" 2>&1 </dev/null)"; then
    printf 'open'
  else
    case "$words" in
      *[Rr]efused*) printf 'refused' ;;
      *) printf 'silent' ;;
    esac
  fi
}

# judge_listeners PROTOCOL(t|u) PORTS PROCESS: that nobody but PROCESS has these ports.
judge_listeners() {
  local all line protocol port name
  protocol=TCP
  if [ "$1" = u ]; then protocol=UDP; fi
  all="$(ss "-Hnlp$1" 2>/dev/null </dev/null)" || all=""
  for port in $2; do
    line="$(grep ":${port}[[:space:]]" <<<"$all" | grep -v -m 1 "\"$3" || true)"
    if [ -n "$line" ]; then
      name="$(sed -n 's/.*users:((\("[^"]*",pid=[0-9]*\).*/\1/p' <<<"$line")"
      problem "$protocol port $port is taken by ${name:-an unknown process}; $3 needs it" \
        "stop that service, or let it listen elsewhere; see: ss -nlp$1"
    fi
  done
}

# judge_firewall PORTS: a firewall that somebody has set up may keep the hosts apart, and cannot be asked.
judge_firewall() {
  local name
  for name in ufw firewalld nftables; do
    if systemctl is-active --quiet "$name" 2>/dev/null </dev/null; then
      warning "a firewall is active: $name" "let the other hosts of the site reach $1, or switch it off: systemctl disable --now $name"
    fi
  done
}

# Nobody can see it from here.
remind_of_power() {
  checklist "in the BIOS: the machine starts by itself when the power comes back (often called AC power loss: on)"
}
