import type { Site } from "../site";
import type { Guest } from "../state/types";
import { findVolume } from "../storage/volumes";
import { isBase } from "./bases";
import { storageIn, volumesIn } from "./volumes";

export type Feature = "snapshot" | "clone" | "copy";

/**
 * Whether a volume can be snapshotted, be the base of a linked clone, or be copied (volume_has_feature of PVE's storage
 * plugins). `snapname` asks about the volume in that snapshot.
 */
export function volumeHas(
  site: Site,
  guest: Guest,
  volid: string,
  feature: Feature,
  snapname?: string,
): boolean {
  const config = site.storages.config(guest.node, storageIn(volid));
  const format = findVolume(site, guest.node, volid)?.format ?? "raw";
  const { files } = site.storages.type(config);
  const inside = !files && config.type !== "lvm";
  const keeps = inside || format === "qcow2";
  switch (feature) {
    case "snapshot":
      return keeps;
    case "copy":
      return snapname === undefined || keeps;
    case "clone":
      // A file's linked clone is a qcow2 file, which no container can use.
      if (files) return guest.type === "qemu" && snapname === undefined && isBase(volid);
      return inside && (snapname !== undefined || isBase(volid));
    default: {
      const never: never = feature;
      return never;
    }
  }
}

/** Whether every volume of a configuration has the feature; CDs do not count. */
export function guestHas(
  site: Site,
  guest: Guest,
  config: Record<string, string>,
  feature: Feature,
  snapname?: string,
): boolean {
  return volumesIn(guest.type, config)
    .filter(({ cdrom }) => !cdrom)
    .every(
      ({ volid, kind }) => kind === "volume" && volumeHas(site, guest, volid, feature, snapname),
    );
}
