import { inner, type JsonSchema } from "./jsonSchema";
import { code } from "./yamlValue";

/** A mapping with keys of its own: one section of the page. */
interface Section {
  title: string;
  /** What the titles of mappings inside begin with. */
  path: string;
  schema: JsonSchema;
  /** The other types of the same entry. */
  others?: JsonSchema[];
}

const INTRODUCTION = `<!-- Written by npm run reference, from the schemas. -->

# Configuration reference

Every key that may stand in \`Pulumi.<stack>.yaml\`, from the same source as the checks of a run and as
[site.schema.json](site.schema.json), by which editors complete and check the file. What belongs together is explained in
[configuration.md](configuration.md).

"needed" stands where there is no default and the key cannot be left out; "–" where a key that is left out has no effect.
`;

/** The reference of a stack file as a page of Markdown: a section for each mapping, a line for each key. */
export function renderReference(schema: JsonSchema): string {
  const sections = sectionsOf({ title: "Stack file", path: "", schema }).map(renderSection);
  // Guests of both types have the same HA.
  return [INTRODUCTION, ...new Set(sections)].join("\n");
}

function sectionsOf(section: Section): Section[] {
  return [section, ...keysOf(section).flatMap(({ inside }) => inside.flatMap(sectionsOf))];
}

interface Key {
  name: string;
  schema: JsonSchema;
  needed: boolean;
  inside: Section[];
}

function keysOf({ path, schema, others: siblings = [] }: Section): Key[] {
  const differs = (name: string): boolean =>
    siblings.some((other) => {
      const theirs = other.properties?.[name];
      return theirs && JSON.stringify(theirs) !== JSON.stringify(schema.properties?.[name]);
    });
  const ownTitle = (name: string, section: Section): Section =>
    differs(name) ? { ...section, title: `${section.title} (${typeOf(schema)})` } : section;
  const listed = Object.entries(schema.properties ?? {}).map(([name, value]) => ({
    name,
    schema: inner(value),
    needed: schema.required?.includes(name) ?? false,
    inside: mappingsIn(inner(value), pathOf(path, name)).map((section) => ownTitle(name, section)),
  }));
  const others = Object.entries(schema.patternProperties ?? {}).map(([pattern, value]) => ({
    name: `${/[\w-]+:/.exec(pattern)?.[0] ?? ""}NAME`,
    schema: inner(value),
    needed: false,
    inside: [],
  }));
  return [...listed, ...others];
}

/** Paths begin at the site, as they do in messages. */
function pathOf(path: string, key: string): string {
  return ["", "config", "proxmox-ha:site"].includes(path) ? key : `${path}.${key}`;
}

/** The sections that describe what stands under a key: its own, that of its entries, or one for each type of them. */
function mappingsIn(schema: JsonSchema, path: string): Section[] {
  if (schema.properties) return [{ title: path, path, schema }];
  if (schema.oneOf) {
    return schema.oneOf.map((one, _index, all) => ({
      title: `${path} (${typeOf(one)})`,
      path,
      schema: one,
      others: all.filter((other) => other !== one),
    }));
  }
  if (isRecord(schema)) return mappingsIn(inner(schema.additionalProperties), `${path}.NAME`);
  return schema.type === "array" ? mappingsIn(inner(schema.items as JsonSchema), `${path}[]`) : [];
}

const typeOf = (schema: JsonSchema): string =>
  `type: ${String(inner(schema.properties?.type).const)}`;

const isRecord = (schema: JsonSchema): boolean => typeof schema.additionalProperties === "object";

function renderSection(section: Section): string {
  const rows = keysOf(section).map((key) => {
    const value = key.inside.length > 0 ? linksTo(key) : valueOf(key.schema);
    const left = key.needed ? "needed" : defaultOf(key.schema);
    return [`\`${key.name}\``, value, left, meaningOf(key.schema, value)];
  });
  const lines = [["Key", "Value", "Default", "Meaning"], ["---", "---", "---", "---"], ...rows];
  const table = lines.map((cells) => `| ${cells.map(cell).join(" | ")} |`);
  return [`## ${section.title}`, "", section.schema.description ?? "", "", ...table, ""].join("\n");
}

const cell = (text: string): string => text.replaceAll("|", "\\|");

function linksTo({ schema, inside }: Key): string {
  const links = inside.map(({ title }) => `[${title}](#${anchor(title)})`).join(" or ");
  if (isRecord(schema)) return `for each name: ${links}`;
  return schema.type === "array" ? `list of: ${links}` : links;
}

/** As GitHub makes it from a heading. */
const anchor = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\w -]/g, "")
    .replaceAll(" ", "-");

/** What may stand there, in words. */
function valueOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum) return schema.enum.map(code).join(", ");
  if (schema.anyOf) return schema.anyOf.map(valueOf).join(", or ");
  switch (schema.type) {
    case "boolean":
      return "`true`, `false`";
    case "integer":
      return `whole number${limitsOf(schema)}`;
    case "number":
      return `number${limitsOf(schema)}`;
    case "string":
      return textOf(schema);
    case "array":
      return `list of: ${valueOf(inner(schema.items as JsonSchema))}`;
    case "object":
      return isRecord(schema)
        ? `for each name: ${valueOf(inner(schema.additionalProperties))}`
        : Object.keys(schema.properties ?? {})
            .map((key) => `${code(`${key}:`)} …`)
            .join(", ");
    default:
      return "anything";
  }
}

function textOf({ patternErrorMessage, maxLength }: JsonSchema): string {
  const words = typeof patternErrorMessage === "string" ? patternErrorMessage : "text";
  const form = words.replace(/^(write|use|name) /, "");
  if (maxLength === undefined) return form;
  return `${form.replace(/, \d+ characters at most$/, "")}, ${maxLength} characters at most`;
}

function limitsOf({ minimum, exclusiveMinimum, maximum }: JsonSchema): string {
  const least = typeof exclusiveMinimum === "number" ? exclusiveMinimum + 1 : minimum;
  if (least === undefined) return "";
  return maximum === undefined ? `, ${least} or more` : `, ${least} to ${maximum}`;
}

function defaultOf({ default: value }: JsonSchema): string {
  return value === undefined ? "–" : code(value);
}

/** The description, with examples that the form does not show already. */
function meaningOf({ description = "", examples = [] }: JsonSchema, value: string): string {
  const shown = (examples as unknown[]).filter((example) => !value.includes(String(example)));
  return shown.length === 0 ? description : `${description} Example: ${shown.map(code).join(", ")}`;
}
