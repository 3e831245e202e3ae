import { z } from "zod";
import { nearest } from "./nearest";

/** A mistake: where, as `exceptions[0].until`; what stands there; and what to write instead. */
export interface Problem {
  path: string;
  message: string;
}

type Path = readonly PropertyKey[];

/** A schema's issues in the operator's words, each unknown key by itself. */
export function explain(issue: z.core.$ZodIssue, input: unknown, schema: z.ZodType): Problem[] {
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(
      z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }),
      issue.path,
    );
    return issue.keys.map((key) => {
      const near = nearest(key, known);
      const remedy = near === undefined ? "take it out" : `did you mean ${near}?`;
      return { path: written([...issue.path, key]), message: `nothing has this name; ${remedy}` };
    });
  }
  const value = valueAt(input, issue.path);
  if (issue.code === "invalid_union") {
    const [ofText = [], ofMapping = []] = issue.errors;
    return (isMapping(value) ? ofMapping : ofText).flatMap((inner) =>
      explain({ ...inner, path: [...issue.path, ...inner.path] }, input, schema),
    );
  }
  const message = `${value === undefined ? "missing" : shown(value)}; ${remedyFor(issue, value)}`;
  return [{ path: written(issue.path), message }];
}

function remedyFor(issue: z.core.$ZodIssue, value: unknown): string {
  switch (issue.code) {
    case "invalid_type":
      // The schema may have words of its own.
      if (!issue.message.startsWith("Invalid ")) return issue.message;
      return typeof value === "string" && /^(true|false|\d+)$/.test(value)
        ? `write it without quotes: ${value}`
        : (TYPES[issue.expected] ?? "write a mapping, as in { name: value }");
    case "invalid_value":
      return choice(issue.values.map(String), String(value));
    case "too_small":
      return issue.origin === "string" ? "write some words" : `write ${issue.minimum} or more`;
    case "too_big":
      return `write ${issue.maximum} or less`;
    default:
      return issue.message.startsWith("Invalid ")
        ? "docs/policies.md says how it is written"
        : issue.message;
  }
}

const TYPES: Record<string, string> = {
  string: "write text",
  number: "write a number",
  int: "write a whole number",
  boolean: "write true or false",
  array: "write a list, as in [one, two]",
};

function choice(values: string[], value: string): string {
  return values.length < 6
    ? `write one of ${values.join(", ")}`
    : `did you mean ${nearest(value, values)}?`;
}

/** `exceptions[0].until`. */
function written(path: Path): string {
  return path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`))
    .join("")
    .replace(/^\./, "");
}

function valueAt(input: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown> | null | undefined)?.[key],
    input,
  );
}

/** The keys that a mapping may have. */
function keysAt(schema: z.core.JSONSchema.BaseSchema, path: Path): string[] {
  const [key, ...rest] = path;
  const mapping = schema.anyOf?.find(({ type }) => type === "object") ?? schema;
  if (key === undefined) return Object.keys(mapping.properties ?? {});
  const inner = typeof key === "number" ? schema.items : mapping.properties?.[String(key)];
  return isMapping(inner) ? keysAt(inner, rest) : [];
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Lists and mappings by what they are. */
function shown(value: unknown): string {
  if (value === null || value === "") return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
