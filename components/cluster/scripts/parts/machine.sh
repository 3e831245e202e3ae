# What is judged of a node's names and machine, against what the site file says of them. Uses cluster/parts/looks.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text

judge_name() {
  local name all found loopback=no right=no
  name="$(hostname </dev/null)"
  if [ "${name%%.*}" != "$HOST" ]; then
    problem "this host calls itself ${name%%.*}, the site file calls it $HOST" \
      "before there is a cluster: hostnamectl set-hostname $HOST, and the name in /etc/hosts; or correct the name in the site file"
  fi
  all="$(getent ahosts "$HOST" </dev/null)" || all=""
  while read -r found _; do
    case "$found" in
      127.* | ::1) loopback=yes ;;
      "${ADDRESS:?}") right=yes ;;
    esac
  done <<<"$all"
  if [ "$loopback" = no ] && [ "$right" = yes ]; then
    return
  elif [ "$PROXMOX" = no ]; then
    if [ "$STATE" = refused ]; then return; fi
    will "let $HOST stand for $ADDRESS in /etc/hosts"
  else
    problem "the name $HOST does not stand for $ADDRESS, or for a loopback address too" \
      "in /etc/hosts, write $ADDRESS before this name and take it out of the line of 127.0.1.1; see: getent ahosts $HOST"
  fi
}

# Nobody's name may have an address of its own here: a line that is wrong is not ours to remove.
judge_names() {
  local entry name address line judgement=warning
  if [ "$STATE" = debian ]; then judgement=problem; fi
  for entry in $NODES; do
    name="${entry%%=*}"
    address="${entry#*=}"
    address="${address%%,*}"
    line="$(sed 's/#.*//' /etc/hosts | grep "[[:space:]]$name\([[:space:]]\|\$\)" |
      grep -v "^[[:space:]]*\(127\.0\.1\.1\|${address//./\\.}\)[[:space:]]" || true)"
    if [ -n "$line" ]; then
      judge "$judgement" "/etc/hosts gives $name another address than $address: $line" "correct this line, or the address in the site file"
    fi
  done
}

judge_processor() {
  local count
  if [ "$(dpkg --print-architecture </dev/null)" != amd64 ]; then
    if grep -q '^flags.* lm ' /proc/cpuinfo; then
      problem "the system is not 64 bit" "install Debian $((RELEASE + 4)) for amd64"
    else
      problem "this machine is not 64 bit" "take another machine: Proxmox VE needs x86-64"
    fi
  fi
  if ! grep -qE '^flags.* (vmx|svm)( |$)' /proc/cpuinfo ||
    { [ "$PROXMOX" = yes ] && [ ! -e /dev/kvm ]; }; then
    problem "hardware virtualization is off" \
      "switch VT-x / AMD-V on in the BIOS (Intel Virtualization Technology, or SVM Mode)"
  fi
  count="$(grep -c '^processor' /proc/cpuinfo || true)"
  if [ "$count" -lt "$CPUS" ]; then
    problem "this machine has $count processors, the site file says $CPUS" "correct site.nodes.$HOST.cpus"
  fi
}

# gib KIB
gib() {
  printf '%d.%02d GiB' "$(($1 / 1048576))" "$(($1 % 1048576 * 100 / 1048576))"
}

judge_memory() {
  local found
  found="$(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo)"
  if [ "$((found * 1024 * 100))" -lt "$((MEMORY * 95))" ]; then
    problem "this machine reports $(gib "$found") of memory, the site file says $(gib "$((MEMORY / 1024))")" \
      "correct site.nodes.$HOST.memory (see: free -b), or look for a module that is missing"
  fi
  # What a machine of 8 GB reports is less. A member is looked at before every run, and a policy says it there.
  if [ "$STATE" != member ] && [ "$found" -lt "$((7 * 1048576))" ]; then
    warning "this machine has only $(gib "$found") of memory" "few guests find room here; more memory helps"
  fi
}
