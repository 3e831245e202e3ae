import { die } from "../api/errors";
import { splitList } from "../api/formats";
import type { Interface } from "./interfaces";

const PORTS = ["bridge_ports", "ovs_ports", "slaves", "ovs_bonds"];
const PARENTS = ["eth", "bridge", "bond", "vlan"];

/** The interfaces that an interface is made of. */
export function portsOf(iface: Record<string, unknown>): string[] {
  return splitList(PORTS.map((key) => String(iface[key] ?? "")).join(" "));
}

/** What PVE refuses to write (PVE::Network::Interfaces); a slave of a bond starts with it. */
export function checkInterfaces(ifaces: Record<string, Interface>): void {
  const used = new Map<string, string>();
  for (const [name, iface] of Object.entries(ifaces)) {
    for (const port of portsOf(iface)) {
      const other = used.get(port);
      if (other !== undefined && other !== name) {
        throw die(`port '${port}' is already used on interface '${other}'`);
      }
      used.set(port, name);
    }
  }
  for (const [name, iface] of Object.entries(ifaces)) {
    if (iface.type === "bond") checkBond(ifaces, name, iface);
    if (iface.type === "vlan") checkVlan(ifaces, name, iface);
  }
  for (const [name, iface] of Object.entries(ifaces)) {
    if (iface.type === "bridge") checkBridge(ifaces, name, iface);
  }
}

function checkBond(ifaces: Record<string, Interface>, name: string, bond: Interface): void {
  const slaves = splitList(String(bond.slaves ?? ""));
  for (const slave of slaves) {
    const iface = ifaces[slave];
    if (!iface) throw die(`bond '${name}' - unable to find slave '${slave}'`);
    if (iface.type !== "eth" && iface.type !== "bond") {
      throw die(
        `bond '${name}' - wrong interface type on slave '${slave}' ('${iface.type}' != 'eth or bond')`,
      );
    }
    iface.autostart = 1;
    checkMtu(ifaces, name, slave);
  }
  const primary = bond["bond-primary"];
  if (slaves.length > 0 && primary && !slaves.includes(String(primary))) {
    throw die(`bond '${name}' - bond-primary interface is not a slave`);
  }
}

/** What its name says is not repeated in the file. */
function checkVlan(ifaces: Record<string, Interface>, name: string, vlan: Interface): void {
  const [, device, tag] = /^(\S+)\.(\d+)$/.exec(name) ?? [];
  const numbered = /^vlan(\d+)$/.exec(name)?.[1];
  if (device === undefined && !vlan["vlan-raw-device"]) throw die("missing vlan-raw-device option");
  if (device === undefined && !numbered && !vlan["vlan-id"]) throw die("missing vlan-id option");
  const parent = device ?? String(vlan["vlan-raw-device"]);
  const id = Number(tag ?? numbered ?? vlan["vlan-id"]);
  if (device !== undefined) delete vlan["vlan-raw-device"];
  if (device !== undefined || numbered !== undefined) delete vlan["vlan-id"];
  if (id > 4094) throw die(`vlan '${name}' - vlan-id ${id} should be <= 4094`);
  const raw = ifaces[parent];
  if (!raw) throw die(`vlan '${name}' - unable to find parent '${parent}'`);
  if (!PARENTS.includes(raw.type)) {
    throw die(
      `vlan '${name}' - wrong interface type on parent '${parent}' ('${raw.type}' != 'eth|bond|bridge|vlan' )`,
    );
  }
  checkMtu(ifaces, parent, name);
}

/** A VLAN on a card, `eno1.5`, may be a port without a stanza of its own. */
function checkBridge(ifaces: Record<string, Interface>, name: string, bridge: Interface): void {
  for (const port of splitList(String(bridge.bridge_ports ?? ""))) {
    const iface = ifaces[port];
    if (!iface) {
      if (/^\S+\.\d+$/.test(port)) continue;
      throw die(`bridge '${name}' - unable to find bridge port '${port}'`);
    }
    if (iface.method === "static" || iface.method6 === "static") {
      throw die(`iface ${port} - ip address can't be set on interface if bridged in ${name}`);
    }
    checkMtu(ifaces, port, name);
  }
}

function checkMtu(ifaces: Record<string, Interface>, parent: string, child: string): void {
  const wanted = Number(ifaces[child]?.mtu ?? 0);
  if (wanted === 0) return;
  const above = ifaces[parent];
  const held = Number(above?.mtu ?? (above?.type === "bond" ? wanted : 1500));
  if (held < wanted) {
    throw die(`interface '${parent}' - mtu ${held} is lower than '${child}' - mtu ${wanted}`);
  }
}
