import { badParameters, die } from "../api/errors";
import { parsePropertyString } from "../api/propertyString";
import type { Site } from "../site";
import type { Guest } from "../state/types";
import { contentOf } from "../storage/types";
import { allocate, findVolume, free, parseVolumeId, requireVolume } from "../storage/volumes";
import type { TaskLog } from "../tasks/tasks";
import { makeBases } from "./bases";
import { formatOn } from "./clone";
import { requireUnlocked } from "./config";
import { isRunning } from "./power";
import { DRIVE } from "./vmOptions";
import { addUnused, printVolume, snapshotsNaming, storageIn, volumeAt } from "./volumes";

/** A request to copy one of a guest's volumes to another storage and use the copy. */
export interface MoveRequest {
  key: string;
  storage: string;
  format?: string;
  /** Free the original instead of keeping it as unused. */
  remove: boolean;
}

/** What stands in the way of a move; returns the volume (move_vm_disk and move_volume of PVE). */
export function checkMove(site: Site, guest: Guest, request: MoveRequest): string {
  const { key, storage, remove } = request;
  requireUnlocked(guest);
  const volid = guest.type === "qemu" ? diskToMove(guest, key) : volumeToMove(site, guest, key);
  if (guest.type === "qemu") {
    const before = findVolume(site, guest.node, volid)?.format;
    const same = request.format === undefined || request.format === before;
    if (storageIn(volid) === storage && same) {
      throw die("you can't move to the same storage with same format");
    }
  }
  const config = site.storages.requireUsable(guest.node, storage);
  if (guest.type === "qemu" && !contentOf(config).includes("images")) {
    throw badParameters({ storage: `storage '${storage}' does not support vm images` });
  }
  if (remove && snapshotsNaming(guest, volid).length > 0) {
    const word = guest.type === "qemu" ? "disk" : "volume";
    throw die(`you can't move a ${word} with snapshots and delete the source`);
  }
  return volid;
}

/** The worker of `qmmove` and `move_volume`. */
export function moveVolume(site: Site, guest: Guest, request: MoveRequest, log: TaskLog): void {
  const { key, storage, remove } = request;
  const { node, vmid, type } = guest;
  const old = checkMove(site, guest, request);
  if (type === "qemu") {
    const from = storageIn(old);
    log.info(
      `copying volume '${old}' from current storage '${from}' to target storage '${storage}'`,
    );
  }
  if (snapshotsNaming(guest, old).length > 0) {
    log.info("moving disk with snapshots, snapshots will not be moved!");
  }
  const source = requireVolume(site, node, old);
  const volid = allocate(site, node, storage, {
    vmid,
    size: source.size,
    content: type === "qemu" ? "images" : "rootdir",
    ...formatOn(site, node, storage, request.format ?? source.format),
  });
  guest.config[key] = printVolume(type, key, guest.config[key] ?? "", { volid });
  if (guest.config.template === "1") makeBases(site, guest, key);
  if (!remove) {
    const unused = addUnused(guest, old);
    if (type === "qemu") log.info(`adding source volume '${old}' as '${unused}' to config`);
    return;
  }
  if (type === "qemu") log.info(`removing source volume '${old}' after successful copy`);
  free(site, node, old);
}

function diskToMove(guest: Guest, key: string): string {
  const text = guest.config[key];
  if (text === undefined) throw die(`disk '${key}' does not exist`);
  const { file, media } = parsePropertyString(text, DRIVE);
  if (file === undefined) throw die(`disk '${key}' has no associated volume`);
  if (media === "cdrom") throw die("you can't move a cdrom");
  parseVolumeId(file);
  return file;
}

function volumeToMove(site: Site, guest: Guest, key: string): string {
  if (isRunning(site, guest)) throw die("cannot move volumes of a running container");
  if (/^unused\d+$/.test(key)) {
    throw die(
      `cannot move volume '${key}', only configured volumes can be moved to another storage`,
    );
  }
  const volume = volumeAt(guest.type, key, guest.config[key] ?? "");
  if (!volume) throw die(`no volume '${key}' in config`);
  return volume.volid;
}
