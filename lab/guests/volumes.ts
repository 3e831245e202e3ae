import { parsePropertyString, printPropertyString } from "../api/propertyString";
import type { Properties } from "../api/schema";
import type { Site } from "../site";
import type { Guest } from "../state/types";
import { findVolume, free, parseVolumeId, volumesOfGuest } from "../storage/volumes";
import { MOUNT, MOUNT_KEY, mountOf } from "./ctOptions";
import { DRIVE, DRIVE_KEY } from "./vmOptions";

type Type = Guest["type"];

/** A line of a guest's file that names a volume, or a path of the host (`kind` bind or device). */
export interface GuestVolume {
  key: string;
  volid: string;
  kind: "volume" | "bind" | "device";
  /** An ISO image or a cloud-init drive. */
  cdrom: boolean;
  cloudInit: boolean;
  /** The line's own idea of the size, as `8G`. */
  size?: string;
}

export const isUnused = (key: string): boolean => /^unused\d+$/.test(key);

export const isVolumeKey = (type: Type, key: string): boolean =>
  (type === "qemu" ? DRIVE_KEY : MOUNT_KEY).test(key);

const propertiesOf = (type: Type, key: string): Properties =>
  type === "qemu" ? DRIVE : isUnused(key) ? MOUNT : mountOf(key);

export function parseVolume(type: Type, key: string, text: string): Record<string, string> {
  return parsePropertyString(text, propertiesOf(type, key));
}

/** The same line with another volume, or other properties besides. */
export function printVolume(
  type: Type,
  key: string,
  text: string,
  changes: { volid?: string; size?: string },
): string {
  if (isUnused(key)) return changes.volid ?? text;
  const { volid, size } = changes;
  const parsed = parseVolume(type, key, text);
  if (volid !== undefined) parsed[type === "qemu" ? "file" : "volume"] = volid;
  if (size !== undefined) parsed.size = size;
  return printPropertyString(parsed, propertiesOf(type, key));
}

export function volumeAt(type: Type, key: string, text: string): GuestVolume | undefined {
  if (!isVolumeKey(type, key) && !isUnused(key)) return undefined;
  const parsed = parseVolume(type, key, text);
  const volid = parsed.file ?? parsed.volume ?? "";
  if (volid === "" || volid === "none" || volid === "cdrom") return undefined;
  const path = volid.startsWith("/");
  return {
    key,
    volid,
    kind: !path ? "volume" : volid.startsWith("/dev/") ? "device" : "bind",
    cdrom: parsed.media === "cdrom",
    cloudInit: /[:/]vm-\d+-cloudinit/.test(volid),
    ...(parsed.size === undefined ? {} : { size: parsed.size }),
  };
}

/** Everything that a configuration names, in the order of its keys; `unusedN` only when asked for. */
export function volumesIn(
  type: Type,
  config: Record<string, string>,
  { unused = false } = {},
): GuestVolume[] {
  return Object.entries(config)
    .filter(([key]) => unused || !isUnused(key))
    .map(([key, text]) => volumeAt(type, key, text))
    .filter((volume) => volume !== undefined);
}

/** Storage of a volid. */
export const storageIn = (volid: string): string => parseVolumeId(volid).storage;

/** Whether the guest's file names the volume anywhere: now, as pending, or in a snapshot. */
export function isNamed(guest: Guest, volid: string): boolean {
  const configs = [guest.config, guest.pending?.set ?? {}];
  return (
    configs.some((config) =>
      volumesIn(guest.type, config).some((volume) => volume.volid === volid),
    ) || snapshotsNaming(guest, volid).length > 0
  );
}

export function snapshotsNaming(guest: Guest, volid: string): string[] {
  return Object.entries(guest.snapshots ?? {})
    .filter(([, { config }]) =>
      volumesIn(guest.type, config).some((volume) => volume.volid === volid),
    )
    .map(([name]) => name);
}

/**
 * What happens to a volume that has lost its place: a cloud-init drive goes, the guest's own disk becomes `unusedN`,
 * and what is not the guest's is let go.
 */
export function release(site: Site, guest: Guest, volume: GuestVolume | undefined): void {
  if (volume === undefined || volume.kind !== "volume") return;
  if (findVolume(site, guest.node, volume.volid)?.vmid !== guest.vmid) return;
  if (volume.cloudInit) free(site, guest.node, volume.volid);
  else addUnused(guest, volume.volid);
}

/** Keeps a volume that nothing uses any more in the guest's file, for whoever wants it back. */
export function addUnused(guest: Guest, volid: string): string {
  let index = 0;
  while (guest.config[`unused${index}`] !== undefined && guest.config[`unused${index}`] !== volid) {
    index++;
  }
  guest.config[`unused${index}`] = volid;
  return `unused${index}`;
}

/** A volume that has a place again is not unused. */
export function tidyUnused(guest: Guest): void {
  const used = [guest.config, guest.pending?.set ?? {}].flatMap((config) =>
    volumesIn(guest.type, config).map(({ volid }) => volid),
  );
  for (const [key, volid] of Object.entries(guest.config)) {
    if (isUnused(key) && used.includes(volid)) delete guest.config[key];
  }
}

/**
 * Removes a guest: its file, and the volumes of its own that its file names now, as pending or in snapshots; with
 * `unreferenced` whatever else has its VMID.
 */
export function freeGuest(site: Site, guest: Guest, unreferenced: boolean): void {
  const { node, vmid, type } = guest;
  const snapshots = Object.values(guest.snapshots ?? {});
  const configs = [
    guest.config,
    guest.pending?.set ?? {},
    ...snapshots.map(({ config }) => config),
  ];
  const named = configs.flatMap((config) =>
    volumesIn(type, config, { unused: true })
      .filter(({ kind }) => kind === "volume")
      .map(({ volid }) => volid),
  );
  const states = [guest.config.vmstate, ...snapshots.map(({ vmstate }) => vmstate)];
  const all = [...named, ...states.filter((volid) => volid !== undefined)];
  const own = all.filter((volid) => findVolume(site, node, volid)?.vmid === vmid);
  for (const volid of unreferenced ? volumesOfGuest(site, node, vmid) : own)
    free(site, node, volid);
  delete site.pmxcfs(node).guests[String(vmid)];
}
