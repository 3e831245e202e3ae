import { prune, pruneList, retentionFor } from "../../backup/retention";
import type { Call, Endpoint } from "../endpoint";
import { choice, optional, type Parameters, standard, text } from "../schema";
import { see } from "./nodeStorage";
import { requireRetention } from "./storageFields";

const path = "/nodes/{node}/storage/{storage}/prunebackups";
const parameters: Parameters = {
  node: standard.node,
  storage: standard.storage,
  "prune-backups": optional(text({ format: "prune-backups" })),
  type: optional(choice("qemu", "lxc")),
  vmid: optional(standard.vmid),
};

/** What a retention would remove, and its removal. */
export const pruneEndpoints: Endpoint[] = [
  {
    method: "GET",
    path,
    returns: "array",
    parameters,
    permissions: see,
    proxyto: "node",
    handle: (call) => {
      const { site, node } = call;
      const { id, retention, only } = wantedOf(call);
      site.storages.requireUsable(node, id);
      return pruneList(site, node, id, retention, only);
    },
  },
  {
    method: "DELETE",
    path,
    returns: "string",
    parameters,
    permissions: { user: "all" },
    proxyto: "node",
    handle: (call) => {
      const { site, node, caller, params } = call;
      const id = String(params.storage);
      if (params.vmid === undefined) {
        site.access.require(node, caller, `/storage/${id}`, ["Datastore.Allocate"]);
      } else {
        site.access.require(node, caller, `/storage/${id}`, ["Datastore.AllocateSpace"]);
        site.access.require(node, caller, `/vms/${params.vmid}`, ["VM.Backup"]);
      }
      const task = params.vmid === undefined ? id : `${params.vmid}@${id}`;
      return site.tasks.start(node, "prunebackups", task, caller.name, (log) => {
        const { retention, only } = wantedOf(call);
        prune(site, node, id, retention, only, (line) => log.info(line));
      });
    },
  },
];

function wantedOf({ site, node, params }: Call) {
  requireRetention(params);
  const id = String(params.storage);
  const { vmid, type, "prune-backups": given } = params;
  const retention = retentionFor(site, node, id, given === undefined ? undefined : String(given));
  const only = {
    ...(vmid === undefined ? {} : { vmid: Number(vmid) }),
    ...(type === undefined ? {} : { type: String(type) }),
  };
  return { id, retention, only };
}
