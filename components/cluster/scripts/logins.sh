# Looks whether root of this node can log in at every other node without being asked anything. PEERS are these, as
# name=address. Every pair that does not work is told.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text

# log_in ADDRESS OPTIONS...: nothing, or what ssh said.
log_in() {
  local address="$1" said
  shift
  if said="$(ssh -n -o BatchMode=yes -o StrictHostKeyChecking=yes -o ConnectTimeout=10 "$@" "root@$address" true 2>&1)"; then
    return 0
  fi
  printf '%s' "${said:-ssh failed}"
}

# remedy_for SAID NAME ADDRESS
remedy_for() {
  case "$1" in
    *"ost key verification failed"* | *"REMOTE HOST IDENTIFICATION HAS CHANGED"*)
      printf '%s' "$2 has another host key than the site's SSH configuration says: compare it there with: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub"
      ;;
    *"ermission denied"*)
      printf '%s' "on $2 the key in /root/.ssh/id_rsa.pub of $HOST must stand in /root/.ssh/authorized_keys, and sshd must let root in with a key: sshd -T | grep permitrootlogin"
      ;;
    *) printf '%s' "check that $2 is on, and that TCP port 22 of $3 is open to $HOST" ;;
  esac
}

for peer in $PEERS; do
  name="${peer%%=*}"
  address="${peer#*=}"
  said="$(log_in "$address")"
  if [ -n "$said" ]; then
    problem "root of $HOST cannot log in at $name ($address): $said" "$(remedy_for "$said" "$name" "$address")"
  elif [ -f "/etc/pve/nodes/$name/ssh_known_hosts" ]; then
    # Proxmox VE looks up its members' keys nowhere else.
    said="$(log_in "$address" -o "HostKeyAlias=$name" -o "UserKnownHostsFile=/etc/pve/nodes/$name/ssh_known_hosts" -o GlobalKnownHostsFile=none)"
    if [ -n "$said" ]; then
      problem "Proxmox VE on $HOST cannot log in at $name ($address): $said" "on $name: pvecm updatecerts"
    fi
  fi
done
verdict
say "can log in at every other node"
