import { die, noQuorum } from "../api/errors";
import { parsePropertyString, printPropertyString } from "../api/propertyString";
import type { Values } from "../api/verify";
import type { Site } from "../site";
import type { Guest } from "../state/types";
import { allocate, free, requireVolume, volumesOfGuest } from "../storage/volumes";
import { findGuest, formatSize, newMac, requireUnlocked, requireWritable } from "./config";
import { CT_NET, MOUNT, MOUNT_KEY } from "./ctOptions";
import { ownVolumes } from "./drives";

const GIB = 1024 ** 3;
const CREATE_ONLY = [
  "bwlimit",
  "force",
  "ignore-unpack-errors",
  "ostemplate",
  "password",
  "pool",
  "restore",
  "ssh-public-keys",
  "start",
  "storage",
  "unique",
  "vmid",
];

/** Refusals that come before the worker starts (PVE::API2::LXC create_vm). */
export function checkNewCt(site: Site, node: string, vmid: number, params: Values): void {
  if (!site.quorum.isQuorate(node)) throw noQuorum();
  const taken = findGuest(site, node, vmid);
  if (taken) {
    const word = taken.type === "qemu" ? "VM" : "CT";
    throw die(
      `unable to create CT ${vmid} - ${word} ${vmid} already exists on node '${taken.node}'`,
    );
  }
  const template = requireVolume(site, node, String(params.ostemplate));
  if (template.content !== "vztmpl") {
    throw die(`unable to use '${String(params.ostemplate)}' as a container template`);
  }
}

/** The worker of `vzcreate`. */
export function createCt(site: Site, node: string, vmid: number, params: Values): Guest {
  const options = Object.fromEntries(
    Object.entries(params).filter(([key]) => !CREATE_ONLY.includes(key)),
  );
  const defaults: Values = {
    arch: "amd64",
    hostname: `CT${vmid}`,
    memory: 512,
    ostype: osOf(String(params.ostemplate)),
    rootfs: `${String(params.storage ?? "local")}:4`,
    swap: 512,
    unprivileged: 1,
  };
  const guest: Guest = { vmid, type: "lxc", node, config: {} };
  guest.config = applyCtOptions(site, guest, { ...defaults, ...options });
  site.pmxcfs(node).guests[String(vmid)] = guest;
  return guest;
}

export function updateCt(site: Site, guest: Guest, options: Values, remove: string[]): void {
  requireUnlocked(guest);
  requireWritable(site, guest);
  for (const key of remove) detach(site, guest, key);
  Object.assign(guest.config, applyCtOptions(site, guest, options));
}

export function destroyCt(site: Site, guest: Guest): void {
  for (const volid of volumesOfGuest(site, guest.node, guest.vmid)) free(site, guest.node, volid);
  delete site.pmxcfs(guest.node).guests[String(guest.vmid)];
}

function applyCtOptions(site: Site, guest: Guest, options: Values): Record<string, string> {
  const config: Record<string, string> = {};
  for (const [key, value] of Object.entries(options)) {
    if (MOUNT_KEY.test(key)) config[key] = attachMount(site, guest, String(value));
    else if (/^net\d+$/.test(key)) config[key] = networkInterface(guest.config[key], String(value));
    // PVE keeps a container's description as comment lines, so it always ends in a newline.
    else if (key === "description") config[key] = `${String(value).trimEnd()}\n`;
    else if (String(value) !== "") config[key] = String(value);
  }
  return config;
}

function attachMount(site: Site, guest: Guest, value: string): string {
  const mount = parsePropertyString(value, MOUNT);
  const fresh = /^([a-z][a-z0-9\-_.]*[a-z0-9]):(\d+(?:\.\d+)?)$/i.exec(mount.volume ?? "");
  if (!fresh) {
    const volume = requireVolume(site, guest.node, mount.volume ?? "");
    return printPropertyString({ ...mount, size: formatSize(volume.size) }, MOUNT);
  }
  const size = Math.round(Number(fresh[2]) * GIB);
  const volume = allocate(site, guest.node, fresh[1] ?? "", {
    vmid: guest.vmid,
    size,
    content: "rootdir",
  });
  return printPropertyString({ ...mount, volume, size: formatSize(size) }, MOUNT);
}

/** Keeps the address of an interface that is only changed; PVE adds `type=veth` always. */
function networkInterface(before: string | undefined, value: string): string {
  const card = parsePropertyString(value, CT_NET);
  const known = before ? parsePropertyString(before, CT_NET).hwaddr : undefined;
  return printPropertyString(
    { ...card, hwaddr: card.hwaddr ?? known ?? newMac(), type: "veth" },
    CT_NET,
  );
}

function detach(site: Site, guest: Guest, key: string): void {
  const volid = ownVolumes(site, guest, MOUNT_KEY, MOUNT)[key];
  delete guest.config[key];
  if (volid !== undefined && /^unused\d+$/.test(key)) free(site, guest.node, volid);
}

/** `Data:vztmpl/debian-13-standard_…` → debian. */
function osOf(template: string): string {
  return /vztmpl\/([a-z]+)/.exec(template)?.[1] ?? "unmanaged";
}
