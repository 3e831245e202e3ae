import { posix } from "node:path";
import { die, PveError } from "../api/errors";
import { splitList } from "../api/formats";
import type { Values } from "../api/verify";
import type { StorageConfig } from "../state/types";
import { STORAGE_TYPES, type StorageType, TYPE_NAMES } from "./types";

/** What the plugin of a type makes of the parameters of POST /storage (PVE::SectionConfig::check_config). */
export function newDefinition(id: string, params: Values): StorageConfig {
  const { type: name = "", ...fields } = asText(params);
  const type = STORAGE_TYPES[name];
  if (!type && TYPE_NAMES.includes(name)) {
    throw new PveError(501, `storages of type '${name}' are not implemented`);
  }
  if (!type) throw die(`unknown section type '${name}'`);
  if (fields.nodes === "") delete fields.nodes;
  for (const key of type.sensitive ?? []) delete fields[key];
  // The default of a mount point is written down when the storage is made.
  if (name === "nfs" || name === "cifs") fields.path ??= `/mnt/pve/${id}`;
  const allowed = [...type.required, ...type.fixed, ...type.optional];
  const unexpected = Object.keys(fields).find((key) => !allowed.includes(key));
  if (unexpected !== undefined) throw die(`unexpected property '${unexpected}'`);
  const missing = type.required.find((key) => fields[key] === undefined);
  if (missing !== undefined) throw die(`missing value for required option '${missing}'`);
  if (name === "dir") fields.path = directoryOf(fields.path ?? "");
  return { type: name, ...normalized(type, fields) };
}

/** PUT /storage/ID: sets `params`, removes `remove`, or says why not and changes nothing. */
export function changeDefinition(
  config: StorageConfig,
  type: StorageType,
  params: Values,
  remove: string[],
): void {
  const fields = asText(params);
  for (const key of type.sensitive ?? []) delete fields[key];
  for (const key of Object.keys(fields)) {
    if (type.fixed.includes(key)) throw die(`can't change value of fixed parameter '${key}'`);
    if (!type.optional.includes(key)) throw die(`unexpected property '${key}'`);
  }
  const gone = remove.filter((key) => !type.sensitive?.includes(key));
  for (const key of gone) requireDeletable(type, key, fields);
  const changed = normalized(type, fields);
  for (const key of gone) delete config[key];
  Object.assign(config, changed);
}

function directoryOf(path: string): string {
  if (!/^\/[-/a-zA-Z0-9_.@]+$/.test(path)) {
    throw die(`illegal path for directory storage: ${path}`);
  }
  return posix.normalize(path).replace(/(.)\/+$/, "$1");
}

/** Lists as storage.cfg keeps them: each entry once, and nothing that the type cannot hold. */
function normalized(type: StorageType, fields: Record<string, string>): Record<string, string> {
  const result = { ...fields };
  if (fields.content !== undefined) result.content = contentList(type, fields.content);
  if (fields.nodes !== undefined) {
    result.nodes = [...new Set(splitList(fields.nodes))].join(",");
  }
  return result;
}

function contentList(type: StorageType, wanted: string): string {
  const content = [...new Set(splitList(wanted).filter((kind) => type.content.includes(kind)))];
  if (content.includes("none") && content.length > 1) {
    throw die("unable to combine 'none' with other content types");
  }
  if (content.length === 0 && !type.content.includes("none")) {
    throw die("storage does not support content type 'none'");
  }
  return content.join(",");
}

function requireDeletable(type: StorageType, key: string, fields: Record<string, string>): void {
  if (![...type.required, ...type.fixed, ...type.optional].includes(key)) {
    throw die(`no such option '${key}'`);
  }
  if (type.required.includes(key)) throw die(`unable to delete required option '${key}'`);
  if (type.fixed.includes(key)) throw die(`unable to delete fixed option '${key}'`);
  if (fields[key] !== undefined) {
    throw die(`cannot set and delete property '${key}' at the same time!`);
  }
}

function asText(params: Values): Record<string, string> {
  return Object.fromEntries(Object.entries(params).map(([key, value]) => [key, String(value)]));
}
