import { badParameters, die, PveError } from "../api/errors";
import { parsePropertyString, printPropertyString } from "../api/propertyString";
import { declarationOf } from "../api/schema";
import type { Values } from "../api/verify";
import type { Site } from "../site";
import type { Guest } from "../state/types";
import { allocate, free, requireVolume, volumesOfGuest } from "../storage/volumes";
import { contentOf } from "../storage/types";
import { requireUnusedBases } from "./bases";
import { formatSize, newMac, requireUnlocked, requireWritable } from "./config";
import { CT_NET, CT_OPTIONS, MOUNT, MOUNT_KEY, mountOf } from "./ctOptions";
import { applyPending, mergedConfig, revertKey, stage, stageDelete } from "./pending";
import { isRunning } from "./power";
import { requireFree } from "./vm";
import { freeGuest } from "./volumes";

const GIB = 1024 ** 3;
/** What a container is made from, but does not keep. */
export const CREATE_ONLY = [
  "bwlimit",
  "force",
  "ha-managed",
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
export function checkNewCt(site: Site, node: string, params: Values): void {
  const template = requireVolume(site, node, String(params.ostemplate));
  if (template.content !== "vztmpl") {
    throw die(`unable to use volume ${params.ostemplate} - content type needs to be 'vztmpl'`);
  }
  const mounts = Object.entries(params).filter(([key]) => MOUNT_KEY.test(key));
  if (mounts.length > 0 && params.rootfs === undefined) {
    throw die("mount points configured, but 'rootfs' not set - aborting");
  }
  const storages = mounts.map(([, value]) => {
    const { volume = "" } = parsePropertyString(String(value), MOUNT);
    return /^([^/:]+):/.exec(volume)?.[1] ?? defaultStorage(params);
  });
  for (const id of storages.length > 0 ? storages : [defaultStorage(params)]) {
    if (!contentOf(site.storages.config(node, id)).includes("rootdir")) {
      throw badParameters({ storage: `storage '${id}' does not support container directories` });
    }
    site.storages.requireUsable(node, id);
  }
}

function defaultStorage(params: Values): string {
  return String(params.storage ?? "local");
}

/** The worker of `vzcreate`. Nothing is left of a container that cannot be made. */
export function createCt(site: Site, node: string, vmid: number, params: Values): Guest {
  requireFree(site, node, "lxc", vmid);
  const options = Object.fromEntries(
    Object.entries(params).filter(([key]) => !CREATE_ONLY.includes(key)),
  );
  const defaults: Values = {
    arch: "amd64",
    hostname: `CT${vmid}`,
    memory: 512,
    ostype: osOf(String(params.ostemplate)),
    rootfs: `${defaultStorage(params)}:4`,
    swap: 512,
    unprivileged: 1,
  };
  const guest: Guest = { vmid, type: "lxc", node, config: {} };
  const before = volumesOfGuest(site, node, vmid);
  try {
    const wanted = { ...defaults, ...options };
    for (const key of Object.keys(wanted)) {
      // A bare number is a size on the default storage.
      if (MOUNT_KEY.test(key) && /^\d+(\.\d+)?(,|$)/.test(String(wanted[key]))) {
        wanted[key] = `${defaultStorage(params)}:${wanted[key]}`;
      }
    }
    guest.config = applyCtOptions(site, guest, wanted);
  } catch (error) {
    const made = volumesOfGuest(site, node, vmid).filter((volid) => !before.includes(volid));
    for (const volid of made) free(site, node, volid);
    if (!(error instanceof PveError)) throw error;
    throw die(`unable to create CT ${vmid} - ${error.message}`);
  }
  site.pmxcfs(node).guests[String(vmid)] = guest;
  return guest;
}

/**
 * PUT config: what is taken back, then deleted, then set; all of it is pending first and applied as far as the
 * container's state allows. A volume that loses its place becomes `unusedN`.
 */
export function updateCt(
  site: Site,
  guest: Guest,
  options: Values,
  remove: string[],
  revert: string[] = [],
): void {
  if (Object.keys(options).length + remove.length + revert.length === 0) {
    throw die("no options specified");
  }
  requireUnlocked(guest);
  requireWritable(site, guest);
  for (const key of remove) requireCtOption(key, options);
  const now = mergedConfig(guest);
  for (const key of remove) if (now[key] !== undefined) requireDeletable(guest, key);
  if (options.unprivileged !== undefined) {
    throw die("unable to modify read-only option: 'unprivileged'");
  }
  for (const key of Object.keys(options)) {
    if (MOUNT_KEY.test(key) && guest.config.protection === "1") {
      throw die(`can't update CT ${guest.vmid} drive '${key}' - protection mode enabled`);
    }
  }
  for (const key of revert) revertKey(site, guest, key);
  for (const key of remove) if (now[key] !== undefined) stageDelete(site, guest, key, false);
  const changed = applyCtOptions(site, guest, options);
  for (const [key, value] of Object.entries(changed)) stage(site, guest, key, value);
  const keys = [...remove, ...Object.keys(changed)];
  const problems = applyPending(site, guest, isRunning(site, guest), keys);
  if (Object.keys(problems).length > 0) throw badParameters(problems);
}

/** Frees the volumes that the container's file names, and with `unreferenced` whatever else has its VMID. */
export function destroyCt(site: Site, guest: Guest, unreferenced: boolean): void {
  requireUnusedBases(site, guest);
  freeGuest(site, guest, unreferenced);
}

function requireCtOption(key: string, options: Values): void {
  if (!declarationOf(CT_OPTIONS, key) && !/^unused\d+$/.test(key)) {
    throw badParameters({ delete: `unknown option '${key}'` });
  }
  if (options[key] !== undefined) {
    throw badParameters({ delete: `you can't use '-${key}' and -delete ${key}' at the same time` });
  }
}

function requireDeletable(guest: Guest, key: string): void {
  if (["memory", "rootfs", "ostype"].includes(key)) {
    throw die(`unable to delete required option '${key}'`);
  }
  if (key === "unprivileged") throw die(`unable to delete read-only option: '${key}'`);
  if (/^(mp|unused)\d+$/.test(key) && guest.config.protection === "1") {
    throw die(`can't remove CT ${guest.vmid} drive '${key}' - protection mode enabled`);
  }
}

function applyCtOptions(site: Site, guest: Guest, options: Values): Record<string, string> {
  const config: Record<string, string> = {};
  for (const [key, value] of Object.entries(options)) {
    if (MOUNT_KEY.test(key)) config[key] = attachMount(site, guest, key, String(value));
    else if (/^net\d+$/.test(key)) config[key] = networkInterface(String(value));
    // PVE keeps a container's description as comment lines, so it always ends in a newline.
    else if (key === "description") config[key] = `${String(value).trimEnd()}\n`;
    else if (String(value) !== "") config[key] = String(value);
  }
  return config;
}

function attachMount(site: Site, guest: Guest, key: string, value: string): string {
  const properties = mountOf(key);
  const mount = parsePropertyString(value, properties);
  // A directory or device of the host.
  if (mount.volume?.startsWith("/")) return printPropertyString(mount, properties);
  const fresh = /^([a-z][a-z0-9\-_.]*[a-z0-9]):(\d+(?:\.\d+)?)$/i.exec(mount.volume ?? "");
  if (!fresh) {
    const volume = requireVolume(site, guest.node, mount.volume ?? "");
    return printPropertyString({ ...mount, size: formatSize(volume.size) }, properties);
  }
  const [, storage = "", gib] = fresh;
  const size = Math.round(Number(gib) * GIB);
  const wanted = { vmid: guest.vmid, size, content: "rootdir" as const };
  const volume = allocate(site, guest.node, storage, wanted);
  return printPropertyString({ ...mount, volume, size: formatSize(size) }, properties);
}

/** An interface without an address gets a new one; PVE adds `type=veth` always. */
function networkInterface(value: string): string {
  const card = parsePropertyString(value, CT_NET);
  return printPropertyString({ ...card, hwaddr: card.hwaddr ?? newMac(), type: "veth" }, CT_NET);
}

/** `Data:vztmpl/debian-13-standard_…` → debian. */
function osOf(template: string): string {
  return /vztmpl\/([a-z]+)/.exec(template)?.[1] ?? "unmanaged";
}
