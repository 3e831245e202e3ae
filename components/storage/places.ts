import type { Site } from "../schema";
import type { Retention } from "./plan";
import { type Content, KINDS } from "./kinds";

/** Storages that an installation of Proxmox VE has, on each node its own, and what they hold as installed. */
export const LOCAL_STORAGES: Record<string, Content[]> = {
  local: ["iso", "vztmpl", "backup", "import"],
  "local-lvm": ["images", "rootdir"],
};

type Sites = Pick<Site, "storages" | "nodes">;

/** All nodes that have the storage see the same volumes. */
export function isShared({ storages }: Pick<Site, "storages">, id: string): boolean {
  const storage = Object.hasOwn(storages, id) ? storages[id] : undefined;
  if (!storage) return false;
  return KINDS[storage.type].shared || (storage.type === "directory" && storage.shared);
}

/** Of a VM's disk: qcow2 has snapshots where disks are files; block storage takes raw ones only. */
export function diskFormat({ storages }: Pick<Site, "storages">, id: string): "qcow2" | "raw" {
  const storage = Object.hasOwn(storages, id) ? storages[id] : undefined;
  return storage && KINDS[storage.type].files ? "qcow2" : "raw";
}

/** The nodes that have the storage. */
export function nodesWith({ storages, nodes }: Sites, id: string): string[] {
  const storage = Object.hasOwn(storages, id) ? storages[id] : undefined;
  return [...(storage?.nodes ?? Object.keys(nodes))].sort();
}

/** How many backups the storage keeps of each guest, where it says so. */
export function retentionOf(
  { storages }: Pick<Site, "storages">,
  id: string,
): Retention | undefined {
  const storage = Object.hasOwn(storages, id) ? storages[id] : undefined;
  return storage && "retention" in storage ? storage.retention : undefined;
}

/** Which of them puts files on a storage that they share: the founder, where it has it. */
export function writerOf(site: Site, id: string): string {
  const { founder } = site.cluster;
  const nodes = nodesWith(site, id);
  return nodes.includes(founder) ? founder : (nodes[0] ?? founder);
}

/** Logical name of a file on a storage: one for all nodes, or one on each. */
export function fileKey(site: Site, storage: string, file: string, node: string): string {
  return isShared(site, storage) ? `${storage}-${file}` : `${node}-${storage}-${file}`;
}
