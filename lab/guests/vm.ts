import { randomUUID } from "node:crypto";
import { badParameters, die, noQuorum } from "../api/errors";
import type { Values } from "../api/verify";
import { seconds } from "../seams/clock";
import type { Site } from "../site";
import type { Guest } from "../state/types";
import { free, volumesOfGuest } from "../storage/volumes";
import { findGuest, newMac, requireUnlocked, requireWritable } from "./config";
import { attachDrive, ownVolumes } from "./drives";
import { DRIVE, DRIVE_KEY } from "./vmOptions";

/** Refusals that come before the worker starts (PVE::API2::Qemu create_vm). */
export function checkNewVm(site: Site, node: string, vmid: number, params: Values): void {
  if (!site.quorum.isQuorate(node)) throw noQuorum();
  const taken = findGuest(site, node, vmid);
  if (taken) {
    const word = taken.type === "qemu" ? "VM" : "CT";
    throw die(
      `unable to create VM ${vmid} - ${word} ${vmid} already exists on node '${taken.node}'`,
    );
  }
  for (const storage of storagesIn(params)) site.storages.requireUsable(node, storage, "images");
}

/** The worker of `qmcreate`: disks first, then the file. */
export function createVm(site: Site, node: string, vmid: number, params: Values): Guest {
  const { vmid: _vmid, start: _start, pool: _pool, storage: _storage, ...options } = params;
  const now = seconds(site.clock);
  const config: Record<string, string> = {
    ...applyVmOptions(site, { node, vmid, config: {} }, options),
    smbios1: `uuid=${randomUUID()}`,
    vmgenid: randomUUID(),
    meta: `creation-qemu=10.1.2,ctime=${now}`,
  };
  if (options.smbios1 !== undefined) config.smbios1 = String(options.smbios1);
  const guest: Guest = { vmid, type: "qemu", node, config };
  site.pmxcfs(node).guests[String(vmid)] = guest;
  return guest;
}

/** PUT/POST config: what is set, then what is deleted; a drive that loses its place becomes `unusedN`. */
export function updateVm(site: Site, guest: Guest, options: Values, remove: string[]): void {
  requireUnlocked(guest);
  requireWritable(site, guest);
  const before = { ...guest.config };
  for (const key of remove) {
    if (before[key] !== undefined) detach(site, guest, key);
  }
  Object.assign(guest.config, applyVmOptions(site, guest, options));
}

export function destroyVm(site: Site, guest: Guest): void {
  const { node, vmid } = guest;
  for (const volid of volumesOfGuest(site, node, vmid)) free(site, node, volid);
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
    } else if (/^net\d+$/.test(key)) config[key] = networkCard(key, String(value));
    else if (key === "cipassword") config[key] = "**********";
    else if (String(value) !== "") config[key] = String(value);
  }
  return config;
}

const CARD_MODELS = ["virtio", "e1000", "e1000e", "rtl8139", "vmxnet3"];

/** `model=virtio,bridge=vmbr0` → `virtio=BC:24:11:…,bridge=vmbr0`, the way PVE prints it. */
export function networkCard(key: string, value: string): string {
  const fields: Record<string, string> = {};
  for (const part of value.split(",").filter((entry) => entry.trim() !== "")) {
    const [name = "", content] = part.split(/=(.*)/s);
    if (CARD_MODELS.includes(name)) {
      fields.model = name;
      if (content) fields.macaddr = content;
    } else if (content === undefined) {
      throw badParameters({ [key]: `invalid format - unknown network card model '${name}'\n` });
    } else fields[name] = content;
  }
  const { model, macaddr, ...rest } = fields;
  if (!model) {
    throw badParameters({
      [key]: "invalid format - format error\nmodel: property is missing and it is not optional\n",
    });
  }
  const others = Object.keys(rest)
    .sort()
    .map((name) => `${name}=${rest[name]}`);
  return [`${model}=${(macaddr ?? newMac()).toUpperCase()}`, ...others].join(",");
}

function detach(site: Site, guest: Guest, key: string): void {
  const volid = ownVolumes(site, guest, DRIVE_KEY, DRIVE)[key];
  delete guest.config[key];
  if (volid === undefined) return;
  if (/^unused\d+$/.test(key) || volid.includes("cloudinit")) {
    free(site, guest.node, volid);
    return;
  }
  let index = 0;
  while (guest.config[`unused${index}`] !== undefined) index++;
  guest.config[`unused${index}`] = volid;
}

function storagesIn(params: Values): string[] {
  return Object.entries(params)
    .filter(([key]) => DRIVE_KEY.test(key))
    .map(([, value]) => /^(?:file=)?([^,:]+):/.exec(String(value))?.[1])
    .filter((storage): storage is string => storage !== undefined);
}
