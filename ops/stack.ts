import { ROOT } from "../toolchain/launcher/root";
import { readStackFile } from "../toolchain/launcher/stackFile";
import { OpsError } from "./errors";
import { exportState, pulumi } from "./pulumi";

/** Makes the stack of a lab if it is missing. A real site's stack is made by its team, in the team's backend. */
export async function ensureStack(stack: string): Promise<void> {
  if (await exportState(stack)) return;
  if (!readStackFile(ROOT, stack).lab) {
    throw new OpsError(
      `Stack ${stack} is not in your backend yet. Choose the backend (PULUMI_BACKEND_URL or pulumi login) and make it: ` +
        `pulumi stack init ${stack}`,
    );
  }
  await pulumi(stack, ["stack", "init", stack]);
}

/** After `pulumi destroy`: what it never touches. */
export function remains(stack: string): void {
  const { clusterName, nodes } = readStackFile(ROOT, stack);
  const names = nodes.map(({ name }) => name).join(", ");
  process.stdout.write(
    `Removed: guests with their disks, HA, backup jobs, storage definitions, the automation's token, user and role.\n` +
      `Left as it is: the cluster ${clusterName} (${names}) with its QDevice and SSH trust, and the files on the NAS, ` +
      `backups and templates among them. The next pulumi up finds all of that and goes on from there.\n`,
  );
}
