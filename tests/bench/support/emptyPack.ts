import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Sandbox } from "../../e2e/support/sandbox";

const PROGRAM = `import { PolicyPack } from "@pulumi/policy";
new PolicyPack("empty", { policies: [] });
`;

/** A policy pack without a policy: what CrossGuard takes whatever is judged. Returns its folder. */
export function emptyPack({ root }: Sandbox): string {
  const folder = join(root, "policy/empty");
  mkdirSync(folder);
  writeFileSync(join(folder, "index.ts"), PROGRAM);
  writeFileSync(join(folder, "PulumiPolicy.yaml"), "runtime: nodejs\n");
  writeFileSync(join(folder, "package.json"), '{ "main": "index.ts", "version": "0.0.0" }\n');
  return folder;
}
