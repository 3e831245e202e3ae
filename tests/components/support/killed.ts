import type { RemoteScriptArgs } from "../../../components/remoteScript";
import type { Host, Result, State } from "./host";

/** What a script may leave behind when it is killed, and what its next run makes of that. */

interface Expected {
  verb?: "apply" | "remove";
  /** Of what a host has in the end, this counts; all by default. */
  kept?: (files: Record<string, string>) => Record<string, string>;
  /** What happens between the killed run and the next, and behind that. */
  meanwhile?: (host: Host) => void;
  afterwards?: (host: Host) => void;
  /** The next run may print something else. */
  otherOutput?: boolean;
}

/**
 * Lets the script run once, and then again from every state that the first run has passed, its end included: each must
 * come to the same end. Returns these states.
 */
export async function endsAlike(
  host: Host,
  step: RemoteScriptArgs,
  expected: Expected = {},
): Promise<State[]> {
  const { verb = "apply", kept = (files) => files, afterwards } = expected;
  const { states, ...first } = await host.watch(step, verb);
  expect(told(first)).toEqual([0, ""]);
  afterwards?.(host);
  await endAs(host, step, states, { end: kept(host.files()), stdout: first.stdout }, expected);
  return states;
}

/** Lets the script run from each of these states. */
export async function endAs(
  host: Host,
  step: RemoteScriptArgs,
  states: State[],
  { end, stdout }: { end: Record<string, string>; stdout: string },
  { verb = "apply", kept = (files) => files, meanwhile, afterwards, otherOutput }: Expected = {},
): Promise<void> {
  for (const state of states) {
    host.restore(state);
    meanwhile?.(host);
    const again = await host.run(step, verb);
    expect(told(again)).toEqual([0, ""]);
    if (!otherOutput) expect(again.stdout).toBe(stdout);
    afterwards?.(host);
    expect(kept(host.files())).toEqual(end);
  }
}

/** Its code, and what it said where it failed. */
const told = ({ code, stderr }: Result): [number | null, string] => [
  code,
  code === 0 ? "" : stderr,
];
