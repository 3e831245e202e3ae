# Prints the certificate of the authority that signs those of the cluster's API.
# shellcheck shell=bash
AUTHORITY=/etc/pve/pve-root-ca.pem

has_authority() {
  has 'BEGIN CERTIFICATE' <"$AUTHORITY"
}

if [ ! -e "$AUTHORITY" ] || ! has_authority; then
  stop "there is no certificate in $AUTHORITY" \
    "look at: systemctl status pve-cluster; if that runs, make it: pvecm updatecerts"
fi
say "the cluster's certificate authority is read"
cat "$AUTHORITY"
