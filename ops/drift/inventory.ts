import type { ResourceState } from "../pulumi";
import type { Finding } from "./findings";

/** What is in the cluster besides what nobody can see: ids, with a name or a few words where they tell more. */
export interface Inventory {
  guests: Entry[];
  storages: Entry[];
  backupJobs: Entry[];
  haResources: Entry[];
  haRules: Entry[];
}

export interface Entry {
  id: string;
  words?: string;
}

interface Kind {
  /** Before the id: what the file calls such a thing when it says that it stays as it is. */
  prefix: string;
  type: RegExp;
  idOf(inputs: Record<string, unknown>): unknown;
  remove(id: string): string;
}

const KINDS: Record<keyof Inventory, Kind> = {
  guests: {
    prefix: "guest",
    type: /^proxmoxve:.*(Vm|Container)(Legacy)?$/,
    idOf: ({ vmId }) => vmId,
    remove: () => "remove it in the web interface",
  },
  storages: {
    prefix: "storage",
    type: /^proxmoxve:storage\//,
    idOf: ({ resourceId }) => resourceId,
    remove: (id) => `pvesm remove ${id}, which leaves its files`,
  },
  backupJobs: {
    prefix: "backup",
    type: /^proxmoxve:backup\/job:/,
    idOf: ({ resourceId }) => resourceId,
    remove: (id) => `pvesh delete /cluster/backup/${id}`,
  },
  haResources: {
    prefix: "ha",
    type: /:Haresource$/,
    idOf: ({ resourceId }) => resourceId,
    remove: (id) => `ha-manager remove ${id}`,
  },
  haRules: {
    prefix: "rule",
    type: /:Ha(rule|group)$/,
    idOf: ({ rule, group }) => rule ?? group,
    remove: (id) => `ha-manager rules remove ${id} (Proxmox VE 8: groupremove)`,
  },
};

/** Storages that Proxmox VE's installer makes. */
const INSTALLED = ["local", "local-lvm", "local-zfs", "local-btrfs"];

/** What is there, and neither the stack's nor named in `accepted`, by ids as in `guest/900`. */
export function unmanaged(
  found: Inventory,
  resources: ResourceState[],
  accepted: ReadonlySet<string>,
): Finding[] {
  return (Object.keys(KINDS) as (keyof Inventory)[]).flatMap((name) => {
    const { prefix, type, idOf, remove } = KINDS[name];
    const ours = new Set(
      resources.flatMap((resource) =>
        type.test(resource.type) ? [resource.id ?? "", String(idOf(resource.inputs ?? {}))] : [],
      ),
    );
    if (name === "storages") INSTALLED.forEach((id) => ours.add(id));
    return found[name]
      .filter(({ id }) => !ours.has(id) && !accepted.has(`${prefix}/${id}`))
      .map(({ id, words }): Finding => ({
        kind: "unmanaged",
        resource: `${prefix}/${id}`,
        what: `${words === undefined ? "it" : words} is in the cluster, and not in the stack`,
        remedy: `describe it in the site file, or ${remove(id)}; if it is to stay as it is, say so under proxmox-ha:unmanaged`,
      }));
  });
}
