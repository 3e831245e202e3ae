import { Bash, InMemoryFs } from "just-bash";

/** What just-bash says of a redirection whose target it could not look at; bash has the reason instead. */
const UNOPENED = /^bash: (.*): cannot open redirect target$/gm;

/**
 * just-bash looks whether the target of a redirection is there and, if that fails, fails the command as bash does; if
 * only the writing fails, it ends the whole script. Nothing but the place of the call tells this look from that of
 * `test -e`, so the place is learnt from a redirection that is known.
 */
export async function findRedirectionCheck(): Promise<string> {
  place ??= learn();
  return place;
}

let place: Promise<string> | undefined;

async function learn(): Promise<string> {
  const target = "/redirected";
  let found = "";
  class Watched extends InMemoryFs {
    override exists(path: string): Promise<boolean> {
      if (path === target) found = caller();
      return super.exists(path);
    }
  }
  await new Bash({ fs: new Watched(), defenseInDepth: false }).exec(`: >${target}`);
  return found;
}

/** The place that has called the function which asks. */
export function caller(): string {
  const { stackTraceLimit } = Error;
  // This function, the one that asks, and its caller: to tell of more takes long.
  Error.stackTraceLimit = 3;
  const { stack = "" } = new Error();
  Error.stackTraceLimit = stackTraceLimit;
  return stack.split("\n")[3]?.trim() ?? "";
}

/** `reason` tells why a path cannot be written. */
export const withReason = (stderr: string, reason: (path: string) => string): string =>
  stderr.replace(UNOPENED, (_line, path: string) => `bash: ${path}: ${reason(path)}`);
