import { type Commands, fail, ok, quote } from "../command";
import type { HostState } from "../../state/types";

/** Locked files of each host. */
const busy = new WeakMap<HostState, Set<string>>();

/** Parts of bash and util-linux that just-bash does not bring. */
export const shellCommands: Commands = {
  /** `bash -s ARGS` reads its script from standard input, `bash -c TEXT` from its argument, else from a file. */
  bash: async (args, context) => {
    const flags = args.filter((arg) => /^-[a-z]*$/.test(arg) && !arg.includes("o"));
    const rest = args.slice(args.findIndex((arg) => !arg.startsWith("-") || arg === "--"));
    const words = rest[0] === "--" ? rest.slice(1) : rest;
    if (flags.some((flag) => flag.includes("c"))) {
      const [text = "", , ...positional] = words;
      return context.exec(`set -- ${quote(positional)}\n${text}`, context.stdin);
    }
    const noArguments = args.every((arg) => arg.startsWith("-"));
    if (flags.some((flag) => flag.includes("s")) || noArguments) {
      const positional = noArguments ? [] : words;
      return context.exec(`set -- ${quote(positional)}\n${context.stdin}`, "");
    }
    const [file = "", ...positional] = words;
    return context.exec(`set -- ${quote(positional)}\n. ${quote([file])}`, context.stdin);
  },
  sh: (args, context) => (shellCommands.bash as NonNullable<Commands[string]>)(args, context),

  /** `flock [-n|-w SECONDS] FILE COMMAND…`: one holder of a file on a host at a time. */
  flock: async (args, context) => {
    const words = [...args];
    let wait: number | undefined;
    let conflict = 1;
    for (;;) {
      const option = words[0];
      if (option === "-n" || option === "--nonblock") {
        wait = 0;
        words.shift();
      } else if (option === "-w" || option === "--timeout") {
        wait = Number(words[1]);
        words.splice(0, 2);
      } else if (option === "-E" || option === "--conflict-exit-code") {
        conflict = Number(words[1]);
        words.splice(0, 2);
      } else if (option === "-x" || option === "-o" || option === "--verbose") words.shift();
      else break;
    }
    const [file = "", ...rest] = words;
    if (rest.length === 0) {
      return fail("flock: the lab's flock wants FILE COMMAND, not a descriptor", 64);
    }
    const command = rest[0] === "-c" || rest[0] === "--command" ? ["bash", ...rest] : rest;
    const held = busy.get(context.host) ?? new Set<string>();
    busy.set(context.host, held);
    const deadline =
      wait === undefined ? Number.POSITIVE_INFINITY : context.site.clock.now() + wait * 1000;
    while (held.has(file)) {
      if (context.site.clock.now() >= deadline) return fail("", conflict);
      await new Promise<void>((resolve) => {
        context.site.clock.after(100, resolve);
      });
    }
    held.add(file);
    try {
      return await context.exec(quote(command), context.stdin);
    } finally {
      held.delete(file);
    }
  },

  trap: () => ok(),
  umask: () => ok(),
  logger: () => ok(),
  sync: () => ok(),
};
