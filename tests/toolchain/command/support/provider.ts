import type { ResourceLog } from "../../../../toolchain/command/engineLog";
import { Operations } from "../../../../toolchain/command/operations";
import { CommandProvider } from "../../../../toolchain/command/provider";
import type { Properties } from "../../../../toolchain/command/values";

/** The URN that the tests' command has. */
export const URN = "urn:pulumi:dev::proj::my:Parent$command:remote:Command::greet";

/** A provider whose log lines land in an array, as `severity: text`. */
export function testProvider() {
  const lines: string[] = [];
  const write = (severity: string) => (message: string) =>
    void lines.push(`${severity}: ${message}`);
  const log: ResourceLog = {
    status: write("status"),
    warning: write("warning"),
    error: write("error"),
    flush: () => Promise.resolve(),
  };
  const operations = new Operations();
  const provider = new CommandProvider({ operations, logOf: () => log });

  /** Checks and creates, as the engine does. */
  const create = async (inputs: Record<string, unknown>, timeout = 0) => {
    const checked = provider.check(URN, inputs as Properties);
    if (checked.failures.length > 0) throw new Error(JSON.stringify(checked.failures));
    return provider.create(job({ inputs: checked.inputs, timeout }));
  };
  return { provider, operations, lines, create };
}

/** A job of the tests' command: a create, unless the state says otherwise. */
export function job(changes: Partial<Parameters<CommandProvider["create"]>[0]>) {
  return { urn: URN, inputs: {}, state: {}, preview: false, timeout: 0, ...changes };
}

/** The message that the promise rejects with; fails if it does not. */
export async function rejection(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error("this was expected to fail");
}
