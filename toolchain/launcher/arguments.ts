/** Commands that talk to the site: they need a node to ask. The rest only touch the state or nothing. */
const TOUCHING = [
  "preview",
  "pre",
  "up",
  "update",
  "refresh",
  "destroy",
  "down",
  "dn",
  "import",
  "watch",
];

/** Flags of the CLI before the command that take a value. */
const VALUED = [
  "--color",
  "--cwd",
  "-C",
  "--profiling",
  "--tracing",
  "--verbose",
  "-v",
  "--memprofilerate",
];

export interface Invocation {
  /** `preview`, `up`, …; undefined when only flags are given. */
  command: string | undefined;
  /** From `--stack`, else from the environment. */
  stack: string | undefined;
  touchesSite: boolean;
}

export function readArguments(args: string[], environment: NodeJS.ProcessEnv): Invocation {
  const command = args.find(
    (arg, index) => !arg.startsWith("-") && !VALUED.includes(args[index - 1] ?? ""),
  );
  const asksForHelp = args.some((arg) => arg === "--help" || arg === "-h");
  return {
    command,
    stack: stackOf(args) ?? environment.PULUMI_STACK,
    touchesSite: command !== undefined && TOUCHING.includes(command) && !asksForHelp,
  };
}

function stackOf(args: string[]): string | undefined {
  for (const [index, arg] of args.entries()) {
    const inline = /^(?:--stack|-s)=(.+)$/.exec(arg)?.[1];
    const given = inline ?? (arg === "--stack" || arg === "-s" ? args[index + 1] : undefined);
    // `organization/project/stack` names the same stack.
    if (given !== undefined) return given.split("/").at(-1);
  }
  return undefined;
}
