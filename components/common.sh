#!/usr/bin/env bash
# The common part of every script that runs on a host: it is put in front of the script.
# HOST names the host as the site file does; $1 is the step, $2 what to do: apply or remove.
set -euo pipefail
# The operator's or the host's language would be what commands answer in.
export LC_ALL=C.UTF-8

STEP="$1"
export STEP
PROBLEMS=0

say() {
  printf '%s: %s\n' "$HOST" "$*" >&2
}

# stop WHAT REMEDY
stop() {
  printf '\n%s: step %s failed: %s\n  What to do: %s\n' "$HOST" "$STEP" "$1" "$2" >&2
  exit 1
}

# wait_for SECONDS WHAT REMEDY COMMAND ARGUMENTS...: until COMMAND succeeds.
wait_for() {
  local left="$1" what="$2" remedy="$3" command="$4"
  shift 4
  # Not "$@" alone: the lab's shell takes that for one word where a command stands.
  until "$command" "$@" </dev/null; do
    if [ "$left" -le 0 ]; then
      stop "$what" "$remedy"
    fi
    sleep 1
    left=$((left - 1))
  done
}

# has PATTERN: whether standard input has it. It reads all of it: a writer that is cut off counts as failed here.
has() {
  grep -- "$1" >/dev/null || return 1
}

is_quorate() {
  pvecm status 2>/dev/null </dev/null | has '^Quorate: *Yes'
}

# status_of PACKAGE: nothing where dpkg does not know it.
status_of() {
  dpkg-query -W -f '${Status}' "$1" 2>/dev/null </dev/null || true
}

package_is_installed() {
  # "|| return" for the lab's shell: it ends a script where a function's last command fails, even before an "||".
  [ "$(status_of "$1")" = 'install ok installed' ] || return 1
}

# install_package NAME: only when it is missing.
install_package() {
  if package_is_installed "$1"; then
    return
  fi
  say "installing $1"
  # The lists may name a version that the archive no longer has, or be missing.
  if install_now "$1"; then
    return
  fi
  apt-get update >&2 </dev/null || true
  # After a run that a power cut has ended, apt refuses everything until this is done.
  DEBIAN_FRONTEND=noninteractive dpkg --force-confdef --force-confold --configure -a >&2 </dev/null || true
  # Not with ||: the lab's shell ends a script at a function that fails there.
  if ! install_now "$1"; then
    stop "package $1 could not be installed" "see the lines above; check the host's package sources with: apt-get update"
  fi
}

install_now() {
  DEBIAN_FRONTEND=noninteractive apt-get install -y "$1" -o DPkg::Lock::Timeout=120 >&2 </dev/null
}

# Findings of a script that only looks: lines with tabs on standard output for programs, words for people beside them.

# one_line TEXT: without what ends a field or a line.
one_line() {
  local text="${1//$'\t'/ }"
  printf '%s' "${text//$'\n'/ }"
}

# fact NAME VALUE
fact() {
  printf '%s\t%s\n' "$1" "$(one_line "$2")"
}

# problem WHAT REMEDY: it keeps the host from being brought to what is described; verdict counts them.
problem() {
  printf 'problem\t%s\t%s\n' "$(one_line "$1")" "$(one_line "$2")"
  # Not first: behind a condition that has failed, the lab's shell takes an assignment for a failure.
  PROBLEMS=$((PROBLEMS + 1))
  printf '%s: problem: %s\n  What to do: %s\n' "$HOST" "$1" "$2" >&2
}

# warning WHAT REMEDY
warning() {
  printf 'warning\t%s\t%s\n' "$(one_line "$1")" "$(one_line "$2")"
  printf '%s: warning: %s\n  What to do: %s\n' "$HOST" "$1" "$2" >&2
}

# will TEXT: what the next run does to this host.
will() {
  fact will "$1"
  say "will $1"
}

# checklist TEXT: what no program can see.
checklist() {
  fact checklist "$1"
  say "check by hand: $1"
}

# verdict: the end of a script that looks. Every problem has been told by now.
verdict() {
  if [ "$PROBLEMS" -gt 0 ]; then
    stop "$PROBLEMS problem(s), told above" "solve them, then run this again; nothing has been changed on this host"
  fi
}

# The host's name must stand for ADDRESS, which others reach: Proxmox VE's cluster file system does not start otherwise.
require_name() {
  local found
  found="$(hostname --ip-address 2>/dev/null </dev/null)" || true
  if [ "$found" != "$ADDRESS" ]; then
    stop "$HOST stands for ${found:-nothing}, not for $ADDRESS" \
      "correct /etc/hosts and /etc/hostname; where cloud-init writes /etc/hosts (manage_etc_hosts), remove cloud-init first"
  fi
}
