import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { RemoteScriptArgs } from "../../../components/remoteScript";
import { Host } from "./host";
import { HA } from "./memberHost";

/**
 * A node of a cluster as the script sees it that changes its network. /etc/network/interfaces has an interface a line, as
 * PVE::API2::Network shows it; what is staged lies in interfaces.new, and goes to its place and into effect at once.
 */
const COMMANDS: Record<string, string> = {
  ...HA,
  pvesh: `
file="$ROOT/etc/network/interfaces"
verb="$1" name="\${2#/nodes/pve01/network}"; name="\${name#/}"; shift 2
staged() { [ -e "$file.new" ] || cat "$file" >"$file.new"; }
line() {
  printf '{"iface":"%s","active":1,"priority":3' "$name"
  while [ $# -gt 0 ]; do [ "$1" = --iface ] || printf ',"%s":"%s"' "\${1#--}" "$2"; [ "$1" != --cidr ] || printf ',"address":"%s"' "\${2%/*}"; shift 2; done
  printf '}\n'
}
take() { grep -v "^{\\"iface\\":\\"$name\\"," "$file.new" >"$state/new"; cat "$state/new" >"$file.new"; }
case "$verb \${name:-all}" in
  "get all") at="$file"; [ ! -e "$file.new" ] || at="$file.new"; printf '['; paste -sd, "$at" | tr -d '\n'; printf ']' ;;
  "delete all") /bin/rm -f "$file.new" ;;
  "set all") [ ! -e "$file.new" ] || mv "$file.new" "$file"; ifreload ;;
  "create all") name="$2"; staged; ! grep -q "\\"iface\\":\\"$name\\"" "$file.new" || exit 255; line "$@" >>"$file.new" ;;
  "set "*) staged; take; line "$@" >>"$file.new" ;;
  "delete "*)
    staged
    ! grep -q "\\(ports\\|slaves\\|device\\)\\":\\"[^\\"]*$name" "$file.new" || exit 255
    grep "\\"iface\\":\\"$name\\".*\\"eth\\"" "$file.new" >"$state/card"
    take
    [ ! -s "$state/card" ] || line --type eth >>"$file.new" ;;
esac`,
  ifreload: `[ ! -e "$state/broken" ] || exit 1
cat "$ROOT/etc/network/interfaces" >"$state/running"`,
  ip: `
case "$*" in
  "-o link show "*) grep -q "\\"iface\\":\\"$4\\"" "$state/running" ;;
  *) sed -n 's/.*"iface":"\\([^"]*\\)".*"cidr":"\\([^"]*\\)".*/2: \\1    inet \\2 brd 10.0.0.255 scope global/p' "$state/running" ;;
esac`,
  pvecm: `cat "$state/status"`,
  // Fires after two minutes, which a test lets pass.
  "systemd-run": `for last in "$@"; do :; done; printf '%s' "$last" >"$state/timer"`,
  rm: `/bin/rm "$@"`,
};

const line = (name: string, type: string, more = ""): string =>
  `{"iface":"${name}","active":1,"priority":3,"type":"${type}"${more}}\n`;
const INSTALLED =
  line("eno1", "eth") +
  line("eno2", "eth") +
  line(
    "vmbr0",
    "bridge",
    ',"bridge_ports":"eno1","cidr":"192.168.18.251/24","address":"192.168.18.251"',
  );

export class NetworkHost extends Host {
  constructor(state: Record<string, string> = {}) {
    super({
      "etc/network/interfaces": INSTALLED,
      "etc/pve/corosync.conf": "    ring0_addr: 192.168.18.251\n",
      "etc/pve/ha/resources.cfg": "vm: 101\n\tstate started\n",
      "etc/pve/ha/crm_commands": "",
      "state/fencing": "armed\n",
      "state/lrm": "lrm pve01 (idle, Thu Jan  1 00:00:00 2026)\n",
      "state/running": INSTALLED,
      ...state,
    });
    for (const [name, body] of Object.entries(COMMANDS)) this.command(name, body);
  }

  /** Two minutes are over: the way back that a run has prepared is gone. */
  wayBack(): void {
    if (!this.exists("state/timer")) return;
    const env = { PATH: join(this.root, "bin"), ROOT: this.root };
    spawnSync(join(this.root, "bin/bash"), ["-c", this.read("state/timer")], { env });
  }
}

export const INTERFACES: RemoteScriptArgs = {
  host: "pve01",
  script: "network/interfaces",
  parts: ["cluster/parts/ha"],
  variables: {
    ADDRESS: "192.168.18.251",
    INTERFACES:
      "eno2 eth --mtu '9000'\nvmbr1 bridge --autostart '1' --bridge_ports 'eno2' --cidr '10.0.0.1/24' --mtu '9000'",
  },
};
