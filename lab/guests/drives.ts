import { badParameters, die } from "../api/errors";
import { parsePropertyString, printPropertyString } from "../api/propertyString";
import type { Properties } from "../api/schema";
import type { Site } from "../site";
import { allocate, findVolume, parseVolumeId, requireVolume } from "../storage/volumes";
import { formatSize, parseSize } from "./config";
import { DRIVE } from "./vmOptions";

const GIB = 1024 ** 3;
const KIB = 1024;

/** `STORAGE:8`: allocate a new disk of 8 GiB. */
export const NEW_DISK = /^([a-z][a-z0-9\-_.]*[a-z0-9]):(\d+(?:\.\d+)?)$/i;
const CLOUD_INIT = /^([a-z][a-z0-9\-_.]*[a-z0-9]):cloudinit$/i;

interface Place {
  site: Site;
  node: string;
  vmid: number;
}

/**
 * A drive parameter as it ends up in the VM's file: new disks allocated, existing ones found, sizes filled in
 * (qemu-server's create_disks). `format`, `import-from` and other create-time keys are not kept.
 */
export function attachDrive(place: Place, key: string, value: string): string {
  const drive = parseDrive(key, value);
  const file = drive.file ?? "";
  if (file === "none" || file === "cdrom") {
    const { size: _size, ...kept } = drive;
    return print({ ...kept, media: "cdrom" }, DRIVE);
  }
  const cloudInit = CLOUD_INIT.exec(file);
  if (cloudInit) return attachCloudInit(place, cloudInit[1] ?? "", drive);
  const fresh = NEW_DISK.exec(file);
  if (fresh) return attachNew(place, key, fresh[1] ?? "", Number(fresh[2]), drive);
  const volume = requireVolume(place.site, place.node, file);
  if (volume.content === "iso") drive.media ??= "cdrom";
  return print({ ...drive, size: formatSize(volume.size) }, DRIVE);
}

/** The volids of a guest's own disks (not its ISO images), by drive key. */
export function ownVolumes(
  site: Site,
  guest: { node: string; vmid: number; config: Record<string, string> },
  isDrive: RegExp,
  properties: Properties,
): Record<string, string> {
  const own: Record<string, string> = {};
  for (const [key, value] of Object.entries(guest.config)) {
    if (!isDrive.test(key) && !/^unused\d+$/.test(key)) continue;
    const parsed = parsePropertyString(value, properties);
    const volid = parsed.file ?? parsed.volume ?? "";
    if (!volid.includes(":")) continue;
    if (findVolume(site, guest.node, volid)?.vmid === guest.vmid) own[key] = volid;
  }
  return own;
}

/** Grows a drive; returns its new text, or undefined where there is nothing to grow. */
export function growDrive(
  place: Place,
  text: string,
  size: string,
  properties: Properties,
): string | undefined {
  const drive = parsePropertyString(text, properties);
  const volume = requireVolume(place.site, place.node, drive.file ?? drive.volume ?? "");
  const wanted = wantedSize(volume.size, size);
  if (wanted < volume.size) throw die("shrinking disks is not supported");
  if (wanted === volume.size) return undefined;
  volume.size = wanted;
  return print({ ...drive, size: formatSize(wanted) }, properties);
}

/** `8G` is a size, `+8G` is that much more than `now`. */
export function wantedSize(now: number, size: string): number {
  return size.startsWith("+") ? now + parseSize(size.slice(1)) : parseSize(size);
}

function parseDrive(key: string, value: string): Record<string, string> {
  try {
    return parsePropertyString(value, DRIVE);
  } catch (error) {
    throw badParameters({ [key]: (error as Error).message });
  }
}

function attachNew(
  place: Place,
  key: string,
  storage: string,
  gib: number,
  drive: Record<string, string>,
): string {
  const { format, "import-from": source, ...kept } = drive;
  const fixed = fixedSize(place, key, storage, drive);
  const image = source ? requireVolume(place.site, place.node, source) : undefined;
  // A file is smaller than the disk that is in it.
  const imported = image?.virtual ?? image?.size;
  const size = fixed ?? imported ?? Math.round(gib * GIB);
  const volid = allocate(place.site, place.node, storage, {
    vmid: place.vmid,
    size,
    content: "images",
    ...(format ? { format } : {}),
  });
  return print({ ...kept, file: volid, size: formatSize(size) }, DRIVE);
}

/** Firmware variables and TPM state have sizes of their own, whatever was asked for. */
function fixedSize(
  { site, node }: Place,
  key: string,
  storage: string,
  { efitype }: Record<string, string>,
): number | undefined {
  if (key === "tpmstate0") return 4 * KIB * KIB;
  if (key !== "efidisk0") return undefined;
  const { files } = site.storages.type(site.storages.config(node, storage));
  // A volume group gives out blocks of 4 MiB.
  if (!files) return 4 * KIB * KIB;
  return (efitype === "4m" ? 528 : 128) * KIB;
}

function attachCloudInit(place: Place, storage: string, drive: Record<string, string>): string {
  const size = 4 * KIB * KIB;
  const config = place.site.storages.requireUsable(place.node, storage, "images");
  const { files } = place.site.storages.type(config);
  const volid = allocate(place.site, place.node, storage, {
    vmid: place.vmid,
    size,
    content: "images",
    suffix: "cloudinit",
    ...(files ? { format: drive.format ?? "qcow2" } : {}),
  });
  return print({ file: volid, media: "cdrom", size: formatSize(size) }, DRIVE);
}

/** A PUT names a disk without its size; PVE adds the volume's own, which `attachDrive` has done. */
function print(drive: Record<string, string | undefined>, properties: Properties): string {
  const { format: _format, ...kept } = drive;
  return printPropertyString(kept, properties);
}

export function volumeStorage(volid: string): string {
  return parseVolumeId(volid).storage;
}
