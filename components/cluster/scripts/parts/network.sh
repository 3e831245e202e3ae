# What is judged of a node's network and of the hosts that it has to reach. Uses cluster/parts/looks.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text

# Every link of corosync has its address here.
judge_links() {
  local all line address device key
  if ! there_is ip; then
    not_checked "whether this host has its addresses" ip iproute2
    return
  fi
  all="$(ip -o addr show </dev/null)" || all=""
  for address in $LINKS; do
    key=link1
    if [ "$address" = "${ADDRESS:?}" ]; then key=address; fi
    line="$(grep -F -m 1 " $address/" <<<"$all" || true)"
    if [ -z "$line" ]; then
      problem "no network card of this host has the address $address" \
        "configure it in /etc/network/interfaces, or correct site.nodes.$HOST.$key"
      continue
    fi
    judge_static "$address" "$line"
    read -r _ device _ <<<"$line"
    judge_cards "$device"
  done
}

# judge_static ADDRESS LINE-OF-IP. Proxmox VE configures networks in this one file.
judge_static() {
  local judgement=warning remedy
  remedy="set it in /etc/network/interfaces, as in 'iface eno1 inet static' with 'address $1/24' and a gateway; take it out of DHCP, netplan and systemd-networkd"
  if [ "$STATE" = debian ]; then judgement=problem; fi
  if has ' dynamic ' <<<"$2"; then
    judge "$judgement" "the address $1 comes from a DHCP server; a node has to keep its address" "$remedy"
  elif [ "$STATE" = debian ] &&
    ! grep -q "^[[:space:]]*address[[:space:]]*${1//./\\.}\(/\|[[:space:]]\|\$\)" /etc/network/interfaces 2>/dev/null; then
    problem "/etc/network/interfaces does not set $1" "$remedy"
  fi
}

# judge_cards DEVICE: the network cards below it, through bridges, bonds and VLANs. The guests' cards are below a bridge
# too, but are no devices.
judge_cards() {
  local devices="$1" next device lower found=no
  for _ in 1 2 3 4; do
    next=""
    for device in $devices; do
      if [ -e "/sys/class/net/$device/device" ]; then
        found=yes
        judge_card "$device"
        continue
      fi
      for lower in "/sys/class/net/$device"/lower_*; do
        if [ -e "$lower" ]; then next="$next ${lower##*/lower_}"; fi
      done
    done
    devices="$next"
  done
  if [ "$found" = no ]; then
    warning "link speed was not checked: no network card stands behind $1" "none, if this machine is a virtual one"
  fi
}

judge_card() {
  local speed duplex
  speed="$(cat "/sys/class/net/$1/speed" 2>/dev/null </dev/null)" || speed=""
  duplex="$(cat "/sys/class/net/$1/duplex" 2>/dev/null </dev/null)" || duplex=""
  # No number where the driver knows none, -1 without a cable.
  if ! [ "$speed" -gt 0 ] 2>/dev/null; then
    warning "link speed was not checked: network card $1 does not tell it" "check its cable; see: ip link show $1"
  elif [ "$speed" -lt 1000 ]; then
    warning "network card $1 is linked at $speed Mbit/s; disks over NFS, migrations and backups need a gigabit" \
      "check the cable (all eight wires), the port of the switch, and the card"
  fi
  if [ "$duplex" = half ]; then
    warning "network card $1 works at half duplex" "let the port of the switch negotiate by itself, and change the cable"
  fi
}

# The other hosts. A cluster that is there lives on while one of them is away.
judge_others() {
  local judgement=problem entry name addresses address
  if [ "$STATE" = member ]; then judgement=warning; fi
  for entry in $NODES; do
    name="${entry%%=*}"
    addresses="${entry#*=}"
    if [ "$name" = "$HOST" ]; then continue; fi
    for address in ${addresses//,/ }; do
      if judge_ssh "$judgement" "$name" "$address"; then judge_latency "$judgement" "$name" "$address"; fi
    done
  done
  if [ -n "$WITNESS_ADDRESS" ] && judge_ssh "$judgement" "the witness" "$WITNESS_ADDRESS"; then
    judge_qnetd "$judgement"
  fi
}

# judge_ssh JUDGEMENT NAME ADDRESS
judge_ssh() {
  case "$(port_state "$3" 22)" in
    open) return 0 ;;
    refused) judge "$1" "$2 ($3) refuses SSH from this host (TCP port 22)" "start it there: systemctl enable --now ssh" ;;
    *)
      judge "$1" "$2 ($3) cannot be reached from this host (TCP port 22)" \
        "check that it is on, the cables, the addresses and netmasks of both, and the firewalls between them"
      ;;
  esac
  return 1
}

# judge_latency JUDGEMENT NAME ADDRESS: corosync wants less than 5 ms.
judge_latency() {
  local answer average loss count=5
  if ! there_is ping; then
    not_checked "the latency to $2" ping iputils-ping
    return
  fi
  # Between members corosync itself measures all the time; this must not hold up every preview.
  if [ "$STATE" = member ]; then count=2; fi
  answer="$(ping -n -q -c "$count" -i 0.3 -W 1 "$3" 2>/dev/null </dev/null)" || true
  loss="$(sed -n 's/.* \([0-9]*\)[.0-9]*% packet loss.*/\1/p' <<<"$answer")"
  average="$(sed -n 's,^rtt [^=]*= [^/]*/\([0-9]*\).*,\1,p' <<<"$answer")"
  if [ -z "$average" ]; then
    warning "the latency to $2 ($3) was not checked: it does not answer a ping" "let ICMP echo pass between the nodes"
  elif [ "$average" -ge 10 ]; then
    judge "$1" "packets to $2 ($3) and back take $average ms; corosync does not work reliably above 10 ms" \
      "give the nodes a network of their own with less than 5 ms"
  elif [ "$average" -ge 5 ]; then
    warning "packets to $2 ($3) and back take $average ms; corosync wants less than 5 ms" \
      "look for what loads or lengthens the way between the two"
  fi
  if [ -n "$average" ] && [ "${loss:-0}" -gt 0 ]; then
    warning "$loss % of the packets to $2 ($3) get lost" "check cables and switch"
  fi
}

# judge_qnetd JUDGEMENT: it may not be installed yet.
judge_qnetd() {
  case "$(port_state "$WITNESS_ADDRESS" 5403)" in
    open) ;;
    refused)
      if grep -q 'device *{' /etc/pve/corosync.conf 2>/dev/null; then
        warning "corosync-qnetd does not run on the witness ($WITNESS_ADDRESS)" "look there at: systemctl status corosync-qnetd"
      fi
      ;;
    *)
      judge "$1" "TCP port 5403 of the witness ($WITNESS_ADDRESS) is closed by a firewall" \
        "let the nodes reach it: nothing else counts the witness's vote"
      ;;
  esac
}
