import type { Command } from "commander";
import { LabPaths } from "../paths";

/** What an operator did wrong or can do something about: one sentence, no stack. */
export class LabError extends Error {}

/** The folder that the command line names. */
export function labPaths(command: Command): LabPaths {
  return new LabPaths(command.optsWithGlobals<{ dir: string }>().dir);
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function pause(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms));
}

/** `first` or `second`, whichever `word` is; an error that says so, else. */
export function oneOf<T extends string>(what: string, word: string, ...known: [T, T]): T {
  const found = known.find((candidate) => candidate === word);
  if (found !== undefined) return found;
  throw new LabError(`${what} is "${known[0]}" or "${known[1]}", not "${word}"`);
}
