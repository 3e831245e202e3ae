import { followMoves } from "./moves";
import { lookAtSite } from "./preflight/look";
import { preflight } from "./preflight/preflight";
import { silentNodes } from "./reboots";
import { resume } from "./resume";
import { ensureStack, type Stack } from "./stack";

/** Everything that a run of pulumi up or destroy needs first; what is in its way is thrown. */
export async function begin(stack: Stack, { destroy = false }): Promise<void> {
  const allAnswer = (await silentNodes(stack)).length === 0;
  // A node that was told to reboot is waited for there.
  if (!allAnswer) await resume(stack);
  const seen = lookAtSite(stack, { destroy });
  // The hosts are looked at meanwhile; what is wrong with that is told in its turn.
  seen.catch(() => {});
  if (allAnswer) await resume(stack);
  await ensureStack(stack);
  await followMoves(stack, await preflight(stack, { destroy, seen }));
}
