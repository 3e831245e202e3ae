import type { Section } from "../state/settings";
import { die } from "./errors";
import { declarationOf, type Parameters } from "./schema";
import type { Values } from "./verify";

/** Which keys an entry of one type may have (PVE::SectionConfig, `options`). */
export interface SectionType {
  required?: readonly string[];
  /** Never changed after the entry was made. */
  fixed?: readonly string[];
  optional: readonly string[];
}

/** A new entry, if every key belongs to its type and none that it needs is missing. */
export function newSection(type: string, keys: SectionType, fields: Values): Section {
  const section = withoutEmpty({ type, ...checked(keys, fields) });
  const missing = keys.required?.find((key) => fields[key] === undefined);
  if (missing !== undefined) throw die(`missing value for required option '${missing}'`);
  return section;
}

/** The entry with some keys changed and others removed. */
export function changedSection(
  section: Section,
  keys: SectionType,
  fields: Values,
  remove: readonly string[],
): Section {
  for (const key of Object.keys(fields)) {
    if (keys.fixed?.includes(key)) throw die(`can't change value of fixed parameter '${key}'`);
  }
  const changed = withoutEmpty({ ...section, ...checked(keys, fields) });
  for (const key of remove) {
    if (keys.fixed?.includes(key)) {
      const optional = keys.optional.includes(key);
      throw die(`unable to delete ${optional ? "fixed" : "required"} option '${key}'`);
    }
    if (keys.required?.includes(key)) throw die(`unable to delete required option '${key}'`);
    if (!keys.optional.includes(key)) throw die(`no such option '${key}'`);
    delete changed[key];
  }
  return changed;
}

/** Numbers and booleans bare, as PVE::SectionConfig reads them. */
export function describeSection(
  section: Record<string, string>,
  declared: Parameters,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(section).map(([key, value]) => {
      const type = declarationOf(declared, key)?.type;
      const bare = type === "integer" || type === "number" || type === "boolean";
      return [key, bare ? Number(value) : value];
    }),
  );
}

/** An empty value is written, but no longer there when the file is read. */
function withoutEmpty(section: Section): Section {
  const kept = Object.entries(section).filter(([key, value]) => key === "type" || value !== "");
  return { type: section.type, ...Object.fromEntries(kept) };
}

function checked(keys: SectionType, fields: Values): Record<string, string> {
  const known = [...(keys.required ?? []), ...(keys.fixed ?? []), ...keys.optional];
  for (const [key, value] of Object.entries(fields)) {
    if (!known.includes(key)) throw die(`unexpected property '${key}'`);
    if (/[\n\r]/.test(String(value))) throw die("property contains a line feed");
  }
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, String(value)]));
}
