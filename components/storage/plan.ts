import type { ContainerGuest, Site, Storage } from "../schema";
import type { Content } from "./kinds";
import { fileKey, isShared, nodesWith, retentionOf, writerOf } from "./places";

interface CommonPlan {
  id: string;
  content: Content[];
  /** The nodes that have it; absent where it is all of them, now and later. */
  nodes?: string[];
  /** All nodes that have it see the same volumes. */
  shared: boolean;
  disabled: boolean;
  /** Where it lies, for people: `192.168.18.200:/backup/pve-data`, `rpool/data`. */
  place: string;
  /** Of a storage for backups that says nothing of them, `all`. */
  retention?: Retention | "all";
  /** Its definition may be deleted and made anew today. */
  replaceable: boolean;
}

export interface NfsPlan extends CommonPlan {
  type: "nfs";
  server: string;
  export: string;
  /** Mount options; PVE checks an NFS 4 server differently when it finds the version here. */
  options?: string;
  preallocation?: string;
}

export interface CifsPlan extends CommonPlan {
  type: "cifs";
  server: string;
  share: string;
  folder?: string;
  username: string;
  passwordFrom: string;
  domain?: string;
  preallocation: string;
}

export interface PbsPlan extends CommonPlan {
  type: "pbs";
  server: string;
  datastore: string;
  namespace?: string;
  username: string;
  passwordFrom: string;
  fingerprint?: string;
  encryptionKeyFrom?: string;
}

export interface DirectoryPlan extends CommonPlan {
  type: "directory";
  path: string;
  preallocation: string;
}

export interface LvmThinPlan extends CommonPlan {
  type: "lvm-thin";
  volumeGroup: string;
  thinPool: string;
}

export interface ZfsPlan extends CommonPlan {
  type: "zfs";
  pool: string;
  thin: boolean;
}

export type StoragePlan = NfsPlan | CifsPlan | PbsPlan | DirectoryPlan | LvmThinPlan | ZfsPlan;

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

export function planStorages(site: Site, today: string): StoragePlan[] {
  return Object.entries(site.storages).map(([id, storage]) =>
    planStorage(site, id, storage, today),
  );
}

function planStorage(site: Site, id: string, storage: Storage, today: string): StoragePlan {
  const { replaceUntil } = storage;
  const replaceable = replaceUntil !== undefined && replaceUntil >= today;
  const common = { ...planCommon(site, id, storage), replaceable };
  switch (storage.type) {
    case "nfs": {
      const { export: path, nfsVersion, preallocation } = storage;
      const server = addressOf(site, storage.server);
      const options = [...(nfsVersion ? [`vers=${nfsVersion}`] : []), ...textIn(storage.options)];
      return {
        ...common,
        type: "nfs",
        server,
        export: path,
        place: `${server}:${path}`,
        ...(options.length > 0 ? { options: options.join(",") } : {}),
        ...(preallocation ? { preallocation } : {}),
      };
    }
    case "cifs": {
      const { share, folder, username, passwordFrom, domain, preallocation } = storage;
      const server = addressOf(site, storage.server);
      return {
        ...common,
        type: "cifs",
        server,
        share,
        username,
        passwordFrom,
        preallocation,
        place: `//${server}/${share}${folder ?? ""}`,
        ...(folder ? { folder } : {}),
        ...(domain ? { domain } : {}),
      };
    }
    case "pbs": {
      const { datastore, namespace, username, passwordFrom, fingerprint, encryptionKeyFrom } =
        storage;
      const server = addressOf(site, storage.server);
      return {
        ...common,
        type: "pbs",
        server,
        datastore,
        username,
        passwordFrom,
        place: `${server}:${[datastore, ...textIn(namespace)].join("/")}`,
        ...(namespace ? { namespace } : {}),
        ...(fingerprint ? { fingerprint } : {}),
        ...(encryptionKeyFrom ? { encryptionKeyFrom } : {}),
      };
    }
    case "directory": {
      const { path, preallocation } = storage;
      return { ...common, type: "directory", path, preallocation, place: path };
    }
    case "lvm-thin": {
      const { volumeGroup, thinPool } = storage;
      const place = `${volumeGroup}/${thinPool}`;
      return { ...common, type: "lvm-thin", volumeGroup, thinPool, place };
    }
    case "zfs": {
      const { pool, thin } = storage;
      return { ...common, type: "zfs", pool, thin, place: pool };
    }
  }
}

function planCommon(
  site: Site,
  id: string,
  storage: Storage,
): Omit<CommonPlan, "place" | "replaceable"> {
  const kept = retentionOf(site, id);
  const content = [...storage.content].sort();
  // The provider never takes a list away again, nor a retention; where it can be, both are said in full.
  const nodes =
    storage.type === "nfs" ? storage.nodes && [...storage.nodes].sort() : nodesWith(site, id);
  const retention = kept ?? (content.includes("backup") ? "all" : undefined);
  return {
    id,
    content,
    shared: isShared(site, id),
    disabled: storage.disabled,
    ...(nodes ? { nodes } : {}),
    ...(retention ? { retention } : {}),
  };
}

/** A name without a dot is that of an entry of `hosts`. */
function addressOf({ hosts }: Site, server: string): string {
  return (Object.hasOwn(hosts, server) ? hosts[server]?.address : undefined) ?? server;
}

const textIn = (text: string | undefined): string[] => (text === undefined ? [] : [text]);

/** Container templates of Proxmox's index: those that guests need and those that `media` names, each once. */
export function planTemplates(site: Site): TemplatePlan[] {
  const templates = new Map<string, TemplatePlan>();
  const add = (storage: string, file: string, node: string): void => {
    const shared = isShared(site, storage);
    const writer = shared ? writerOf(site, storage) : node;
    const place = shared && writer === site.cluster.founder ? {} : { node: writer };
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
