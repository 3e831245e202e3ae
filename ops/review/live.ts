import { join } from "node:path";
import type { Stack } from "../stack";
import { conclude, eventLog } from "./conclude";
import { Runner } from "./runner";
import { onSignal } from "./signals";
import type { Verdict } from "./verdict";

/**
 * What the work tree would change at the real site, with the caller's backend and credentials. Reads the hosts, as every
 * preview does; changes nothing.
 */
export async function reviewLive(
  stack: Stack,
  { out, say }: { out: string; say(text: string): void },
): Promise<Verdict> {
  const runner = new Runner();
  const forget = onSignal(() => runner.end());
  say(`previewing the work tree against the hosts and the state of stack ${stack.name}`);
  const args = ["preview", "--stack", stack.name, "--policy-pack", "policy", "--suppress-outputs"];
  const plain = ["--suppress-progress", "--non-interactive", "--color", "never"];
  const events = ["--event-log", eventLog(out)];
  const { code, text } = await runner.run(
    join(stack.root, "toolchain/bin/pulumi"),
    [...args, ...plain, ...events],
    {
      cwd: stack.root,
      env: { ...process.env, PULUMI_DEBUG_COMMANDS: "true", PROXMOX_HA_REVIEW: "1" },
    },
  );
  forget();
  return conclude(runner, { stack, tree: stack.root, out, note: undefined, code, text, say });
}
