# Root's RSA key, which Proxmox VE uses between nodes and towards the witness. Prints the public half.
# shellcheck shell=bash
if [ ! -d /root/.ssh ]; then
  mkdir -p /root/.ssh
  chmod 700 /root/.ssh
fi
if [ ! -f /root/.ssh/id_rsa ]; then
  say "making root's SSH key"
  ssh-keygen -q -t rsa -b 4096 -N '' -C "root@$HOST" -f /root/.ssh/id_rsa >&2 </dev/null ||
    stop "ssh-keygen did not succeed" "see the lines above"
fi
if [ ! -s /root/.ssh/id_rsa.pub ]; then
  ssh-keygen -y -f /root/.ssh/id_rsa >/root/.ssh/id_rsa.pub.new </dev/null ||
    stop "the public half of /root/.ssh/id_rsa could not be made" "see the lines above; the key may have no passphrase"
  mv /root/.ssh/id_rsa.pub.new /root/.ssh/id_rsa.pub
fi
cat /root/.ssh/id_rsa.pub
