import type { ExecResult } from "just-bash";
import { commandLine, readScript } from "../../../components/scriptText";
import type { HostName, Machines } from "../../lab/cluster/support/machines";

/** Runs a script of ours on a host of a lab in memory, as the stack does over SSH. */
export function runScript(
  lab: Machines,
  host: HostName,
  script: string,
  variables: Record<string, string> = {},
  { parts = [], verb = "apply" }: { parts?: string[]; verb?: string } = {},
): Promise<ExecResult> {
  return lab.run(
    host,
    commandLine(script, verb),
    readScript(script, parts)({ ...variables, HOST: host }),
  );
}
