import type { Site } from "../schema";

/** Storages that an installation of Proxmox VE has, on each node its own, and what they hold as installed. */
export const LOCAL_STORAGES: Record<string, Site["storages"][string]["content"]> = {
  local: ["iso", "vztmpl", "backup", "import"],
  "local-lvm": ["images", "rootdir"],
};

/** All nodes that have the storage see the same files. */
export function isShared(site: Site, id: string): boolean {
  return Object.hasOwn(site.storages, id);
}

/** Logical name of a file on a storage: one for all nodes, or one on each. */
export function fileKey(site: Site, storage: string, file: string, node: string): string {
  return isShared(site, storage) ? `${storage}-${file}` : `${node}-${storage}-${file}`;
}

/** The nodes that have the storage. */
export function nodesWith(site: Site, _id: string): string[] {
  return Object.keys(site.nodes).sort();
}
