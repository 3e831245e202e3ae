import type { ContainerGuest, Site } from "../schema";
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

/** The container templates that guests need, each once. */
export function planTemplates(site: Site): TemplatePlan[] {
  const templates = new Map<string, TemplatePlan>();
  for (const guest of Object.values(site.guests)) {
    if (guest.type !== "container") continue;
    const key = templateKey(site, guest);
    const node = site.storages[guest.templateStorage] ? {} : { node: guest.node };
    templates.set(key, { key, storage: guest.templateStorage, file: guest.template, ...node });
  }
  return [...templates.values()];
}

export function templateKey(site: Site, guest: ContainerGuest): string {
  const { node, template, templateStorage } = guest;
  return site.storages[templateStorage]
    ? `${templateStorage}-${template}`
    : `${node}-${templateStorage}-${template}`;
}

/** `keep-last=3,keep-daily=7`, which is what Proxmox VE calls prune-backups. */
export function pruneBackups(retention: Retention): Record<string, string> {
  const entries = Object.entries(retention).filter(([, count]) => count !== undefined);
  return Object.fromEntries(entries.map(([period, count]) => [`keep-${period}`, String(count)]));
}
