import type { Properties, PropertySchema } from "./schema";

/**
 * Property strings such as `virtio=BC:…,bridge=vmbr0` (PVE::JSONSchema::parse_property_string). Blank parts are
 * skipped; a part without `=` belongs to the default key; an alias is stored under its real name, and with a
 * `keyAlias` its own name becomes a value: `virtio=MAC` means `model=virtio,macaddr=MAC`.
 */
export function parsePropertyString(value: string, properties: Properties): Record<string, string> {
  const result: Record<string, string> = {};
  const duplicate = (key: string): Error =>
    new Error(`duplicate key in comma-separated list property: ${key}`);
  for (const part of value.split(",")) {
    if (/^\s*$/.test(part)) continue;
    const pair = /^([^=]+)=(.+)$/s.exec(part);
    if (pair) {
      const [, key = "", content = ""] = pair;
      if (Object.hasOwn(result, key)) throw duplicate(key);
      const name = resolveAlias(key, result, properties);
      const schema = propertyOf(name, properties);
      if (!schema) throw new Error(`invalid key in comma-separated list property: ${name}`);
      result[name] = normalized(schema, content);
    } else if (part.includes("=")) {
      throw new Error("missing key in comma-separated list property");
    } else {
      const name = defaultKey(properties);
      const schema = name === undefined ? undefined : propertyOf(name, properties);
      if (name === undefined || !schema) {
        throw new Error("value without key, but schema does not define a default key");
      }
      if (Object.hasOwn(result, name)) throw duplicate(name);
      result[name] = normalized(schema, part);
    }
  }
  return result;
}

/** Prints as PVE does: the default key first and bare, then required keys, then the rest sorted. */
export function printPropertyString(
  values: Record<string, string | undefined>,
  properties: Properties,
): string {
  const rest = { ...values };
  const parts: string[] = [];
  const first = defaultKey(properties);
  if (first !== undefined && rest[first] !== undefined) {
    const partner = combinedWith(first, properties);
    const combined = partner === undefined ? undefined : rest[partner];
    parts.push(combined === undefined ? String(rest[first]) : `${rest[first]}=${combined}`);
    if (combined !== undefined && partner !== undefined) delete rest[partner];
    delete rest[first];
  }
  const rank = (key: string): string => (properties[key]?.optional ? `1${key}` : `0${key}`);
  const keys = Object.keys(rest)
    .filter((key) => rest[key] !== undefined)
    .sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  return [...parts, ...keys.map((key) => `${key}=${rest[key]}`)].join(",");
}

function defaultKey(properties: Properties): string | undefined {
  return Object.keys(properties).find((key) => properties[key]?.default_key);
}

/** The key whose value is printed together with that of `key`, as in `model=macaddr`. */
function combinedWith(key: string, properties: Properties): string | undefined {
  return Object.values(properties).find((schema) => schema.keyAlias === key)?.alias;
}

function resolveAlias(key: string, result: Record<string, string>, properties: Properties): string {
  const schema = propertyOf(key, properties);
  if (schema?.alias === undefined) return key;
  if (schema.keyAlias !== undefined) {
    if (Object.hasOwn(result, schema.keyAlias)) {
      throw new Error(`key alias '${schema.keyAlias}' is already defined`);
    }
    result[schema.keyAlias] = key;
  }
  if (Object.hasOwn(result, schema.alias)) {
    throw new Error(`key '${schema.alias}' is already defined (via alias)`);
  }
  return schema.alias;
}

function propertyOf(key: string, properties: Properties): PropertySchema | undefined {
  return Object.hasOwn(properties, key) ? properties[key] : undefined;
}

/** Inside a property string, other than in a parameter of its own, a boolean may be a word. */
function normalized(schema: PropertySchema, value: string): string {
  if (schema.type !== "boolean") return value;
  if (/^(1|on|yes|true)$/i.test(value)) return "1";
  if (/^(0|off|no|false)$/i.test(value)) return "0";
  return value;
}
