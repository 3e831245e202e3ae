import { readFileSync } from "node:fs";
import { join } from "node:path";
import { renderCoverage } from "../../../components/reference/coverage";
import { stackFileJsonSchema } from "../../../components/reference/jsonSchema";
import { renderReference } from "../../../components/reference/markdown";
import { policiesSchema } from "../../../policy/settings/schema";
import { ROOT } from "../support/site";
import { withLevels } from "./levels";
import { withRootOnly } from "./rootOnly";

/** What is written from the schemas and the rules: file → its whole text. */
export function pages(): Record<string, string> {
  const schema = stackFileJsonSchema(policiesSchema);
  const policies = join(ROOT, "docs/policies.md");
  const configuration = join(ROOT, "docs/configuration.md");
  return {
    [join(ROOT, "docs/site.schema.json")]: `${JSON.stringify(schema, null, 2)}\n`,
    [join(ROOT, "docs/coverage.md")]: renderCoverage(),
    [join(ROOT, "docs/reference.md")]: renderReference(schema),
    [policies]: withLevels(readFileSync(policies, "utf8")),
    [configuration]: withRootOnly(readFileSync(configuration, "utf8")),
  };
}
