import { randomUUID } from "node:crypto";
import { badParameters, die, PveError } from "../api/errors";
import { splitList } from "../api/formats";
import { parsePropertyString, printPropertyString } from "../api/propertyString";
import { declarationOf } from "../api/schema";
import type { Values } from "../api/verify";
import { seconds } from "../seams/clock";
import type { Site } from "../site";
import type { Guest } from "../state/types";
import { free, volumesOfGuest } from "../storage/volumes";
import { findGuest, GUEST_WORD, newMac, requireUnlocked, requireWritable } from "./config";
import { cloudInitValues, noteCloudInit } from "./cloudInit";
import { requireUnusedBases } from "./bases";
import { attachDrive, ownVolumes } from "./drives";
import { hotplugFeatures } from "./hotplugVm";
import { applyPending, mergedConfig, revertKey, stage, stageDelete } from "./pending";
import { isRunning } from "./power";
import { memoryOf } from "./status";
import { DRIVE, DRIVE_KEY, NET, VM_OPTIONS } from "./vmOptions";
import { freeGuest, isNamed, isUnused } from "./volumes";

/** A VMID is that of one guest in the whole cluster, VM or container. */
export function requireFree(site: Site, node: string, type: Guest["type"], vmid: number): void {
  const taken = findGuest(site, node, vmid);
  if (!taken) return;
  throw die(
    `unable to create ${GUEST_WORD[type]} ${vmid} - ${GUEST_WORD[taken.type]} ${vmid} already exists on node '${taken.node}'`,
  );
}

/** Version of QEMU, and with it of machines, that the lab's nodes have. */
const QEMU = "10.1";

/** The worker of `qmcreate`: disks first, then the file. Nothing is left of a VM that cannot be made. */
export function createVm(site: Site, node: string, vmid: number, options: Values): Guest {
  requireFree(site, node, "qemu", vmid);
  const before = volumesOfGuest(site, node, vmid);
  let config: Record<string, string>;
  try {
    config = applyVmOptions(site, { node, vmid, config: {} }, options);
  } catch (error) {
    const made = volumesOfGuest(site, node, vmid).filter((volid) => !before.includes(volid));
    for (const volid of made) free(site, node, volid);
    if (!(error instanceof PveError)) throw error;
    throw die(`unable to create VM ${vmid} - ${error.message}`);
  }
  const devices = bootDevices(config);
  if (!config.boot && devices.length > 0) config.boot = `order=${devices.join(";")}`;
  config.smbios1 ??= `uuid=${randomUUID()}`;
  if (config.vmgenid === undefined || config.vmgenid === "1") config.vmgenid = randomUUID();
  pinMachine(config);
  config.meta = `creation-qemu=${QEMU}.2,ctime=${seconds(site.clock)}`;
  const guest: Guest = { vmid, type: "qemu", node, config };
  site.pmxcfs(node).guests[String(vmid)] = guest;
  return guest;
}

/** Windows takes another version of its machine for new hardware, so PVE keeps it at that of the first day. */
function pinMachine(config: Record<string, string>): void {
  if (!/^(w2k|wvista|wxp|win)/.test(config.ostype ?? "")) return;
  const machine = config.machine ?? "pc";
  if (machine === "pc" || machine === "q35") {
    config.machine = `pc-${machine === "pc" ? "i440fx" : "q35"}-${QEMU}`;
  }
}

/** A request to change a VM's configuration. */
export interface VmChange {
  options: Values;
  remove: string[];
  revert: string[];
  /** Deleted disks are freed, not kept as unused. */
  force: boolean;
  skipLock?: boolean;
}

/** What a change asks for that no VM could do; told before anything is done. */
export function checkVmChange(guest: Guest, change: VmChange): void {
  const { options, remove, revert } = change;
  if (Object.keys(options).length + remove.length + revert.length === 0) {
    throw die("no options specified");
  }
  const known = (key: string): boolean =>
    declarationOf(VM_OPTIONS, key) !== undefined || isUnused(key);
  for (const key of revert) {
    if (!known(key)) throw badParameters({ revert: `unknown option '${key}'` });
    if (options[key] !== undefined) throw conflict("delete", `-${key}`, `-revert ${key}`);
  }
  for (const key of remove) {
    if (options[key] !== undefined) throw conflict("delete", `-${key}`, `-delete ${key}`);
    if (revert.includes(key)) throw conflict("revert", `-delete ${key}`, `-revert ${key}`);
    if (!known(key)) throw badParameters({ delete: `unknown option '${key}'` });
  }
  if (!change.skipLock) requireUnlocked(guest);
  const now = mergedConfig(guest);
  const { memory, balloon = now.balloon } = options;
  const config = memory === undefined ? now : { memory: String(memory) };
  const asked = options.memory !== undefined || options.balloon !== undefined;
  if (asked && Number(balloon ?? 0) * 1024 ** 2 > memoryOf({ ...guest, config })) {
    throw die("balloon value too large (must be smaller than assigned memory)");
  }
  const order = bootOrder(String(options.boot ?? ""));
  for (const device of order) {
    const there = options[device] ?? now[device];
    if (there === undefined || remove.includes(device)) {
      throw die(`invalid bootorder: device '${device}' does not exist'`);
    }
  }
}

function conflict(parameter: string, one: string, other: string): PveError {
  return badParameters({ [parameter]: `you can't use '${one}' and ${other}' at the same time` });
}

/**
 * PUT/POST config: everything is written down as pending first, then applied as far as the VM's state allows. A disk
 * that loses its place becomes `unusedN`.
 */
export function updateVm(site: Site, guest: Guest, change: VmChange): void {
  checkVmChange(guest, change);
  requireWritable(site, guest);
  for (const key of change.revert) revertKey(site, guest, key);
  for (const key of change.remove) removeKey(site, guest, key, change.force);
  const changed = applyVmOptions(site, guest, change.options);
  for (const [key, value] of Object.entries(changed)) stage(site, guest, key, value);
  const keys = [...change.revert, ...change.remove, ...Object.keys(changed), "boot"];
  const running = isRunning(site, guest);
  const before = cloudInitValues(guest.config);
  const problems = applyPending(site, guest, running, keys);
  const live = hotplugFeatures(guest.config.hotplug).includes("cloudinit");
  if (running && !live) noteCloudInit(guest, before);
  if (Object.keys(problems).length > 0) throw badParameters(problems);
}

/** What nothing uses any more goes at once, the rest as soon as the VM lets it. */
function removeKey(site: Site, guest: Guest, key: string, force: boolean): void {
  const value = guest.config[key] ?? guest.pending?.set[key];
  if (value === undefined) return;
  requireUnprotected(guest, key, value);
  const order = bootOrder(mergedConfig(guest).boot ?? "");
  if (order.includes(key)) {
    stage(site, guest, "boot", `order=${order.filter((device) => device !== key).join(";")}`);
  }
  if (isUnused(key)) {
    requireFreeable(guest, value);
    if (ownVolumes(site, guest, DRIVE_KEY, DRIVE)[key] !== undefined) free(site, guest.node, value);
    delete guest.config[key];
  } else stageDelete(site, guest, key, force);
}

function requireFreeable(guest: Guest, volid: string): void {
  if (isNamed(guest, volid)) {
    throw die(`unable to delete '${volid}' - volume is still in use (snapshot?)`);
  }
}

function bootOrder(boot: string): string[] {
  return splitList(/order=([^,]*)/.exec(boot)?.[1] ?? "");
}

/** Frees the disks that the VM's file names, and with `unreferenced` whatever else has its VMID. */
export function destroyVm(site: Site, guest: Guest, unreferenced: boolean): void {
  requireUnusedBases(site, guest);
  freeGuest(site, guest, unreferenced);
}

/** Turns parameters into the lines of a VM's file. */
function applyVmOptions(
  site: Site,
  guest: { node: string; vmid: number; config: Record<string, string> },
  options: Values,
): Record<string, string> {
  const config: Record<string, string> = {};
  for (const [key, value] of Object.entries(options)) {
    if (DRIVE_KEY.test(key)) {
      config[key] = attachDrive({ site, node: guest.node, vmid: guest.vmid }, key, String(value));
    } else if (/^net\d+$/.test(key)) config[key] = networkCard(String(value));
    else if (key === "cipassword") config[key] = "**********";
    else {
      // Kept as comment lines; what reads them takes the white space off the end (parse_vm_config).
      const text = key === "description" ? String(value).trimEnd() : String(value);
      if (text !== "") config[key] = text;
    }
  }
  return config;
}

/** `model=virtio,bridge=vmbr0` → `virtio=BC:24:11:…,bridge=vmbr0`; a card without an address gets a new one. */
function networkCard(value: string): string {
  const card = parsePropertyString(value, NET);
  return printPropertyString({ ...card, macaddr: card.macaddr ?? newMac() }, NET);
}

/** The first disk, the first CD drive and the first card (get_default_bootdevices). */
function bootDevices(config: Record<string, string>): string[] {
  const inOrder = ["ide", "scsi", "virtio", "sata"].flatMap((bus) => numbered(config, bus));
  const isCdrom = (key: string): boolean => /(^|,)media=cdrom(,|$)/.test(config[key] ?? "");
  const found = [
    inOrder.find((key) => !isCdrom(key)),
    inOrder.find(isCdrom),
    numbered(config, "net")[0],
  ];
  return found.filter((key): key is string => key !== undefined);
}

function numbered(config: Record<string, string>, prefix: string): string[] {
  return Object.keys(config)
    .filter((key) => new RegExp(`^${prefix}\\d+$`).test(key))
    .sort((a, b) => Number(a.slice(prefix.length)) - Number(b.slice(prefix.length)));
}

function requireUnprotected(guest: Guest, key: string, value: string): void {
  const isDisk = DRIVE_KEY.test(key) || isUnused(key);
  if (!isDisk || guest.config.protection !== "1") return;
  const what = DRIVE_KEY.test(key) ? `drive '${key}'` : `unused disk '${value}'`;
  throw die(`can't remove ${what} - protection mode enabled`);
}
