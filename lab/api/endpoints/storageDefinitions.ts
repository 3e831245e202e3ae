import { digestOf } from "../../guests/config";
import type { Site } from "../../site";
import type { StorageConfig } from "../../state/types";
import { contentOf, pathOf, TYPE_NAMES } from "../../storage/types";
import type { Endpoint, Permissions } from "../endpoint";
import { splitList } from "../formats";
import { choice, declarationOf, optional, standard, text } from "../schema";
import { maySee } from "./nodeStorage";
import { CHANGEABLE, FIXED, requireRetention } from "./storageFields";

const allocate: Permissions = { check: ["perm", "/storage", ["Datastore.Allocate"]] };
const storage = standard.storage;

/** Storage definitions (storage.cfg). */
export const storageDefinitionEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/storage",
    returns: "array",
    parameters: { type: optional(choice(...TYPE_NAMES)) },
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
    returns: "object",
    parameters: { storage, type: choice(...TYPE_NAMES), ...FIXED, ...CHANGEABLE },
    permissions: allocate,
    handle: (call) => {
      const { storage: id, ...fields } = call.params;
      requireRetention(fields);
      const config = call.site.storages.create(call.node, String(id), fields);
      return { storage: id, type: config.type };
    },
  },
  {
    method: "GET",
    path: "/storage/{storage}",
    returns: "object",
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
    returns: "object",
    parameters: {
      storage,
      delete: optional(text({ format: "pve-configid-list", maxLength: 4096 })),
      digest: standard.digest,
      ...CHANGEABLE,
    },
    permissions: allocate,
    handle: (call) => {
      const { storage: id, delete: removed, digest, ...fields } = call.params;
      requireRetention(fields);
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
    returns: "null",
    parameters: { storage },
    permissions: allocate,
    handle: (call) => {
      call.site.storages.remove(call.node, String(call.params.storage));
      return null;
    },
  },
];

const FIELDS = { ...FIXED, ...CHANGEABLE };

function describeStorage(
  site: Site,
  node: string,
  id: string,
  config: StorageConfig,
): Record<string, unknown> {
  const entries = Object.entries(config).map(([key, value]) => {
    const type = declarationOf(FIELDS, key)?.type;
    return [key, type === "boolean" || type === "integer" ? Number(value) : value];
  });
  const described: Record<string, unknown> = { storage: id, ...Object.fromEntries(entries) };
  if (config.type === "nfs" || config.type === "cifs") described.path = pathOf(id, config);
  described.content = contentOf(config).join(",");
  if (site.storages.isShared(config)) described.shared = 1;
  // That of the whole file.
  described.digest = digestOf(site.storages.definitions(node));
  return described;
}
