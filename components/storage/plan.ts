import type { ContainerGuest, Site } from "../schema";
import { fileKey, isShared, nodesWith } from "./places";
import type { CONTENT_TYPES } from "./schema";

export interface StoragePlan {
  id: string;
  server: string;
  export: string;
  content: (typeof CONTENT_TYPES)[number][];
  /** Mount options; PVE checks an NFS 4 server differently when it finds the version here. */
  options?: string;
  retention?: Retention;
}

export interface Retention {
  last?: number | undefined;
  daily?: number | undefined;
  weekly?: number | undefined;
  monthly?: number | undefined;
  yearly?: number | undefined;
}

export interface TemplatePlan {
  /** Logical name: a template on a storage is one resource, however many containers use it. */
  key: string;
  storage: string;
  file: string;
  /** The node that must have it, where each has a storage of this name for itself. */
  node?: string;
}

export function planStorages(site: Site): StoragePlan[] {
  return Object.entries(site.storages).map(([id, storage]) => ({
    id,
    server: site.hosts[storage.server]?.address ?? "",
    export: storage.export,
    content: [...storage.content].sort(),
    ...(storage.nfsVersion ? { options: `vers=${storage.nfsVersion}` } : {}),
    ...(storage.retention ? { retention: storage.retention } : {}),
  }));
}

/** Container templates of Proxmox's index: those that guests need and those that `media` names, each once. */
export function planTemplates(site: Site): TemplatePlan[] {
  const templates = new Map<string, TemplatePlan>();
  const add = (storage: string, file: string, node: string): void => {
    const place = isShared(site, storage) ? {} : { node };
    const key = fileKey(site, storage, file, node);
    templates.set(key, { key, storage, file, ...place });
  };
  for (const [file, medium] of Object.entries(site.media)) {
    if (medium.type !== "template" || medium.url !== undefined) continue;
    for (const node of nodesWith(site, medium.storage)) add(medium.storage, file, node);
  }
  for (const guest of Object.values(site.guests)) {
    if (guest.type !== "container") continue;
    const { templateStorage, template, node } = guest;
    // What comes from an address does not come from the index.
    const medium = Object.hasOwn(site.media, template) ? site.media[template] : undefined;
    if (medium?.storage === templateStorage && medium.url !== undefined) continue;
    add(templateStorage, template, node);
  }
  return [...templates.values()];
}

export function templateKey(site: Site, guest: ContainerGuest): string {
  return fileKey(site, guest.templateStorage, guest.template, guest.node);
}

/** `keep-last=3,keep-daily=7`, which is what Proxmox VE calls prune-backups. */
export function pruneBackups(retention: Retention): Record<string, string> {
  const entries = Object.entries(retention).filter(([, count]) => count !== undefined);
  return Object.fromEntries(entries.map(([period, count]) => [`keep-${period}`, String(count)]));
}
