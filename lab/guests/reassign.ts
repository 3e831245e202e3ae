import { die } from "../api/errors";
import type { Site } from "../site";
import type { Guest } from "../state/types";
import { parseVolumeId, requireVolume } from "../storage/volumes";
import type { TaskLog } from "../tasks/tasks";
import { requireUnlocked } from "./config";
import { isRunning } from "./power";
import { isUnused, printVolume, snapshotsNaming, volumeAt } from "./volumes";

/** A request to give one of a VM's disks to another VM. */
export interface Reassignment {
  key: string;
  target: Guest;
  targetKey: string;
}

/** What stands in the way; returns the volume (move_vm_disk, load_and_check_reassign_configs). */
export function checkReassign(site: Site, guest: Guest, request: Reassignment): string {
  const { key, target, targetKey } = request;
  const { vmid } = guest;
  if (guest.node !== target.node) {
    throw die(`Both VMs need to be on the same node (${guest.node} != ${target.node})`);
  }
  requireUnlocked(guest);
  requireUnlocked(target);
  if (guest.config.template === "1" || target.config.template === "1") {
    throw die("Can't move disks from or to template VMs");
  }
  const text = guest.config[key];
  if (text === undefined) throw die(`Disk '${key}' for VM '${vmid}' does not exist`);
  if (target.config[targetKey] !== undefined) {
    throw die(`Target disk key '${targetKey}' is already in use for VM '${target.vmid}'`);
  }
  const volume = volumeAt("qemu", key, text);
  if (!volume) throw die(`disk '${key}' has no associated volume`);
  if (volume.cdrom) throw die("CD drive contents can't be moved to another VM");
  if (snapshotsNaming(guest, volume.volid).length > 0) {
    throw die("Can't move disk used by a snapshot to another VM");
  }
  if (isRunning(site, guest) && !isUnused(key)) {
    throw die("Cannot move disk to another VM while the source VM is running - detach first");
  }
  return volume.volid;
}

/** The worker of `qmmove` between two VMs: the volume gets the other's name. */
export function reassign(site: Site, guest: Guest, request: Reassignment, log: TaskLog): void {
  const { key, target, targetKey } = request;
  const old = checkReassign(site, guest, request);
  log.info(
    `reassign disk '${key}' from VM '${guest.vmid}' as '${targetKey}' to VM '${target.vmid}'`,
  );
  const { storage } = parseVolumeId(old);
  const volume = requireVolume(site, guest.node, old);
  const volumes = site.storages.volumes(guest.node, storage);
  const { files } = site.storages.type(site.storages.config(guest.node, storage));
  const name = (number: number): string =>
    files
      ? `${target.vmid}/vm-${target.vmid}-disk-${number}.${volume.format}`
      : `vm-${target.vmid}-disk-${number}`;
  let number = 0;
  while (volumes.some((other) => other.name === name(number))) number++;
  volume.name = name(number);
  volume.vmid = target.vmid;
  const text = guest.config[key] ?? "";
  delete guest.config[key];
  const boot = guest.config.boot?.replace(/^order=(.*)$/, (_, order: string) => {
    const left = order.split(";").filter((device) => device !== key);
    return `order=${left.join(";")}`;
  });
  if (boot !== undefined) guest.config.boot = boot;
  log.info(`removing disk '${key}' from VM '${guest.vmid}' config`);
  const volid = `${storage}:${volume.name}`;
  target.config[targetKey] = isUnused(targetKey)
    ? volid
    : printVolume("qemu", targetKey, isUnused(key) ? volid : text, { volid });
}
