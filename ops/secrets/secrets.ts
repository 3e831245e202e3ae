import { OpsError } from "../errors";
import { exportState } from "../pulumi";
import type { Stack } from "../stack";
import { findPlainSecrets } from "./find";

/** Throws where the stack's state has a secret in plain text. It is exported as anybody would who may read it. */
export async function checkSecrets(stack: Stack): Promise<void> {
  const state = await exportState(stack);
  if (!state)
    throw new OpsError(`Stack ${stack.name} has no state yet: there is nothing to look at.`);
  const { resources = [], pending_operations: pending = [] } = state.deployment;
  const all = [...resources, ...pending.map(({ resource }) => resource)];
  const found = findPlainSecrets(all);
  if (found.length === 0) {
    process.stdout.write(
      `No secret stands in plain text in the state of stack ${stack.name}: ${all.length} resources looked at.\n`,
    );
    return;
  }
  const lines = found.map(({ urn, path, what }) => {
    const [type, name] = urn.split("::").slice(2);
    return `  ${name} (${(type ?? "").split("$").at(-1)}): ${path} looks like ${what}`;
  });
  const count = found.length === 1 ? "1 value stands" : `${found.length} values stand`;
  throw new OpsError(
    `${count} in plain text in the state of stack ${stack.name}, for everybody who may read it:\n` +
      `${lines.join("\n")}\n` +
      "Make each of them a secret in the program (pulumi.secret, config.requireSecret, additionalSecretOutputs) and run " +
      "pulumi up. What was once readable there is to be changed as well: older states keep it.",
  );
}
