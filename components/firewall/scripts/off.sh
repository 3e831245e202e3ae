# Turns the firewall off when it leaves the site file: before its rules are taken away, because nothing gets in where
# a firewall is on and has none. When it is applied there is nothing to do: the provider turns it on.
# shellcheck shell=bash

if [ "$2" = remove ]; then
  say "turning the firewall off"
  pvesh set /cluster/firewall/options --enable 0 >/dev/null </dev/null ||
    stop "the firewall could not be turned off" "look at: pvecm status; then, on any node: pve-firewall stop"
fi
