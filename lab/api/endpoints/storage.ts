import { digestOf } from "../../guests/config";
import type { Site } from "../../site";
import type { StorageConfig } from "../../state/types";
import { contentOf } from "../../storage/types";
import { describeVolume, free, requireVolume, volumePath } from "../../storage/volumes";
import type { Call, Endpoint, Permissions } from "../endpoint";
import { die } from "../errors";
import { splitList } from "../formats";
import { choice, flag, optional, type Schema, standard, text, whole } from "../schema";

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
  "prune-backups": optional(text()),
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
    handle: ({ site, node, params }) =>
      Object.entries(site.storages.definitions(node))
        .filter(([, config]) => params.type === undefined || config.type === params.type)
        .map(([id, config]) => describeStorage(site, id, config)),
  },
  {
    method: "POST",
    path: "/storage",
    parameters: { storage, type: choice("dir", "nfs", "lvmthin"), ...fixed, ...changeable },
    permissions: allocate,
    handle: (call) => {
      requireConfigLock(call);
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
      return describeStorage(site, id, site.storages.config(node, id));
    },
  },
  {
    method: "PUT",
    path: "/storage/{storage}",
    parameters: {
      storage,
      delete: optional(text({ maxLength: 4096 })),
      digest: standard.digest,
      ...changeable,
    },
    permissions: allocate,
    handle: (call) => {
      requireConfigLock(call);
      const { storage: id, delete: removed, digest: _digest, ...fields } = call.params;
      const remove = splitList(String(removed ?? ""));
      const config = call.site.storages.update(call.node, String(id), fields, remove);
      return { storage: id, type: config.type };
    },
  },
  {
    method: "DELETE",
    path: "/storage/{storage}",
    parameters: { storage },
    permissions: allocate,
    handle: (call) => {
      requireConfigLock(call);
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
    handle: ({ site, node, caller, params }) =>
      site.storages
        .usableOn(node)
        .filter((id) => params.storage === undefined || id === params.storage)
        .filter((id) => site.access.holds(node, caller, `/storage/${id}`, "Datastore.Audit"))
        .map((id) => describeOnNode(site, node, id))
        .filter(({ content }) => offers(String(content), params.content)),
  },
  {
    method: "GET",
    path: "/nodes/{node}/storage/{storage}/status",
    parameters: { node: standard.node, storage },
    permissions: see,
    proxyto: "node",
    handle: ({ site, node, params }) => {
      const {
        storage: _id,
        used_fraction: _used,
        ...status
      } = describeOnNode(site, node, String(params.storage));
      return status;
    },
  },
  {
    method: "GET",
    path: "/nodes/{node}/storage/{storage}/content",
    parameters: {
      node: standard.node,
      storage,
      content: optional(text()),
      vmid: optional(standard.vmid),
    },
    permissions: { user: "all" },
    proxyto: "node",
    handle: (call) => {
      const { site, node, caller, params } = call;
      const id = String(params.storage);
      site.access.require(
        node,
        caller,
        `/storage/${id}`,
        ["Datastore.Audit", "Datastore.AllocateSpace"],
        true,
      );
      site.storages.requireUsable(node, id);
      return site.storages
        .volumes(node, id)
        .filter((volume) => params.content === undefined || volume.content === params.content)
        .filter((volume) => params.vmid === undefined || volume.vmid === params.vmid)
        .map((volume) => describeVolume(id, volume));
    },
  },
  {
    method: "GET",
    path: "/nodes/{node}/storage/{storage}/content/{volume}",
    parameters: { node: standard.node, storage, volume: text() },
    permissions: { user: "all" },
    proxyto: "node",
    handle: (call) => {
      const { site, node, caller, params } = call;
      const volid = fullVolumeId(call);
      const id = volid.split(":")[0] ?? "";
      site.access.require(
        node,
        caller,
        `/storage/${id}`,
        ["Datastore.Audit", "Datastore.AllocateSpace"],
        true,
      );
      const volume = requireVolume(site, node, volid);
      const path = volumePath(String(params.storage), site.storages.config(node, id), volume);
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
    handle: (call) => {
      const { site, node, caller } = call;
      const volid = fullVolumeId(call);
      const id = volid.split(":")[0] ?? "";
      site.access.require(node, caller, `/storage/${id}`, ["Datastore.Allocate"]);
      requireVolume(site, node, volid);
      return site.tasks.start(node, "imgdel", volid.replace(/:/g, "@"), caller.name, () =>
        free(site, node, volid),
      );
    },
  },
];

/** A volume may be named with or without its storage. */
function fullVolumeId({ params }: Call): string {
  const volume = String(params.volume);
  return volume.includes(":") ? volume : `${params.storage}:${volume}`;
}

function requireConfigLock({ site, node }: Call): void {
  if (!site.quorum.isQuorate(node)) throw die("cfs-lock 'file-storage_cfg' error: no quorum!");
}

function offers(content: string, wanted: unknown): boolean {
  return splitList(String(wanted ?? "")).every((kind) => content.split(",").includes(kind));
}

function describeStorage(site: Site, id: string, config: StorageConfig): Record<string, unknown> {
  const entries = Object.entries(config).map(([key, value]) => [
    key,
    BOOLEANS.includes(key) || key === "max-protected-backups" ? Number(value) : value,
  ]);
  const described: Record<string, unknown> = { storage: id, ...Object.fromEntries(entries) };
  if (config.type === "nfs") described.path ??= `/mnt/pve/${id}`;
  described.content = contentOf(config).join(",");
  if (site.storages.isShared(config)) described.shared = 1;
  described.digest = digestOf(site.storages.type(config).files ? described : { ...described, id });
  return described;
}

function describeOnNode(site: Site, node: string, id: string): Record<string, unknown> {
  const config = site.storages.config(node, id);
  const { active, total, used } = site.storages.status(node, id);
  return {
    storage: id,
    type: config.type,
    content: contentOf(config).join(","),
    active: active ? 1 : 0,
    enabled: 1,
    shared: site.storages.isShared(config) ? 1 : 0,
    total,
    used,
    avail: total - used,
    used_fraction: total === 0 ? 0 : used / total,
  };
}
