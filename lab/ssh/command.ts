import type { ExecResult } from "just-bash";
import { PveError } from "../api/errors";
import type { Site } from "../site";
import type { HostState } from "../state/types";

/** What a command of the lab's machines gets to see. */
export interface CommandContext {
  site: Site;
  host: HostState;
  stdin: string;
  cwd: string;
  /** Raised when whoever started the command no longer waits for it. */
  signal: AbortSignal | undefined;
  /** The script that the command belongs to. */
  run: Run;
  /** The file behind an open descriptor, where it was opened for writing. */
  openFile(descriptor: number): string | undefined;
  /** Runs shell text on this host, as a command that starts another would. */
  exec(script: string, stdin: string, options?: ExecOptions): Promise<ExecResult>;
  /** The shell of another host. */
  shellOf(host: string): RemoteShell;
}

export interface ExecOptions {
  /** What the text sees as `$0`. */
  name?: string;
  signal?: AbortSignal;
}

/** One script from its start to its end, with all that it calls. */
export interface Run {
  /** `ssh HOST COMMAND`: where it runs, and what its host was told. */
  readonly label: string;
  /** Programs that it has started. */
  started: number;
  /** It is gone, and all that it had started: by a signal, or with the power of its host. */
  killed: boolean;
  /** Programs of it that have not ended, but for those that run others: they outlive a script that was cut off. */
  readonly underWay: Set<Promise<unknown>>;
  /** It is over, and so is all that it had started. */
  readonly ended: boolean;
  kill(): void;
  /** What is done when it has ended. */
  readonly atEnd: (() => void)[];
}

export interface RemoteShell {
  exec(script: string, stdin: string): Promise<ExecResult>;
}

export type Command = (args: string[], context: CommandContext) => ExecResult | Promise<ExecResult>;
export type Commands = Record<string, Command>;

export const ok = (stdout = ""): ExecResult => ({ stdout, stderr: "", exitCode: 0 });

export const fail = (message: string, exitCode = 1): ExecResult => ({
  stdout: "",
  stderr: message === "" ? "" : `${message.trimEnd()}\n`,
  exitCode,
});

/** Perl's die ends a PVE command with 255; parameter errors are listed below the message. */
export async function asPveCommand(
  run: () => ExecResult | Promise<ExecResult>,
): Promise<ExecResult> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof PveError)) throw error;
    const details = Object.entries(error.errors ?? {}).map(([key, text]) => `${key}: ${text}`);
    const prefix = error.status === 400 ? "400 " : "";
    return fail([`${prefix}${error.message}`, ...details].join("\n"), 255);
  }
}

export interface ParsedArgs {
  positional: string[];
  options: Record<string, string>;
  /** Options that were given several times, with all their values. */
  repeated: Record<string, string[]>;
}

/** `--key value`, `--key=value` and single-dash forms; a key without a value counts as 1. */
export function parseArgs(args: string[], flags: string[] = []): ParsedArgs {
  const parsed: ParsedArgs = { positional: [], options: {}, repeated: {} };
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? "";
    const match = /^--?([a-zA-Z][\w-]*)(?:=(.*))?$/s.exec(arg);
    if (!match) {
      parsed.positional.push(arg);
      continue;
    }
    const [, key = "", inline] = match;
    const next = args[index + 1];
    const before = parsed.options[key];
    if (inline !== undefined) parsed.options[key] = inline;
    else if (flags.includes(key) || next === undefined || /^--[a-z]/.test(next))
      parsed.options[key] = "1";
    else {
      parsed.options[key] = next;
      index++;
    }
    if (before === undefined) continue;
    parsed.repeated[key] = [...(parsed.repeated[key] ?? [before]), parsed.options[key] ?? ""];
  }
  return parsed;
}

/** Quotes words so that the shell takes them as they are. */
export function quote(words: string[]): string {
  return words.map((word) => `'${word.replace(/'/g, "'\\''")}'`).join(" ");
}
