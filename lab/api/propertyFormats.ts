import { flag, optional, type Properties, PRUNE, text, whole } from "./schema";

/** Where a backup keeps what guests overwrite meanwhile. */
export const FLEECING: Properties = {
  enabled: { ...optional(flag()), default_key: 1 },
  storage: optional(text({ format: "pve-storage-id" })),
};

export const PERFORMANCE: Properties = {
  "max-workers": optional(whole(1, 256)),
  "pbs-entries-max": optional(whole(1)),
};

/** Property strings that PVE::JSONSchema knows by name. */
export const PROPERTY_FORMATS: Record<string, Properties> = {
  "backup-fleecing": FLEECING,
  "backup-performance": PERFORMANCE,
  "prune-backups": PRUNE,
};
