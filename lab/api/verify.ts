import { badParameters } from "./errors";
import { formatProblem } from "./formats";
import { parsePropertyString } from "./propertyString";
import { declarationOf, type Parameters, type Schema } from "./schema";

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
    if (joined === undefined) {
      errors[name] = `type check ('${schema.type}') failed - got 'ARRAY'`;
      continue;
    }
    const [value, problem] = convert(schema, joined);
    if (problem !== undefined) errors[name] = problem;
    else if (value !== undefined) values[name] = value;
  }
  for (const [name, schema] of Object.entries(declared)) {
    if (schema.optional || name.endsWith("[n]") || Object.hasOwn(raw, name)) continue;
    errors[name] = MISSING;
  }
  if (Object.keys(errors).length > 0) throw badParameters(errors);
  return values;
}

function joinList(schema: Schema, given: string[]): string | undefined {
  const isList = typeof schema.format === "string" && schema.format.endsWith("-list");
  return isList || schema.type === "array" ? given.join(",") : undefined;
}

function convert(schema: Schema, given: string): [Value | undefined, string | undefined] {
  switch (schema.type) {
    case "boolean":
      if (/^(1|on|yes|true)$/i.test(given)) return [1, undefined];
      if (/^(0|off|no|false)$/i.test(given)) return [0, undefined];
      return [undefined, `type check ('boolean') failed - got '${given}'`];
    case "integer":
    case "number":
      return convertNumber(schema, schema.type, given);
    case "string":
    case "array":
      return [given, textProblem(schema, given)];
    case "object":
    case "null":
      return [undefined, `type check ('${schema.type}') failed`];
    default: {
      const never: never = schema.type;
      return never;
    }
  }
}

function convertNumber(
  schema: Schema,
  type: "integer" | "number",
  given: string,
): [Value | undefined, string | undefined] {
  const pattern = type === "integer" ? /^[+-]?\d+$/ : /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/;
  // Go prints large floats as 2e+06; Perl takes them for integers too.
  if (!pattern.test(given) && !Number.isInteger(Number(given || "x"))) {
    return [undefined, `type check ('${type}') failed - got '${given}'`];
  }
  const value = Number(given);
  if (schema.minimum !== undefined && value < schema.minimum) {
    return [undefined, `value must have a minimum value of ${schema.minimum}`];
  }
  if (schema.maximum !== undefined && value > schema.maximum) {
    return [undefined, `value must have a maximum value of ${schema.maximum}`];
  }
  return [value, undefined];
}

function textProblem(schema: Schema, given: string): string | undefined {
  if (schema.enum && !schema.enum.includes(given)) {
    return `value '${given}' does not have a value in the enumeration '${schema.enum.join(", ")}'`;
  }
  if (schema.maxLength !== undefined && given.length > schema.maxLength) {
    return `value may only be ${schema.maxLength} characters long`;
  }
  if (schema.minLength !== undefined && given.length < schema.minLength) {
    return `value must be at least ${schema.minLength} characters long`;
  }
  if (schema.pattern !== undefined && !new RegExp(`^${schema.pattern}$`).test(given)) {
    return "value does not match the regex pattern";
  }
  if (typeof schema.format === "string") return formatProblem(schema.format, given);
  if (schema.format === undefined) return undefined;
  try {
    const parts = parsePropertyString(given, schema.format);
    verifyParameters(withoutAliases(schema.format), parts);
    return undefined;
  } catch (error) {
    return propertyStringProblem(error);
  }
}

function withoutAliases(properties: Parameters): Parameters {
  return Object.fromEntries(
    Object.entries(properties).filter(([, schema]) => !("alias" in schema)),
  );
}

function propertyStringProblem(error: unknown): string {
  const errors = (error as { errors?: Record<string, string> }).errors;
  if (!errors) return `invalid format - ${(error as Error).message}\n`;
  const lines = Object.entries(errors).map(([key, message]) => `${key}: ${message}\n`);
  return `invalid format - format error\n${lines.join("")}`;
}
