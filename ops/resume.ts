import { OpsError } from "./errors";
import { leftOverProcesses, stopProcesses } from "./leftovers";
import { clearDeadLock } from "./locks";
import { settle } from "./pending";
import { exportState, importState, lastUpdateSucceeded } from "./pulumi";
import { awaitReboots } from "./reboots";
import { removeTornAttributes } from "./sidecars";
import type { Stack } from "./stack";

/**
 * After a run that was cut short: its lock, its processes, and creates of which nobody knows how they ended. Does
 * nothing when there is nothing to do, so `make up` calls it every time.
 */
export async function resume(stack: Stack): Promise<void> {
  for (const line of clearDeadLock(stack)) say(line);
  for (const line of removeTornAttributes(stack)) say(line);
  const left = leftOverProcesses(stack.root);
  if (left.length > 0) {
    await stopProcesses(left);
    const names = left.map(({ name }) => name).join(", ");
    say(`ended what a killed run had left behind: ${names}`);
  }
  const [state, succeeded] = await Promise.all([exportState(stack), lastUpdateSucceeded(stack)]);
  if (!state) return;
  await awaitReboots(stack, state, say);
  const pending = state.deployment.pending_operations ?? [];
  if (pending.length === 0 && succeeded) return;
  const { checkpoint, notes, unsettled } = await settle(stack, state, !succeeded);
  if (unsettled.length > 0) {
    const lines = unsettled.map((line) => `  ${line}`).join("\n");
    throw new OpsError(`A run was cut short, and it is not clear what became of:\n${lines}`);
  }
  const changed = checkpoint.deployment.resources?.length !== state.deployment.resources?.length;
  if (pending.length > 0 || changed) await importState(stack, checkpoint);
  for (const note of notes) say(note);
}

function say(text: string): void {
  process.stdout.write(`resume: ${text}\n`);
}
