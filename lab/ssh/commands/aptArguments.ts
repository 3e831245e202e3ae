export interface AptArguments {
  verb: string;
  /** What comes after the verb. */
  words: string[];
  /** `-o KEY=VALUE`, in their order; a key may come again. */
  options: [string, string][];
  flags: string[];
  /** How often `-q` was said. */
  quiet: number;
}

/** Options of apt that take a value as the next word. */
const VALUED = [
  "-o",
  "--option",
  "-t",
  "--target-release",
  "--default-release",
  "-c",
  "--config-file",
];

export function aptArguments(args: readonly string[]): AptArguments {
  const result: AptArguments = { verb: "", words: [], options: [], flags: [], quiet: 0 };
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (VALUED.includes(arg)) addOption(result, arg, rest.shift() ?? "");
    else if (/^-o./.test(arg)) addOption(result, "-o", arg.slice(2));
    else if (/^--option=/.test(arg)) addOption(result, "-o", arg.slice("--option=".length));
    else if (/^-q=\d+$/.test(arg)) result.quiet = Number(arg.slice(3));
    else if (arg.startsWith("--")) result.flags.push(arg.slice(2));
    else if (arg.startsWith("-") && arg !== "-") result.flags.push(...arg.slice(1));
    else if (result.verb === "") result.verb = arg;
    else result.words.push(arg);
  }
  result.quiet += result.flags.filter((flag) => flag === "q" || flag === "quiet").length;
  return result;
}

function addOption({ options }: AptArguments, option: string, text: string): void {
  if (option !== "-o" && option !== "--option") return;
  const [key = "", value = ""] = text.split(/=(.*)/s);
  options.push([key, value]);
}

export const flagOf = ({ flags }: AptArguments, ...names: string[]): boolean =>
  names.some((name) => flags.includes(name));

/** The last value of an option; its name's case does not matter. */
export const optionOf = ({ options }: AptArguments, key: string): string | undefined =>
  options.filter(([name]) => name.toLowerCase() === key.toLowerCase()).at(-1)?.[1];
