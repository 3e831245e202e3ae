import { badParameters, die } from "../api/errors";
import { splitList } from "../api/formats";
import type { Site } from "../site";
import type { Guest } from "../state/types";
import { contentOf } from "../storage/types";
import { parseVolumeId } from "../storage/volumes";
import { storageIn, volumesIn } from "../guests/volumes";

/** Where local volumes go: `1` keeps the storage, `a:b` maps one, a bare `b` takes all the rest. */
export interface StorageMap {
  identity: boolean;
  entries: Record<string, string>;
  default?: string;
}

/** Reads a `targetstorage` parameter (PVE::JSONSchema::parse_idmap). */
export function parseStorageMap(parameter: string, text: string): StorageMap {
  const map: StorageMap = { identity: false, entries: {} };
  for (const entry of splitList(text)) {
    if (entry === "1") map.identity = true;
    else if (entry.includes(":")) {
      const [source = "", target = ""] = entry.split(":");
      map.entries[source] = target;
    } else if (map.default === undefined) map.default = entry;
    else {
      throw badParameters({
        [parameter]: "failed to parse storage map: map must not contain multiple default entries\n",
      });
    }
  }
  return map;
}

/** The storage on the target for a volume on `storage`. A shared one is the same everywhere. */
export function targetStorage(
  site: Site,
  node: string,
  storage: string,
  map: StorageMap | undefined,
): string {
  if (map === undefined || site.storages.isShared(site.storages.config(node, storage))) {
    return storage;
  }
  return map.entries[storage] ?? map.default ?? storage;
}

/** Refuses unless `target` may use the storage at all (storage_check_enabled). */
export function requireEnabled(site: Site, node: string, storage: string, target: string): void {
  const config = site.storages.config(node, storage);
  if (config.disable === "1") throw die(`storage '${storage}' is disabled`);
  if (!site.storages.enabledOn(config, target)) {
    throw die(`storage '${storage}' is not available on node '${target}'`);
  }
}

/** Refuses unless the storage of every volume and CD is there on the target as well. */
export function requireStorages(site: Site, guest: Guest, target: string): void {
  for (const { volid, kind } of volumesIn(guest.type, guest.config)) {
    if (kind !== "volume") continue;
    const storage = storageIn(volid);
    requireEnabled(site, guest.node, storage, guest.node);
    requireEnabled(site, guest.node, storage, target);
    requireContent(site, guest, volid, storage);
  }
}

/** Refuses a volume on a storage that does not take its kind. */
export function requireContent(site: Site, guest: Guest, volid: string, storage: string): void {
  const { name } = parseVolumeId(volid);
  const disk = guest.type === "qemu" ? "images" : "rootdir";
  const kind = name.startsWith("iso/") ? "iso" : disk;
  if (contentOf(site.storages.config(guest.node, storage)).includes(kind)) return;
  throw die(
    guest.type === "qemu"
      ? `${volid}: content type '${kind}' is not available on storage '${storage}'`
      : `content type 'rootdir' is not available on storage '${storage}'`,
  );
}
