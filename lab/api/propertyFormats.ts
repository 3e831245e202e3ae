import { choice, flag, optional, type Properties, PRUNE, text, whole } from "./schema";

/** Where a backup keeps what guests overwrite meanwhile. */
export const FLEECING: Properties = {
  enabled: { ...optional(flag()), default_key: 1 },
  storage: optional(text({ format: "pve-storage-id" })),
};

export const PERFORMANCE: Properties = {
  "max-workers": optional(whole(1, 256)),
  "pbs-entries-max": optional(whole(1)),
};

/** What a sync of a realm does (PVE::Auth::Plugin, realm-sync-options). */
export const SYNC_OPTIONS = {
  "enable-new": optional(flag()),
  full: optional(flag()),
  purge: optional(flag()),
  "remove-vanished": optional(
    text({ pattern: "(?:(?:(?:acl|properties|entry);)*(?:acl|properties|entry))|none" }),
  ),
  scope: optional(choice("users", "groups", "both")),
} satisfies Properties;

/** A realm's demand for a second factor (PVE::Auth::Plugin, pve-tfa-config). */
export const REALM_FACTOR = {
  type: choice("yubico", "oath"),
  id: optional(text()),
  key: optional(text()),
  url: optional(text()),
  digits: optional(whole(6, 8)),
  step: optional(whole(10)),
} satisfies Properties;

/** Property strings that PVE::JSONSchema knows by name. */
export const PROPERTY_FORMATS: Record<string, Properties> = {
  "backup-fleecing": FLEECING,
  "backup-performance": PERFORMANCE,
  "prune-backups": PRUNE,
  "pve-tfa-config": REALM_FACTOR,
  "realm-sync-options": SYNC_OPTIONS,
};
