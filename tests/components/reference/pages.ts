import { join } from "node:path";
import { stackFileJsonSchema } from "../../../components/reference/jsonSchema";
import { renderReference } from "../../../components/reference/markdown";
import { ROOT } from "../support/site";

/** What is written from the schemas: file → its whole text. */
export function pages(): Record<string, string> {
  const schema = stackFileJsonSchema();
  return {
    [join(ROOT, "docs/site.schema.json")]: `${JSON.stringify(schema, null, 2)}\n`,
    [join(ROOT, "docs/reference.md")]: renderReference(schema),
  };
}
