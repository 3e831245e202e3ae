import { randomUUID } from "node:crypto";
import { badParameters, die } from "../api/errors";
import { parsePropertyString, printPropertyString } from "../api/propertyString";
import { cloneFirewall } from "../firewall/files";
import type { Site } from "../site";
import type { Guest } from "../state/types";
import { contentOf } from "../storage/types";
import { allocate, free, requireVolume } from "../storage/volumes";
import type { TaskLog } from "../tasks/tasks";
import { linkTo } from "./bases";
import { findGuest, GUEST_WORD, newMac, requireUnlocked } from "./config";
import { CT_NET } from "./ctOptions";
import { volumeHas } from "./features";
import { isRunning } from "./power";
import { requireSnapshot } from "./snapshots";
import { NET } from "./vmOptions";
import { type GuestVolume, isUnused, printVolume, storageIn, volumesIn } from "./volumes";

/** A request to copy a guest. `full` is undefined where PVE decides: linked for a template, else full. */
export interface CloneRequest {
  newid: number;
  full?: boolean;
  snapname?: string;
  storage?: string;
  format?: string;
  /** Another node than the guest's. */
  target?: string;
  name?: string;
  description?: string;
}

/** Keys of the original that its copy does not have. */
const NOT_COPIED = ["lock", "parent", "runningcpu", "runningmachine", "template", "vmstate"];

const isFull = (guest: Guest, { full }: CloneRequest): boolean =>
  full ?? guest.config.template !== "1";

/** What a clone refuses before its task and again in it (clone_vm of PVE::API2::Qemu and ::LXC). */
export function checkClone(site: Site, guest: Guest, request: CloneRequest): void {
  const { newid, snapname, storage, format, target } = request;
  const { node, type } = guest;
  const full = isFull(guest, request);
  if (storage !== undefined) requireStorage(site, guest, storage, target);
  requireUnlocked(guest);
  requireFreeId(site, guest, newid);
  if (snapname !== undefined) requireSnapshot(guest, snapname);
  if (storage !== undefined && !full)
    throw die("parameter 'storage' not allowed for linked clones");
  if (format !== undefined && !full) throw die("parameter 'format' not allowed for linked clones");
  const volumes = sourceVolumes(guest, request);
  for (const volume of volumes) {
    if (volume.cdrom && !volume.cloudInit) continue;
    const own = full || volume.cloudInit || volume.key === "tpmstate0";
    if (type === "qemu") requireVmFeature(site, guest, volume, own, snapname);
    else requireCtFeature(site, guest, volume, full, snapname);
  }
  const local = volumes.some(({ volid, kind }) => {
    if (kind !== "volume") return true;
    const used = storage ?? storageIn(volid);
    return !site.storages.isShared(site.storages.config(node, used));
  });
  if (target !== undefined && local) {
    const word = GUEST_WORD[type];
    throw die(`can't clone ${word} to node '${target}' (${word} uses local storage)`);
  }
}

/** The worker of `qmclone` and `vzclone`. Nothing is left of a clone that fails. */
export function cloneGuest(site: Site, guest: Guest, request: CloneRequest, log: TaskLog): Guest {
  checkClone(site, guest, request);
  const { type, node, vmid } = guest;
  const word = type === "qemu" ? "VM" : "container";
  log.info(`creating a clone of ${word} ${vmid} with ID ${request.newid}`);
  const config = copiedConfig(guest, request);
  const made: string[] = [];
  try {
    for (const volume of sourceVolumes(guest, request)) {
      if (volume.cdrom && !volume.cloudInit) continue;
      const volid = copyVolume(site, guest, volume, request, log);
      made.push(volid);
      const text = config[volume.key] ?? "";
      config[volume.key] = printVolume(type, volume.key, text, { volid });
    }
  } catch (error) {
    for (const volid of made) free(site, node, volid);
    throw type === "qemu" ? die(`clone failed: ${(error as Error).message}`) : error;
  }
  const clone: Guest = { vmid: request.newid, type, node: request.target ?? node, config };
  site.pmxcfs(node).guests[String(request.newid)] = clone;
  cloneFirewall(site.pmxcfs(node), vmid, request.newid);
  return clone;
}

function requireStorage(site: Site, guest: Guest, storage: string, target?: string): void {
  const config = site.storages.requireUsable(guest.node, storage);
  if (guest.type === "qemu" && !contentOf(config).includes("images")) {
    throw badParameters({ storage: `storage '${storage}' does not support vm images` });
  }
  if (target === undefined) return;
  if (!site.storages.enabledOn(config, target)) {
    throw die(`storage '${storage}' is not available on node '${target}'`);
  }
  if (!site.storages.isShared(config)) throw die(`can't clone to non-shared storage '${storage}'`);
}

function requireFreeId(site: Site, { type, node }: Guest, newid: number): void {
  const taken = findGuest(site, node, newid);
  if (!taken) return;
  throw die(
    type === "qemu"
      ? `unable to create VM ${newid}: config file already exists`
      : `${GUEST_WORD[taken.type]} ${newid} already exists on node '${taken.node}'`,
  );
}

function sourceConfig(guest: Guest, { snapname }: CloneRequest): Record<string, string> {
  return snapname === undefined ? guest.config : requireSnapshot(guest, snapname).config;
}

function sourceVolumes(guest: Guest, request: CloneRequest): GuestVolume[] {
  return volumesIn(guest.type, sourceConfig(guest, request));
}

function requireVmFeature(
  site: Site,
  guest: Guest,
  { key, volid }: GuestVolume,
  full: boolean,
  snapname?: string,
): void {
  if (full && key === "tpmstate0" && isRunning(site, guest) && snapname === undefined) {
    throw die("cannot clone TPM state while VM is running");
  }
  if (volumeHas(site, guest, volid, full ? "copy" : "clone", snapname)) return;
  const of = snapname === undefined ? "" : " a snapshot of";
  const kind = full ? "Full" : "Linked";
  throw die(`${kind} clone feature is not supported for${of} '${volid}' (${key})`);
}

function requireCtFeature(
  site: Site,
  guest: Guest,
  { key, volid, kind }: GuestVolume,
  full: boolean,
  snapname?: string,
): void {
  if (kind !== "volume") throw die(`unable to clone mountpoint '${key}' (type ${kind})`);
  if (full && isRunning(site, guest) && snapname === undefined) {
    throw die("Full clone of a running container is only possible from a snapshot");
  }
  if (!full && !volumeHas(site, guest, volid, "clone", snapname)) {
    throw die(`Linked clone feature for '${volid}' is not available`);
  }
}

/** The copy's configuration: an identity and addresses of its own, volumes still the original's. */
function copiedConfig(guest: Guest, request: CloneRequest): Record<string, string> {
  const { type } = guest;
  const entries = Object.entries(sourceConfig(guest, request))
    .filter(([key]) => !NOT_COPIED.includes(key) && !isUnused(key))
    .map(([key, value]) => [key, /^net\d+$/.test(key) ? withNewMac(type, value) : value]);
  const config = Object.fromEntries(entries) as Record<string, string>;
  const { name, description } = request;
  if (type === "qemu") {
    const kept = (config.smbios1 ?? "").split(",").filter((part) => part && !/^uuid=/.test(part));
    config.smbios1 = [`uuid=${randomUUID()}`, ...kept].join(",");
    if (config.vmgenid !== undefined) config.vmgenid = randomUUID();
    config.name = name ?? `Copy-of-VM-${config.name ?? guest.vmid}`;
    if (description) config.description = description.trimEnd();
  } else {
    if (name !== undefined) config.hostname = name;
    if (description) config.description = `${description.trimEnd()}\n`;
  }
  return config;
}

function withNewMac(type: Guest["type"], text: string): string {
  const properties = type === "qemu" ? NET : CT_NET;
  const card = parsePropertyString(text, properties);
  card[type === "qemu" ? "macaddr" : "hwaddr"] = newMac();
  return printPropertyString(card, properties);
}

function copyVolume(
  site: Site,
  guest: Guest,
  { key, volid, cloudInit }: GuestVolume,
  request: CloneRequest,
  log: TaskLog,
): string {
  const { node, type } = guest;
  const full = isFull(guest, request) || cloudInit || key === "tpmstate0";
  const what = type === "qemu" ? `drive ${key}` : `mount${full ? "" : " "}point ${key}`;
  log.info(`create ${full ? "full" : "linked"} clone of ${what} (${volid})`);
  if (!full) return linkTo(site, node, volid, request.newid);
  const source = requireVolume(site, node, volid);
  const storage = request.storage ?? storageIn(volid);
  return allocate(site, node, storage, {
    vmid: request.newid,
    size: source.size,
    content: type === "qemu" ? "images" : "rootdir",
    ...formatOn(site, node, storage, request.format ?? source.format),
    ...(cloudInit ? { suffix: "cloudinit" } : {}),
  });
}

/** The format if the storage knows it, else none: the storage then takes its own. */
export function formatOn(
  site: Site,
  node: string,
  storage: string,
  format: string,
): { format?: string } {
  const { files } = site.storages.type(site.storages.config(node, storage));
  return files && ["raw", "qcow2", "vmdk"].includes(format) ? { format } : {};
}
