import type { Properties } from "./schema";

/**
 * Property strings such as `virtio=BC:…,bridge=vmbr0` (PVE::JSONSchema::parse_property_string). Blank parts are
 * skipped; a part without `=` belongs to the default key; an alias is stored under its real name.
 */
export function parsePropertyString(value: string, properties: Properties): Record<string, string> {
  const result: Record<string, string> = {};
  for (const part of value.split(",")) {
    if (/^\s*$/.test(part)) continue;
    const pair = /^([^=]+)=(.*)$/s.exec(part);
    const [name, content] = pair
      ? resolveAlias(pair[1] ?? "", pair[2] ?? "", properties)
      : [defaultKey(properties), part];
    if (name === undefined)
      throw new Error(`value without key, but schema does not define a default key`);
    if (!Object.hasOwn(properties, name)) {
      throw new Error(
        `invalid format - format error\n${name}: property is not defined in schema and the schema does not allow additional properties\n`,
      );
    }
    if (Object.hasOwn(result, name)) {
      throw new Error(`duplicate key in comma-separated list property: ${name}`);
    }
    result[name] = content;
  }
  return result;
}

/** Prints as PVE does: the default key first and bare, then required keys, then the rest sorted. */
export function printPropertyString(
  values: Record<string, string | undefined>,
  properties: Properties,
): string {
  const fallback = defaultKey(properties);
  const rank = (key: string): string => (properties[key]?.optional ? `1${key}` : `0${key}`);
  const keys = Object.keys(values)
    .filter((key) => values[key] !== undefined && key !== fallback)
    .sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  const parts = keys.map((key) => `${key}=${values[key]}`);
  if (fallback !== undefined && values[fallback] !== undefined) {
    parts.unshift(String(values[fallback]));
  }
  return parts.join(",");
}

function defaultKey(properties: Properties): string | undefined {
  return Object.keys(properties).find((key) => properties[key]?.default_key);
}

/** A network card's `virtio=MAC` means `model=virtio,macaddr=MAC`: PVE's keyAlias, told by two aliases. */
function resolveAlias(name: string, content: string, properties: Properties): [string, string] {
  const alias = properties[name]?.alias;
  return alias === undefined ? [name, content] : [alias, content];
}
