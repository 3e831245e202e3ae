import { OpsError } from "./errors";
import { leftOverProcesses, stopProcesses } from "./leftovers";
import { clearDeadLock } from "./locks";
import { settlePending } from "./pending";
import { exportState, importState } from "./pulumi";

/**
 * After a run that was killed: its lock, its processes, and creates of which nobody knows how they ended. Does nothing
 * when there is nothing to do, so `make up` calls it every time.
 */
export async function resume(stack: string): Promise<void> {
  for (const line of clearDeadLock(stack)) say(line);
  const left = leftOverProcesses();
  if (left.length > 0) {
    await stopProcesses(left);
    say(
      `ended ${left.length} process(es) that a killed run had left behind: ${left.map(({ name }) => name).join(", ")}`,
    );
  }
  const state = exportState(stack);
  const pending = state?.deployment.pending_operations ?? [];
  if (!state || pending.length === 0) return;
  const { checkpoint, notes, unsettled } = await settlePending(stack, state);
  if (unsettled.length > 0) {
    throw new OpsError(
      `A run was cut short, and it is not clear what became of:\n${unsettled.map((line) => `  ${line}`).join("\n")}`,
    );
  }
  importState(stack, checkpoint);
  for (const note of notes) say(note);
}

function say(text: string): void {
  process.stdout.write(`resume: ${text}\n`);
}
