/** Ends the launcher with this text and nothing else. */
export class LauncherError extends Error {}

const TRACE_VARIABLE = "PROXMOX_HA_TRACE";

/** What an operator reads of an error: our own words, or for one that nobody expected its message and no stack. */
export function wordsOf(error: unknown, environment: NodeJS.ProcessEnv = process.env): string {
  if (error instanceof LauncherError) return error.message;
  if (!(error instanceof Error)) return `Unexpected: ${String(error)}`;
  if (environment[TRACE_VARIABLE]) return error.stack ?? error.message;
  return `Unexpected: ${error.message} (${TRACE_VARIABLE}=1 shows where)`;
}
