import type { Step } from "../../components/cluster/steps";
import type { Connection } from "../../toolchain/launcher/connections";
import { openSsh, type SshSession } from "../../toolchain/launcher/ssh";
import { BUSY_ADVICE, isBusy, runScript } from "../remote";
import { type Findings, noFindings, readFindings } from "./findings";
import { identify, type Identity } from "./identity";

/** One host as it is now. */
export interface HostReport extends Findings {
  name: string;
  address: string;
  /** Why nothing is known of it: the rest of a sentence about the host. */
  silent?: string;
  identity?: Identity;
}

export interface Target {
  name: string;
  address: string;
  connection: Connection | undefined;
  /** Those that only look. */
  steps: Step[];
}

/** How hosts are reached, and how long each is waited for. */
export interface Ways {
  connect: typeof openSsh;
  connectMs: number;
  scriptMs: number;
}

export const WAYS: Ways = { connect: openSsh, connectMs: 8_000, scriptMs: 120_000 };

/** Looks at a host over one connection. Never rejects: whatever goes wrong is a finding. */
export async function lookAt(
  target: Target,
  tell: (text: string) => void,
  ways: Ways = WAYS,
): Promise<HostReport> {
  const { name, address, connection } = target;
  const report: HostReport = { name, address, ...noFindings() };
  if (!connection) return { ...report, silent: "nobody has said how to reach it" };
  let session: SshSession | undefined;
  try {
    session = await ways.connect(connection, ways.connectMs);
    report.identity = await identify(session, () => Date.now());
    for (const step of target.steps) add(report, await look(session, step, tell, ways));
    return report;
  } catch (error) {
    return { ...report, silent: (error as Error).message };
  } finally {
    session?.end();
  }
}

async function look(
  session: SshSession,
  { host, script, parts = [], variables }: Step,
  tell: (text: string) => void,
  { scriptMs }: Ways,
): Promise<Findings> {
  const onBusy = (): void => tell(`${host}: a script of an earlier run is still at work; waiting`);
  const call = { host, script, parts, variables, timeoutMs: scriptMs, onBusy };
  const result = await runScript(session, call).catch((error: Error) => error);
  if (result instanceof Error) {
    // A connection that is lost meanwhile makes the host a silent one.
    if (!result.message.startsWith("no answer within")) throw result;
    return failed(
      `${script} did not come to its end: ${result.message}`,
      "look there at what hangs: ps axf; often it is a mount of a server that is off",
    );
  }
  if (isBusy(result)) return failed(BUSY_ADVICE, "end it, or wait until it has ended");
  return readFindings(script, result);
}

function failed(what: string, remedy: string): Findings {
  return { ...noFindings(), problems: [{ what, remedy }] };
}

function add(report: HostReport, found: Findings): void {
  if (found.state !== undefined) report.state ??= found.state;
  report.will.push(...found.will);
  report.problems.push(...found.problems);
  report.warnings.push(...found.warnings);
  report.checklist.push(...found.checklist);
}
