import { BUSY, commandLine, PATIENCE, readScript } from "../components/scriptText";
import type { Connection } from "../toolchain/launcher/connections";
import { openSsh, type RemoteResult, type SshSession } from "../toolchain/launcher/ssh";
import { OpsError } from "./errors";

export interface ScriptCall {
  /** The host, as the site file calls it. */
  host: string;
  /** `<domain>/<file>` below `components`, as in `cluster/join`. */
  script: string;
  parts?: string[];
  variables?: Record<string, string>;
  /** For the script itself. Another one of ours on the host is waited for as long as a step of an update would wait. */
  timeoutMs?: number;
  /** Gets what the script says on standard error while it runs. */
  onStderr?(text: string): void;
  /** Told once when another script of ours is at work there. */
  onBusy?(): void;
}

const TIMEOUT_MS = 120_000;

/** Seconds before anybody is told that a host is busy. */
const SILENCE = 2;

/**
 * Runs a script of ours on a host whose key is pinned, as an update would. Rejects when the host gives no answer, with
 * the rest of a sentence about it; a script that fails is the caller's to judge by its code.
 */
export async function runScript(
  to: Connection | SshSession,
  { host, script, parts, variables = {}, ...rest }: ScriptCall,
): Promise<RemoteResult> {
  const { timeoutMs = TIMEOUT_MS, onStderr, onBusy } = rest;
  const session = "run" in to ? to : await openSsh(to);
  const input = readScript(script, parts)({ ...variables, HOST: host });
  const run = (patience: number): Promise<RemoteResult> =>
    session.run(commandLine(script, "apply", [], patience), {
      input,
      timeoutMs: patience * 1000 + timeoutMs,
      ...(onStderr ? { onStderr } : {}),
    });
  try {
    const first = await run(onBusy ? SILENCE : PATIENCE);
    if (!onBusy || !isBusy(first)) return first;
    onBusy();
    return await run(PATIENCE);
  } finally {
    if (session !== to) session.end();
  }
}

/** Whether the script did not run because another one of ours was at work on the host all the time. */
export function isBusy({ code, stdout }: RemoteResult): boolean {
  return code === BUSY && stdout === "";
}

/** As `runScript`, for a script that must succeed. What it said tells step and remedy. */
export async function mustRun(to: Connection | SshSession, call: ScriptCall): Promise<string> {
  const result = await runScript(to, call).catch((error: Error) => {
    throw new OpsError(`${call.host}: ${error.message}`);
  });
  if (isBusy(result)) throw new OpsError(`${call.host}: ${BUSY_ADVICE}`);
  if (result.code !== 0) {
    throw new OpsError(
      result.stderr.trim() || `${call.host}: ${call.script} ended with code ${result.code}`,
    );
  }
  return result.stdout;
}

export const BUSY_ADVICE =
  "another script of this stack has been at work there for 15 minutes; see with: pgrep -af proxmox-ha.lock";
