import type { Clock } from "../seams/clock";
import type { TaskLog } from "../tasks/tasks";
import { stamp } from "./text";

/** The log of a backup: lines of the task, and with the time those of one guest's own log (PVE::VZDump::debugmsg). */
export class JobLog {
  private guest: string[] = [];

  constructor(
    private readonly task: TaskLog,
    private readonly clock: Clock,
  ) {}

  info(message: string): void {
    this.print("INFO", message, true);
  }

  /** Told of the job, but not written to the guest's log. */
  jobInfo(message: string): void {
    this.print("INFO", message, false);
  }

  error(message: string, ofGuest = true): void {
    this.print("ERROR", message, ofGuest);
  }

  warn(message: string): void {
    for (const line of message.trimEnd().split("\n")) {
      this.task.warn(line);
      this.keep("WARN", line);
    }
  }

  /** What Perl's `warn` prints, without a level. */
  plain(message: string): void {
    this.task.info(message);
  }

  /** Begins the log of the next guest. */
  begin(): void {
    this.guest = [];
  }

  /** The guest's log so far, as it lies in /var/log/vzdump. */
  text(): string {
    return `${this.guest.join("\n")}\n`;
  }

  private print(level: string, message: string, ofGuest: boolean): void {
    for (const line of message.trimEnd().split("\n")) {
      this.task.info(`${level}: ${line}`);
      if (ofGuest) this.keep(level, line);
    }
  }

  private keep(level: string, line: string): void {
    this.guest.push(`${stamp(this.clock.now())} ${level}: ${line}`);
  }
}
