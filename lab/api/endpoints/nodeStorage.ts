import type { Site } from "../../site";
import { contentOf, nodesOf, STORAGE_TYPES } from "../../storage/types";
import type { Call, Caller, Endpoint, Permissions } from "../endpoint";
import { badParameters, type PveError } from "../errors";
import { splitList } from "../formats";
import { flag, optional, standard, text } from "../schema";

export const see: Permissions = {
  check: ["perm", "/storage/{storage}", ["Datastore.Audit", "Datastore.AllocateSpace"], { any: 1 }],
};

/** Storages as a node sees them. */
export const nodeStorageEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/nodes/{node}/storage",
    returns: "array",
    parameters: {
      node: standard.node,
      content: optional(text({ format: "pve-storage-content-list" })),
      enabled: optional(flag()),
      format: optional(flag()),
      storage: optional(standard.storage),
      target: optional(standard.node),
    },
    permissions: { user: "all" },
    proxyto: "node",
    handle: listOnNode,
  },
  {
    method: "GET",
    path: "/nodes/{node}/storage/{storage}/status",
    returns: "object",
    parameters: { node: standard.node, storage: standard.storage },
    permissions: see,
    proxyto: "node",
    handle: ({ site, node, params }) => {
      const id = String(params.storage);
      if (!shown(site, node, id, undefined)) throw noSuchStorage();
      const { storage: _id, used_fraction: _used, ...status } = describeOnNode(site, node, id);
      return status;
    },
  },
];

/** Without a wish for content, storages that this node cannot use are listed too, as not enabled. */
function listOnNode({ site, node, caller, params }: Call): Record<string, unknown>[] {
  const { storage: wanted, content, enabled, format, target } = params;
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
    .map(([id, config]) => ({
      ...describeOnNode(site, node, id),
      ...(format === 1 && storages.enabledOn(config, node) ? formatsOf(config.type) : {}),
    }));
}

/** The formats of new disks; `format` is how older clients read them. */
function formatsOf(type: string): Record<string, unknown> {
  const supported = [...(STORAGE_TYPES[type]?.formats ?? [])].sort();
  return {
    formats: { supported, default: "raw" },
    format: [Object.fromEntries(supported.map((name) => [name, 1])), "raw"],
  };
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

export function maySee(site: Site, node: string, caller: Caller, id: string): boolean {
  const path = `/storage/${id}`;
  return ["Datastore.Audit", "Datastore.AllocateSpace"].some((privilege) =>
    site.access.holds(node, caller, path, privilege),
  );
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
