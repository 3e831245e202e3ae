import type { Site } from "../site";
import { contentOf } from "../storage/types";

/** What `cluster/resources` and pools say of a storage on one node; sizes in bytes. */
export function storageResource(
  site: Site,
  asking: string,
  node: string,
  id: string,
): Record<string, unknown> {
  const config = site.storages.config(node, id);
  const { active, total, used } = site.storages.status(node, id);
  return {
    id: `storage/${node}/${id}`,
    type: "storage",
    node,
    storage: id,
    plugintype: config.type,
    content: contentOf(config).join(","),
    shared: site.storages.isShared(config) ? 1 : 0,
    status: site.isOnline(asking, node) && active ? "available" : "unknown",
    maxdisk: total,
    disk: used,
  };
}
