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
import { attachDrive, ownVolumes } from "./drives";
import { memoryOf } from "./status";
import { DRIVE, DRIVE_KEY, NET, VM_OPTIONS } from "./vmOptions";

/** A VMID is that of one guest in the whole cluster, VM or container. */
export function requireFree(site: Site, node: string, type: Guest["type"], vmid: number): void {
  const taken = findGuest(site, node, vmid);
  if (!taken) return;
  throw die(
    `unable to create ${GUEST_WORD[type]} ${vmid} - ${GUEST_WORD[taken.type]} ${vmid} already exists on node '${taken.node}'`,
  );
}

const CREATE_ONLY = ["pool", "start", "storage", "unique", "vmid"];

/** Version of QEMU, and with it of machines, that the lab's nodes have. */
const QEMU = "10.1";

/** The worker of `qmcreate`: disks first, then the file. Nothing is left of a VM that cannot be made. */
export function createVm(site: Site, node: string, vmid: number, params: Values): Guest {
  requireFree(site, node, "qemu", vmid);
  const options = Object.fromEntries(
    Object.entries(params).filter(([key]) => !CREATE_ONLY.includes(key)),
  );
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

/** What a change asks for that no VM could do; told before anything is done. */
export function checkVmChange(guest: Guest, options: Values, remove: string[]): void {
  if (Object.keys(options).length === 0 && remove.length === 0) throw die("no options specified");
  for (const key of remove) {
    if (options[key] !== undefined) {
      throw badParameters({
        delete: `you can't use '-${key}' and -delete ${key}' at the same time`,
      });
    }
    if (!declarationOf(VM_OPTIONS, key) && !/^unused\d+$/.test(key)) {
      throw badParameters({ delete: `unknown option '${key}'` });
    }
  }
  requireUnlocked(guest);
  const { memory, balloon = guest.config.balloon } = options;
  const config = memory === undefined ? guest.config : { memory: String(memory) };
  if (Number(balloon ?? 0) * 1024 ** 2 > memoryOf({ ...guest, config })) {
    throw die("balloon value too large (must be smaller than assigned memory)");
  }
}

/** PUT/POST config: what is deleted, then what is set; a disk that loses its place becomes `unusedN`. */
export function updateVm(site: Site, guest: Guest, options: Values, remove: string[]): void {
  checkVmChange(guest, options, remove);
  requireWritable(site, guest);
  for (const key of remove) {
    const value = guest.config[key];
    if (value === undefined) continue;
    requireUnprotected(guest, key, value);
    detach(site, guest, key);
    removeFromBootOrder(guest, key);
  }
  const changed = applyVmOptions(site, guest, options);
  for (const [key, value] of Object.entries(changed)) {
    const before = guest.config[key];
    if (DRIVE_KEY.test(key) && before !== undefined && volumeIn(before) !== volumeIn(value)) {
      detach(site, guest, key);
    }
    guest.config[key] = value;
  }
}

/** Frees the disks that the VM's file names, and with `unreferenced` whatever else has its VMID. */
export function destroyVm(site: Site, guest: Guest, unreferenced: boolean): void {
  const { node, vmid } = guest;
  const volumes = unreferenced
    ? volumesOfGuest(site, node, vmid)
    : Object.values(ownVolumes(site, guest, DRIVE_KEY, DRIVE));
  for (const volid of volumes) free(site, node, volid);
  delete site.pmxcfs(node).guests[String(vmid)];
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
    else if (String(value) !== "") config[key] = String(value);
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
  const isDisk = DRIVE_KEY.test(key) || /^unused\d+$/.test(key);
  if (!isDisk || guest.config.protection !== "1") return;
  const what = DRIVE_KEY.test(key) ? `drive '${key}'` : `unused disk '${value}'`;
  throw die(`can't remove ${what} - protection mode enabled`);
}

function detach(site: Site, guest: Guest, key: string): void {
  const volid = ownVolumes(site, guest, DRIVE_KEY, DRIVE)[key];
  delete guest.config[key];
  if (volid === undefined) return;
  if (/^unused\d+$/.test(key) || volid.includes("cloudinit")) free(site, guest.node, volid);
  else addUnused(guest, volid);
}

/** Keeps a volume that nothing uses any more in the guest's file, for whoever wants it back. */
export function addUnused(guest: Guest, volid: string): void {
  let index = 0;
  while (guest.config[`unused${index}`] !== undefined) index++;
  guest.config[`unused${index}`] = volid;
}

function removeFromBootOrder(guest: Guest, key: string): void {
  const order = /^order=(.*)$/.exec(guest.config.boot ?? "")?.[1];
  const devices = splitList(order ?? "");
  if (!devices.includes(key)) return;
  guest.config.boot = `order=${devices.filter((device) => device !== key).join(";")}`;
}

function volumeIn(value: string): string {
  return parsePropertyString(value, DRIVE).file ?? "";
}
