import { ROOT } from "../toolchain/launcher/root";
import { readStackFile } from "../toolchain/launcher/stackFile";
import { OpsError } from "./errors";
import { exportState, pulumi } from "./pulumi";

/** The stack that a command works on. */
export interface Stack {
  /** As it is given: `dev`, or `organization/project/prod`. */
  name: string;
  /** The clone. */
  root: string;
}

/** Throws one sentence when no file here describes the stack. */
export function findStack(name: string, root = ROOT): Stack {
  readStackFile(root, name);
  return { name, root };
}

/** Makes the stack of a lab if it is missing. A real site's stack is made by its team, in the team's backend. */
export async function ensureStack(stack: Stack): Promise<void> {
  if (await exportState(stack)) return;
  if (!readStackFile(stack.root, stack.name).lab) {
    throw new OpsError(
      `Stack ${stack.name} is not in your backend yet. Choose the backend (PULUMI_BACKEND_URL or pulumi login) and make it: ` +
        `pulumi stack init ${stack.name}`,
    );
  }
  await pulumi(stack, ["stack", "init", stack.name]);
}
