import { badParameters } from "./errors";
import { formatProblem } from "./formats";
import { PROPERTY_FORMATS } from "./propertyFormats";
import { parsePropertyString } from "./propertyString";
import { declarationOf, type Parameters, type Properties, type Schema } from "./schema";

export type RawParameters = Record<string, string | string[]>;
export type Value = string | number;
/** Checked parameters: integers and numbers as numbers, booleans as 0 or 1, the rest as text. */
export type Values = Record<string, Value>;

const UNKNOWN =
  "property is not defined in schema and the schema does not allow additional properties";
const MISSING = "property is missing and it is not optional";

/**
 * Checks a request's parameters as PVE::JSONSchema::validate does, all problems at once. A repeated key becomes a
 * comma list where the declaration is a list, as pveproxy does it.
 */
export function verifyParameters(declared: Parameters, raw: RawParameters): Values {
  const values: Values = {};
  const errors: Record<string, string> = {};
  for (const [name, given] of Object.entries(raw)) {
    const schema = declarationOf(declared, name);
    if (!schema) {
      errors[name] = UNKNOWN;
      continue;
    }
    const joined = Array.isArray(given) ? joinList(schema, given) : given;
    const problem =
      joined === undefined
        ? `type check ('${schema.type}') failed - got ARRAY`
        : problemOf(schema, joined, name);
    if (problem !== undefined) errors[name] = problem;
    else if (joined !== undefined) values[name] = isNumeric(schema) ? Number(joined) : joined;
  }
  for (const name of missing(declared, raw)) errors[name] = MISSING;
  if (Object.keys(errors).length > 0) throw badParameters(errors);
  return values;
}

function joinList(schema: Schema, given: string[]): string | undefined {
  const isList = typeof schema.format === "string" && schema.format.endsWith("-list");
  return isList || schema.type === "array" ? given.join(",") : undefined;
}

function missing(declared: Parameters, given: object): string[] {
  return Object.entries(declared)
    .filter(([name, schema]) => !schema.optional && !name.endsWith("[n]") && !isAlias(schema))
    .map(([name]) => name)
    .filter((name) => !Object.hasOwn(given, name));
}

/** What is wrong with one value, in the order in which PVE looks; `path` names it inside error texts. */
function problemOf(schema: Schema, value: string, path: string): string | undefined {
  return (
    typeProblem(schema, value) ??
    shapeProblem(schema, value, path) ??
    rangeProblem(schema, value) ??
    (schema.enum && !schema.enum.includes(value)
      ? `value '${value}' does not have a value in the enumeration '${schema.enum.join(", ")}'`
      : undefined)
  );
}

function typeProblem({ type }: Schema, value: string): string | undefined {
  const failed = `type check ('${type}') failed - got '${value}'`;
  switch (type) {
    case "boolean":
      return /^[01]$/.test(value) ? undefined : failed;
    case "integer":
      return /^[+-]?\d+$/.test(value) ? undefined : failed;
    case "number":
      return /^[+-]?(\d+\.\d*|\.\d+|\d+)([eE][+-]?\d+)?$/.test(value) ? undefined : failed;
    case "string":
    case "array":
      return undefined;
    case "object":
    case "null":
      return `type check ('${type}') failed`;
    default: {
      const never: never = type;
      return never;
    }
  }
}

function shapeProblem(schema: Schema, value: string, path: string): string | undefined {
  const { format } = schema;
  const properties = typeof format === "string" ? PROPERTY_FORMATS[format] : format;
  const problem =
    properties !== undefined
      ? propertyStringProblem(properties, value, path)
      : typeof format === "string"
        ? formatProblem(format, value)
        : undefined;
  if (problem !== undefined) return problem;
  if (schema.pattern !== undefined && !new RegExp(`^(?:${schema.pattern})$`).test(value)) {
    return "value does not match the regex pattern";
  }
  if (schema.maxLength !== undefined && value.length > schema.maxLength) {
    return `value may only be ${schema.maxLength} characters long`;
  }
  if (schema.minLength !== undefined && value.length < schema.minLength) {
    return `value must be at least ${schema.minLength} characters long`;
  }
  return undefined;
}

function rangeProblem(schema: Schema, value: string): string | undefined {
  if (!isNumeric(schema)) return undefined;
  if (schema.maximum !== undefined && Number(value) > schema.maximum) {
    return `value must have a maximum value of ${schema.maximum}`;
  }
  if (schema.minimum !== undefined && Number(value) < schema.minimum) {
    return `value must have a minimum value of ${schema.minimum}`;
  }
  return undefined;
}

/** Keys of a property string are named with the parameter in front: `net0.model`. */
function propertyStringProblem(
  properties: Properties,
  value: string,
  path: string,
): string | undefined {
  let parts: Record<string, string>;
  try {
    parts = parsePropertyString(value, properties);
  } catch (error) {
    return `invalid format - ${(error as Error).message}\n`;
  }
  const lines = Object.entries(parts).flatMap(([key, part]) => {
    const schema = properties[key];
    const problem = schema && problemOf(schema, part, `${path}.${key}`);
    return problem === undefined ? [] : [`${path}.${key}: ${problem}\n`];
  });
  lines.push(...missing(properties, parts).map((key) => `${path}.${key}: ${MISSING}\n`));
  return lines.length === 0 ? undefined : `invalid format - format error\n${lines.join("")}`;
}

function isNumeric({ type }: Schema): boolean {
  return type === "integer" || type === "number" || type === "boolean";
}

function isAlias(schema: Schema): boolean {
  return "alias" in schema;
}
