/** Commands that talk to the site. */
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

/** Flags that take no value: the CLI's own, and those of the commands below. Any other takes the next word. */
const SWITCHES = [
  "--disable-integrity-checking",
  ...["--emoji", "-e", "--fully-qualify-stack-names", "-Q", "--help", "-h"],
  ...["--logflow", "--logtostderr", "--non-interactive", "--yes", "-y", "--force", "-f"],
  ...["--preserve-config", "--remove-backups", "--create", "-c", "--no-select"],
];

/** Commands that may name the stack without a flag, and where. */
const NAMING = [["stack", "init"], ["stack", "select"], ["stack", "rm"], ["cancel"]];

export interface Invocation {
  /** `preview`, `up`, …; undefined when only flags are given. */
  command: string | undefined;
  /** From the arguments, else from the environment. */
  stack: string | undefined;
  touchesSite: boolean;
}

export function readArguments(args: string[], environment: NodeJS.ProcessEnv): Invocation {
  const end = args.indexOf("--");
  const own = end < 0 ? args : args.slice(0, end);
  const words = wordsAmong(own);
  const asksForHelp = own.some((arg) => arg === "--help" || arg === "-h");
  const stack = flagged(own) ?? named(words) ?? environment.PULUMI_STACK;
  return {
    command: words[0],
    stack: stack ? stackName(stack) : undefined,
    touchesSite: TOUCHING.includes(words[0] ?? "") && !asksForHelp,
  };
}

/** `organization/project/stack` names the same stack. */
export function stackName(text: string): string {
  return text.split("/").at(-1) ?? text;
}

/** What is neither a flag nor the value of one, as the CLI itself finds its command. */
function wordsAmong(args: string[]): string[] {
  const takesNext = (arg = ""): boolean =>
    !arg.includes("=") && !SWITCHES.includes(arg) && /^(--.|-.$)/.test(arg);
  return args.filter((arg, index) => !arg.startsWith("-") && !takesNext(args[index - 1]));
}

/** The last counts, as in the CLI. Short switches may stand before: `-ys dev`. */
function flagged(args: string[]): string | undefined {
  return args
    .flatMap((arg, index) => {
      const match = /^(?:--stack(?:=(.*))?|-[defhjQry]*s=?(.*))$/.exec(arg);
      if (!match) return [];
      return [match[1] || match[2] || (args[index + 1] ?? "")];
    })
    .at(-1);
}

function named(words: string[]): string | undefined {
  const command = NAMING.find((names) => names.every((name, index) => words[index] === name));
  return command && words[command.length];
}
