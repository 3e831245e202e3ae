import { type Commands, ok, quote } from "../command";

/** Parts of bash and util-linux that just-bash does not bring. */
export const shellCommands: Commands = {
  /** `bash -s ARGS` reads its script from standard input, `bash -c TEXT` from its argument, else from a file. */
  bash: async (args, context) => {
    const flags = args.filter((arg) => /^-[a-z]*$/.test(arg) && !arg.includes("o"));
    const rest = args.slice(args.findIndex((arg) => !arg.startsWith("-") || arg === "--"));
    const words = rest[0] === "--" ? rest.slice(1) : rest;
    if (flags.some((flag) => flag.includes("c"))) {
      const [text = "", name = "bash", ...positional] = words;
      return context.exec(`set -- ${quote(positional)}\n${text}`, context.stdin, { name });
    }
    const noArguments = args.every((arg) => arg.startsWith("-"));
    if (flags.some((flag) => flag.includes("s")) || noArguments) {
      const positional = noArguments ? [] : words;
      return context.exec(`set -- ${quote(positional)}\n${context.stdin}`, "");
    }
    const [file = "", ...positional] = words;
    const script = `set -- ${quote(positional)}\n. ${quote([file])}`;
    return context.exec(script, context.stdin, { name: file });
  },
  sh: (args, context) => (shellCommands.bash as NonNullable<Commands[string]>)(args, context),

  trap: () => ok(),
  umask: () => ok(),
  sync: () => ok(),
};
