import type { JsonSchema } from "../../../../components/reference/jsonSchema";

/** A schema inside another one, with the keys that lead to what it describes. */
export interface Part {
  path: string;
  schema: JsonSchema;
  /** How it stands in the schema around it. */
  as: "whole" | "key" | "entry" | "item" | "alternative";
}

/** Every schema in a schema, from the top down. */
export function partsOf(schema: JsonSchema, path = "", as: Part["as"] = "whole"): Part[] {
  const inside = (part: unknown, key: string, role: Part["as"]): Part[] =>
    typeof part === "object" && part !== null
      ? partsOf(part as JsonSchema, key === "" ? path : `${path}/${key}`, role)
      : [];
  const keys = { ...schema.properties, ...schema.patternProperties };
  return [
    { path, schema, as },
    ...Object.entries(keys).flatMap(([key, part]) => inside(part, key, "key")),
    ...inside(schema.additionalProperties, "*", "entry"),
    ...inside(schema.items, "-", "item"),
    ...[...(schema.oneOf ?? []), ...(schema.anyOf ?? [])].flatMap((part) =>
      inside(part, "", "alternative"),
    ),
  ];
}
