import { die } from "../api/errors";
import { parsePropertyString } from "../api/propertyString";
import type { Site } from "../site";
import type { Guest } from "../state/types";
import { parseVolumeId } from "../storage/volumes";
import { MOUNT, MOUNT_KEY } from "../guests/ctOptions";
import { DRIVE, DRIVE_KEY } from "../guests/vmOptions";

/**
 * A guest's volumes that replication copies: those on local storage, unless they say `replicate=0`. One on a storage
 * that cannot replicate is refused (get_replicatable_volumes of the guests' classes).
 */
export function replicatedVolumes(site: Site, guest: Guest): string[] {
  const [keys, properties] = guest.type === "qemu" ? [DRIVE_KEY, DRIVE] : [MOUNT_KEY, MOUNT];
  const volids: string[] = [];
  for (const [key, value] of Object.entries(guest.config)) {
    if (!keys.test(key)) continue;
    const drive = parsePropertyString(value, properties);
    const volid = drive.file ?? drive.volume ?? "";
    if (drive.media === "cdrom" || drive.replicate === "0") continue;
    if (volid.startsWith("/")) throw die(`unable to replicate local file/device '${volid}'`);
    if (!volid.includes(":")) continue;
    const config = site.storages.config(guest.node, parseVolumeId(volid).storage);
    if (config.type === "zfspool") volids.push(volid);
    else if (!site.storages.isShared(config)) {
      throw die(`missing replicate feature on volume '${volid}'`);
    }
  }
  return volids;
}
