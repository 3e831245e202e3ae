/**
 * Parameter declarations in the dialect of PVE::JSONSchema, so that they can be compared with the schema Proxmox
 * publishes. `optional: 1`, not `true`, for the same reason.
 */
export interface Schema {
  type: "string" | "integer" | "number" | "boolean" | "object" | "array" | "null";
  optional?: 1;
  description?: string;
  enum?: readonly string[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  default?: string | number;
  /** A named format (`formats.ts`) or, as an object, a property string. */
  format?: string | Properties;
  items?: Schema;
  properties?: Properties;
}

export interface PropertySchema extends Schema {
  /** The one key of a property string that may stand without its name. */
  default_key?: 1;
  /** Another name of the same key. */
  alias?: string;
  /** Beside `alias`: the key that gets this one's name as its value. */
  keyAlias?: string;
}

export type Properties = Record<string, PropertySchema>;

/** A declared parameter set; keys such as `scsi[n]` stand for `scsi0`, `scsi1`, … */
export type Parameters = Record<string, Schema>;

export const optional = <T extends Schema>(schema: T): T & { optional: 1 } => ({
  ...schema,
  optional: 1,
});

export const text = (more: Partial<Schema> = {}): Schema => ({ type: "string", ...more });
export const flag = (more: Partial<Schema> = {}): Schema => ({ type: "boolean", ...more });
export const whole = (minimum?: number, maximum?: number): Schema => ({
  type: "integer",
  ...(minimum === undefined ? {} : { minimum }),
  ...(maximum === undefined ? {} : { maximum }),
});
export const choice = (...values: string[]): Schema => ({ type: "string", enum: values });
export const propertyString = (properties: Properties): Schema => ({
  type: "string",
  format: properties,
});

/** How many backups to keep (PVE::Storage::Plugin, prune-backups). */
export const PRUNE: Properties = {
  "keep-all": optional(flag()),
  "keep-last": optional(whole(0)),
  "keep-hourly": optional(whole(0)),
  "keep-daily": optional(whole(0)),
  "keep-weekly": optional(whole(0)),
  "keep-monthly": optional(whole(0)),
  "keep-yearly": optional(whole(0)),
};

/** Common parameters, named as in PVE::JSONSchema::get_standard_option. */
export const standard = {
  node: text({ format: "pve-node" }),
  vmid: { type: "integer", format: "pve-vmid", minimum: 100, maximum: 999_999_999 },
  storage: text({ format: "pve-storage-id" }),
  userid: text({ format: "pve-userid", maxLength: 64 }),
  tokenid: text({ pattern: "(?:[A-Za-z][A-Za-z0-9\\.\\-_]+)" }),
  digest: optional(text({ maxLength: 64 })),
  upid: text(),
} as const satisfies Record<string, Schema>;

/** The declaration that covers `name`: itself, or the numbered one (`net0` → `net[n]`). */
export function declarationOf(parameters: Parameters, name: string): Schema | undefined {
  if (Object.hasOwn(parameters, name)) return parameters[name];
  const numbered = /^([a-z]+)(\d+)$/.exec(name);
  return numbered ? parameters[`${numbered[1]}[n]`] : undefined;
}
