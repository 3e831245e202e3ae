import { routerOf } from "./router";
import type { Site } from "../site";
import { portsOf } from "./check";
import { type Interfaces, parseInterfaces } from "./interfaces";
import { printInterfaces } from "./print";

/** What runs, and what is staged until it is applied or the node boots. */
export const APPLIED = "/etc/network/interfaces";
export const STAGED = "/etc/network/interfaces.new";

/** Network cards of a machine, the first of which its installer puts into `vmbr0`. */
export const CARDS = ["eno1", "enp3s0f0", "enp3s0f1"];

/** What the installer of Proxmox VE writes; `address` is the machine's, in a /24 with its router at .1. */
export function installedInterfaces(address: string): string {
  const gateway = routerOf(address);
  return `auto lo
iface lo inet loopback

iface ${CARDS[0]} inet manual

auto vmbr0
iface vmbr0 inet static
\taddress ${address}/24
\tgateway ${gateway}
\tbridge-ports ${CARDS[0]}
\tbridge-stp off
\tbridge-fd 0

source /etc/network/interfaces.d/*
`;
}

/** The interfaces as the API shows them: with staged changes, and whether each is up now. */
export function readInterfaces(site: Site, node: string): Interfaces {
  const { files } = site.host(node);
  const config = parseInterfaces(files[STAGED]?.content ?? appliedText(site, node), CARDS);
  const up = activeNames(site, node);
  for (const [name, iface] of Object.entries(config.ifaces)) {
    if (up.has(name)) iface.active = 1;
  }
  return config;
}

/** Stages a change. */
export function stageInterfaces(site: Site, node: string, config: Interfaces): void {
  site.host(node).files[STAGED] = { content: printInterfaces(config), mode: 0o644 };
}

export function revertInterfaces(site: Site, node: string): void {
  delete site.host(node).files[STAGED];
}

/** Makes the staged interfaces those of the machine: what `ifreload`, or a boot, does. */
export function applyInterfaces(site: Site, node: string): void {
  const { files } = site.host(node);
  const staged = files[STAGED];
  if (!staged) return;
  files[APPLIED] = staged;
  delete files[STAGED];
}

/** Bridges that guests can be connected to now. */
export function bridgesOf(site: Site, node: string): string[] {
  const { ifaces } = parseInterfaces(appliedText(site, node), CARDS);
  return Object.keys(ifaces).filter((name) => ifaces[name]?.type === "bridge");
}

/** A node of a lab that was made by an older version has no such file. */
function appliedText(site: Site, node: string): string {
  const { files, address } = site.host(node);
  return files[APPLIED]?.content ?? installedInterfaces(address);
}

/** What starts by itself is up, and with it what it is made of. */
function activeNames(site: Site, node: string): Set<string> {
  const { ifaces } = parseInterfaces(appliedText(site, node), CARDS);
  const up = new Set(Object.keys(ifaces).filter((name) => ifaces[name]?.autostart));
  for (const name of up) for (const port of portsOf(ifaces[name] ?? {})) up.add(port);
  return up;
}
