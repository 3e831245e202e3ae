import { join } from "node:path";
import { wordsOf } from "../../toolchain/launcher/errors";
import { leftOutInWords } from "../../toolchain/launcher/settings";
import { followMoves } from "../moves";
import { exportState } from "../pulumi";
import { findSite } from "../site";
import { ensureStack, type Stack } from "../stack";
import { conclude, eventLog } from "./conclude";
import { Runner } from "./runner";
import { onSignal } from "./signals";
import type { Verdict } from "./verdict";

/**
 * What the work tree would change at the real site, with the caller's backend and credentials. Reads the hosts, as every
 * preview does, and changes nothing there.
 */
export async function reviewLive(
  stack: Stack,
  { out, say }: { out: string; say(text: string): void },
): Promise<Verdict> {
  const runner = new Runner();
  const forget = onSignal(() => {
    runner.end();
    process.exit(130);
  });
  say(`previewing the work tree against the hosts and the state of stack ${stack.name}`);
  const events = eventLog(out);
  let note: string | undefined;
  let previewed: { code: number; text: string };
  try {
    note = await prepare(stack, say);
    previewed = await preview(runner, stack, events);
  } catch (error) {
    // Told in the report, as is what fails later.
    previewed = { code: 1, text: wordsOf(error) };
  }
  const verdict = await conclude(runner, { stack, tree: stack.root, out, note, ...previewed, say });
  forget();
  return verdict;
}

/** What a preview needs first. Returns what to tell about it. */
async function prepare(stack: Stack, say: (text: string) => void): Promise<string | undefined> {
  const [site, state] = await Promise.all([findSite(stack), exportState(stack)]);
  if (!state) await ensureStack(stack);
  const resources = state?.deployment.resources ?? [];
  // The report would else say that a container which HA has moved is to be created.
  await followMoves(stack, { ...site, resources }, { say });
  return site.leftOut.length === 0 ? undefined : site.leftOut.map(leftOutInWords).join("\n");
}

function preview(
  runner: Runner,
  { name, root }: Stack,
  events: string,
): Promise<{ code: number; text: string }> {
  const args = ["preview", "--stack", name, "--policy-pack", "policy", "--event-log", events];
  const plain = ["--suppress-outputs", "--suppress-progress", "--non-interactive"];
  return runner.run(join(root, "toolchain/bin/pulumi"), [...args, ...plain, "--color", "never"], {
    cwd: root,
    env: { ...process.env, PULUMI_DEBUG_COMMANDS: "true", PROXMOX_HA_REVIEW: "1" },
  });
}
