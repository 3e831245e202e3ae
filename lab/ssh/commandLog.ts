import type { Bash, Command, ExecResult } from "just-bash";
import type { Clock } from "../seams/clock";

/** A program that a session has started on a host, or a file that it has changed. */
export interface CommandEntry {
  /** Counts from 1. */
  id: number;
  /** Of the site, in epoch milliseconds. */
  time: number;
  host: string;
  /** Name and arguments, cut off where a script is among them. */
  command?: string;
  /** Both are absent as long as it runs. */
  exitCode?: number;
  ended?: number;
  /** Path of a file, folder or link that was written, moved or removed. */
  writes?: string;
}

/** Entries that are kept, oldest first. */
const KEPT = 20_000;
const LONGEST = 300;

/**
 * What sessions do on the hosts: every program that a shell starts, and every file that one changes. By it a test sees
 * that a host which is as described was only looked at. Kept in memory; a lab that was restarted begins anew.
 */
export class CommandLog {
  private entries: CommandEntry[] = [];
  private next = 1;
  /** Another number once a session may have changed anything. */
  changes = 0;

  constructor(private readonly clock: Clock) {}

  /** Call what it returns when the program has ended. */
  started(host: string, name: string, args: string[]): (exitCode: number) => void {
    const command = [name, ...args].join(" ").slice(0, LONGEST);
    const entry = this.add({ host, command });
    return (exitCode) => Object.assign(entry, { exitCode, ended: this.clock.now() });
  }

  /** Devices are no files. */
  wrote(host: string, path: string): void {
    this.changes++;
    if (!path.startsWith("/dev/")) this.add({ host, writes: path });
  }

  /** Entries after that one. */
  after(id: number): CommandEntry[] {
    return this.entries.filter((entry) => entry.id > id);
  }

  private add(entry: Omit<CommandEntry, "id" | "time">): CommandEntry {
    const added = { id: this.next++, time: this.clock.now(), ...entry };
    this.entries.push(added);
    if (this.entries.length > KEPT) this.entries.shift();
    return added;
  }
}

type Note = ReturnType<CommandLog["started"]>;

/** The same command, with its start and end noted. */
export function noted(command: Command, started: (name: string, args: string[]) => Note): Command {
  return {
    ...command,
    execute: async (args, context) => {
      const ended = started(command.name, args);
      let result: ExecResult | undefined;
      try {
        result = await command.execute(args, context);
      } finally {
        ended(result?.exitCode ?? 1);
      }
      return result;
    },
  };
}

/** just-bash's own commands, which stand for those of coreutils, are noted as well. */
export function noteOwnCommands(bash: Bash, started: (name: string, args: string[]) => Note): void {
  const table: unknown = Reflect.get(bash, "commands");
  if (!(table instanceof Map)) return;
  const commands = table as Map<string, Command>;
  for (const [name, command] of commands) commands.set(name, noted(command, started));
}
