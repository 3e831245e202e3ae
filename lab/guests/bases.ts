import { die } from "../api/errors";
import { seconds } from "../seams/clock";
import type { Site } from "../site";
import type { Guest } from "../state/types";
import { findVolume, parseVolumeId, requireVolume } from "../storage/volumes";
import { printVolume, volumesIn } from "./volumes";

/** `vm-100-disk-0` → `base-100-disk-0`: a template's disk, which linked clones stand on. */
const BASE = /(^|[:/])base(vol)?-\d+-[^/]*$/;

export const isBase = (volid: string): boolean => BASE.test(volid);

/** Turns a guest's disks into bases (template_create). `only` names the one key to turn. */
export function makeBases(site: Site, guest: Guest, only?: string): void {
  for (const { key, volid, cdrom, kind } of volumesIn(guest.type, guest.config)) {
    if (cdrom || kind !== "volume" || isBase(volid) || (only !== undefined && key !== only))
      continue;
    const volume = requireVolume(site, guest.node, volid);
    volume.name = volume.name
      .replace(/(^|\/)vm-(\d+-[^/]*)$/, "$1base-$2")
      .replace(/(^|\/)subvol-(\d+-[^/]*)$/, "$1basevol-$2");
    const { storage } = parseVolumeId(volid);
    const text = guest.config[key] ?? "";
    guest.config[key] = printVolume(guest.type, key, text, {
      volid: `${storage}:${volume.name}`,
    });
  }
}

/** A disk of `vmid` that holds only what differs from `base`: a qcow2 file below the base's name, or a thin volume. */
export function linkTo(site: Site, node: string, base: string, vmid: number): string {
  const { storage, name } = parseVolumeId(base);
  const volume = requireVolume(site, node, base);
  const volumes = site.storages.volumes(node, storage);
  const { files } = site.storages.type(site.storages.config(node, storage));
  const path = (number: number): string =>
    files ? `${name}/${vmid}/vm-${vmid}-disk-${number}.qcow2` : `vm-${vmid}-disk-${number}`;
  const taken = (number: number): boolean =>
    volumes.some((other) => new RegExp(`(^|/)vm-${vmid}-disk-${number}(\\.|$)`).test(other.name));
  let number = 0;
  while (taken(number)) number++;
  volumes.push({
    ...volume,
    name: path(number),
    format: files ? "qcow2" : "raw",
    ctime: seconds(site.clock),
    vmid,
    ...(files ? {} : { base: name }),
  });
  return `${storage}:${path(number)}`;
}

/** A template's disks stay as long as a linked clone stands on one of them. */
export function requireUnusedBases(site: Site, guest: Guest): void {
  for (const { volid, kind, cdrom } of volumesIn(guest.type, guest.config, { unused: true })) {
    if (kind !== "volume" || cdrom || !isBase(volid)) continue;
    if (!findVolume(site, guest.node, volid)) continue;
    const { storage, name } = parseVolumeId(volid);
    const used = site.storages
      .volumes(guest.node, storage)
      .some((other) => other.base === name || other.name.startsWith(`${name}/`));
    if (used) throw die(`base volume '${volid}' is still in use by linked cloned`);
  }
}
