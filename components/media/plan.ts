import type { Site } from "../schema";
import { fileKey, isShared, nodesWith, writerOf } from "../storage/places";
import { MEDIA_TYPES } from "./schema";

/** A file that a node downloads to a storage. */
export interface MediaPlan {
  /** Logical name of the resource. */
  key: string;
  /** The entry of `media`, which is the file's name. */
  file: string;
  storage: string;
  /** `Data:iso/debian-13.iso`. */
  volume: string;
  content: "iso" | "vztmpl" | "import";
  /** The node that downloads it. */
  node: string;
  /** Another node may have downloaded it; where each has a storage of this name for itself, it is its own. */
  shared: boolean;
  url: string;
  algorithm: string;
  checksum: string;
  decompression?: string;
}

/** One download for each file, or for each node where every node has the storage for itself. */
export function planMedia(site: Site): MediaPlan[] {
  return Object.entries(site.media).flatMap(([file, medium]): MediaPlan[] => {
    const { type, storage, url, checksum } = medium;
    if (url === undefined || checksum === undefined) return [];
    const [algorithm = "", digest = ""] = checksum.split(":");
    const nodes = nodesWith(site, storage);
    const shared = isShared(site, storage);
    return (shared ? [writerOf(site, storage)] : nodes).map((node) => ({
      key: fileKey(site, storage, file, node),
      file,
      storage,
      volume: volumeOf(site, file),
      content: MEDIA_TYPES[type].content,
      node,
      shared,
      url,
      algorithm,
      checksum: digest,
      ...(type === "iso" && medium.decompress ? { decompression: medium.decompress } : {}),
    }));
  });
}

/** `Data:import/debian-13.qcow2`, for the entry `debian-13.qcow2` of `media`. */
export function mediaVolume(site: Site, name: string): string | undefined {
  const medium = Object.hasOwn(site.media, name) ? site.media[name] : undefined;
  return medium && `${medium.storage}:${MEDIA_TYPES[medium.type].content}/${name}`;
}

/** `Data`, of `Data:iso/debian-13.iso`. */
export const storageOf = (volume: string): string => volume.split(":")[0] ?? "";

/** The volume of an entry of `media`, or what is one already. */
export function volumeOf(site: Site, nameOrVolume: string): string {
  return mediaVolume(site, nameOrVolume) ?? nameOrVolume;
}
