import { digestOf } from "../../guests/config";
import type { Site } from "../../site";
import type { StorageConfig } from "../../state/types";
import { contentOf, nodesOf } from "../../storage/types";
import { hasVolumeAccess, requireVolumeAccess } from "../../storage/volumeAccess";
import {
  describeVolume,
  findVolume,
  free,
  parseVolumeId,
  parseVolumeName,
  volumePath,
} from "../../storage/volumes";
import type { Call, Caller, Endpoint, Permissions } from "../endpoint";
import { badParameters, die, type PveError } from "../errors";
import { splitList } from "../formats";
import {
  choice,
  flag,
  optional,
  propertyString,
  PRUNE,
  type Schema,
  standard,
  text,
  whole,
} from "../schema";

const allocate: Permissions = { check: ["perm", "/storage", ["Datastore.Allocate"]] };
const see: Permissions = {
  check: ["perm", "/storage/{storage}", ["Datastore.Audit", "Datastore.AllocateSpace"], { any: 1 }],
};
const storage = standard.storage;

const changeable: Record<string, Schema> = {
  bwlimit: optional(text()),
  content: optional(text({ format: "pve-storage-content-list" })),
  "content-dirs": optional(text()),
  "create-base-path": optional(flag()),
  "create-subdirs": optional(flag()),
  disable: optional(flag()),
  format: optional(choice("raw", "qcow2", "subvol", "vmdk")),
  "max-protected-backups": optional(whole(-1)),
  mkdir: optional(flag()),
  nodes: optional(text({ format: "pve-node-list" })),
  options: optional(text({ pattern: "\\S+" })),
  preallocation: optional(choice("off", "metadata", "falloc", "full")),
  "prune-backups": optional(propertyString(PRUNE)),
  shared: optional(flag()),
};
const fixed: Record<string, Schema> = {
  export: optional(text()),
  path: optional(text()),
  server: optional(text()),
  "snapshot-as-volume-chain": optional(flag()),
  thinpool: optional(text()),
  vgname: optional(text()),
};

const BOOLEANS = [
  "create-base-path",
  "create-subdirs",
  "disable",
  "mkdir",
  "shared",
  "snapshot-as-volume-chain",
];

/** Storage definitions (storage.cfg), and storages and their content as a node sees them. */
export const storageEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/storage",
    parameters: { type: optional(text()) },
    permissions: { user: "all" },
    handle: ({ site, node, caller, params }) =>
      Object.entries(site.storages.definitions(node))
        .filter(([id]) => maySee(site, node, caller, id))
        .filter(([, config]) => params.type === undefined || config.type === params.type)
        .map(([id, config]) => describeStorage(site, node, id, config)),
  },
  {
    method: "POST",
    path: "/storage",
    parameters: { storage, type: choice("dir", "nfs", "lvmthin"), ...fixed, ...changeable },
    permissions: allocate,
    handle: (call) => {
      const { storage: id, ...fields } = call.params;
      const config = call.site.storages.create(call.node, String(id), fields);
      return { storage: id, type: config.type };
    },
  },
  {
    method: "GET",
    path: "/storage/{storage}",
    parameters: { storage },
    permissions: { check: ["perm", "/storage/{storage}", ["Datastore.Allocate"]] },
    handle: ({ site, node, params }) => {
      const id = String(params.storage);
      return describeStorage(site, node, id, site.storages.config(node, id));
    },
  },
  {
    method: "PUT",
    path: "/storage/{storage}",
    parameters: {
      storage,
      delete: optional(text({ maxLength: 4096 })),
      digest: standard.digest,
      // Fixed for every type that the lab has, which its answer says.
      server: fixed.server ?? text(),
      "snapshot-as-volume-chain": optional(flag()),
      ...changeable,
    },
    permissions: allocate,
    handle: (call) => {
      const { storage: id, delete: removed, digest, ...fields } = call.params;
      const config = call.site.storages.update(
        call.node,
        String(id),
        fields,
        splitList(String(removed ?? "")),
        digest === undefined ? undefined : String(digest),
      );
      return { storage: id, type: config.type };
    },
  },
  {
    method: "DELETE",
    path: "/storage/{storage}",
    parameters: { storage },
    permissions: allocate,
    handle: (call) => {
      call.site.storages.remove(call.node, String(call.params.storage));
      return null;
    },
  },
  {
    method: "GET",
    path: "/nodes/{node}/storage",
    parameters: {
      node: standard.node,
      content: optional(text()),
      enabled: optional(flag()),
      format: optional(flag()),
      storage: optional(storage),
      target: optional(standard.node),
    },
    permissions: { user: "all" },
    proxyto: "node",
    handle: listOnNode,
  },
  {
    method: "GET",
    path: "/nodes/{node}/storage/{storage}/status",
    parameters: { node: standard.node, storage, content: optional(text()) },
    permissions: see,
    proxyto: "node",
    handle: ({ site, node, params }) => {
      const id = String(params.storage);
      if (!shown(site, node, id, params.content)) throw noSuchStorage();
      const { storage: _id, used_fraction: _used, ...status } = describeOnNode(site, node, id);
      return status;
    },
  },
  {
    method: "GET",
    path: "/nodes/{node}/storage/{storage}/content",
    parameters: {
      node: standard.node,
      storage,
      content: optional(text({ format: "pve-storage-content" })),
      vmid: optional(standard.vmid),
    },
    permissions: see,
    proxyto: "node",
    handle: ({ site, node, caller, params }) => {
      const id = String(params.storage);
      const config = site.storages.requireUsable(node, id);
      return site.storages
        .volumes(node, id)
        .filter((volume) => contentOf(config).includes(volume.content))
        .filter((volume) => params.content === undefined || volume.content === params.content)
        .filter((volume) => params.vmid === undefined || volume.vmid === params.vmid)
        .filter(({ name }) => hasVolumeAccess(site, node, caller, `${id}:${name}`))
        .map((volume) => describeVolume(id, volume))
        .sort((a, b) => compareNames(String(a.volid), String(b.volid)));
    },
  },
  {
    method: "GET",
    path: "/nodes/{node}/storage/{storage}/content/{volume}",
    parameters: { node: standard.node, storage, volume: text() },
    permissions: { user: "all" },
    proxyto: "node",
    handle: (call) => {
      const { site, node, caller } = call;
      const { volid, id, name } = volumeIn(call);
      requireVolumeAccess(site, node, caller, volid);
      const config = site.storages.requireUsable(node, id);
      const { files } = site.storages.type(config);
      const named = { name, content: parseVolumeName(files, name).content };
      const path = volumePath(id, config, named);
      const volume = findVolume(site, node, volid);
      if (!volume) {
        throw die(
          files
            ? `volume_size_info on '${volid}' failed - no format`
            : `can't get size of '${path}'`,
        );
      }
      return { path, format: volume.format, size: volume.size, used: volume.size };
    },
  },
  {
    method: "DELETE",
    path: "/nodes/{node}/storage/{storage}/content/{volume}",
    parameters: {
      node: standard.node,
      storage,
      volume: text(),
      delay: optional(whole(1, 30)),
    },
    permissions: { user: "all" },
    proxyto: "node",
    handle: deleteVolume,
  },
];

function deleteVolume(call: Call): string | null {
  const { site, node, caller, params } = call;
  const { volid, id, name } = volumeIn(call);
  const { files } = site.storages.type(site.storages.config(node, id));
  const { content, vmid } = parseVolumeName(files, name);
  const path = `/storage/${id}`;
  if (content === "backup" && vmid !== undefined) {
    site.access.require(node, caller, path, ["Datastore.AllocateSpace"]);
    site.access.require(node, caller, `/vms/${vmid}`, ["VM.Backup"]);
  } else {
    site.access.require(node, caller, path, ["Datastore.Allocate"]);
  }
  const taskId = vmid === undefined ? id : `${vmid}@${id}`;
  const upid = site.tasks.start(node, "imgdel", taskId, caller.name, (log) => {
    const config = site.storages.requireUsable(node, id);
    if (!findVolume(site, node, volid)) {
      const file = volumePath(id, config, { name, content });
      // Of a file that is missing PVE only says so; lvremove fails.
      if (!files) throw die(`Failed to find logical volume "${config.vgname}/${name}"`);
      log.info(`disk image '${file}' does not exist`);
    }
    free(site, node, volid);
    log.info(`Removed volume '${volid}'`);
  });
  const end = site.tasks.find(node, upid)?.exitstatus;
  if (params.delay === undefined || end === undefined) return upid;
  if (end !== "OK") throw die(end);
  return null;
}

/** A volume may be named with or without its storage, which must be the one in the path. */
function volumeIn({ params }: Call): { volid: string; id: string; name: string } {
  const volume = String(params.volume);
  const id = String(params.storage);
  if (!volume.includes(":")) return { volid: `${id}:${volume}`, id, name: volume };
  const { storage: named, name } = parseVolumeId(volume);
  if (named !== id) throw die(`storage ID mismatch (${named} != ${id})`);
  return { volid: volume, id, name };
}

/** Without a wish for content, storages that this node cannot use are listed too, as not enabled. */
function listOnNode({ site, node, caller, params }: Call): Record<string, unknown>[] {
  const { storage: wanted, content, enabled, target } = params;
  const { storages } = site;
  if (wanted !== undefined && !shown(site, node, String(wanted), content)) throw noSuchStorage();
  return Object.entries(storages.definitions(node))
    .filter(([id]) => wanted === undefined || id === wanted)
    .filter(([id]) => maySee(site, node, caller, id))
    .filter(([id]) => shown(site, node, id, content))
    .filter(([, config]) => enabled !== 1 || config.disable !== "1")
    .filter(([, config]) => {
      if (target === undefined || target === node) return true;
      const both = [node, String(target)].every((name) => nodesOf(config)?.includes(name) ?? true);
      return storages.isShared(config) && both;
    })
    .map(([id]) => describeOnNode(site, node, id));
}

function shown(site: Site, node: string, id: string, content: unknown): boolean {
  const definitions = site.storages.definitions(node);
  const config = Object.hasOwn(definitions, id) ? definitions[id] : undefined;
  if (!config || content === undefined) return config !== undefined;
  const held = contentOf(config);
  return (
    site.storages.enabledOn(config, node) &&
    splitList(String(content)).some((kind) => held.includes(kind))
  );
}

function noSuchStorage(): PveError {
  return badParameters({ storage: "No such storage." });
}

function maySee(site: Site, node: string, caller: Caller, id: string): boolean {
  const path = `/storage/${id}`;
  return ["Datastore.Audit", "Datastore.AllocateSpace"].some((privilege) =>
    site.access.holds(node, caller, path, privilege),
  );
}

function compareNames(a: string, b: string): number {
  const [left, right] = [a.toLowerCase(), b.toLowerCase()];
  return left < right ? -1 : left > right ? 1 : 0;
}

function describeStorage(
  site: Site,
  node: string,
  id: string,
  config: StorageConfig,
): Record<string, unknown> {
  const entries = Object.entries(config).map(([key, value]) => [
    key,
    BOOLEANS.includes(key) || key === "max-protected-backups" ? Number(value) : value,
  ]);
  const described: Record<string, unknown> = { storage: id, ...Object.fromEntries(entries) };
  if (config.type === "nfs") described.path ??= `/mnt/pve/${id}`;
  described.content = contentOf(config).join(",");
  if (site.storages.isShared(config)) described.shared = 1;
  // That of the whole file.
  described.digest = digestOf(site.storages.definitions(node));
  return described;
}

function describeOnNode(site: Site, node: string, id: string): Record<string, unknown> {
  const config = site.storages.config(node, id);
  const enabled = site.storages.enabledOn(config, node);
  const { active, total, used } = enabled
    ? site.storages.status(node, id)
    : { active: false, total: 0, used: 0 };
  return {
    storage: id,
    type: config.type,
    content: contentOf(config).join(","),
    active: active ? 1 : 0,
    enabled: enabled ? 1 : 0,
    shared: site.storages.isShared(config) ? 1 : 0,
    total,
    used,
    avail: total - used,
    used_fraction: total === 0 ? 0 : used / total,
  };
}
