import type { Clock } from "../seams/clock";
import type { TaskLog } from "../tasks/tasks";

/** The log of a migration: every line with the time, in the words that tools look for (PVE::AbstractMigrate). */
export class MigrationLog {
  /** Something went wrong that did not end the migration. */
  errors = false;

  constructor(
    private readonly task: TaskLog,
    private readonly clock: Clock,
  ) {}

  info(message: string): void {
    this.print("", message);
  }

  error(message: string): void {
    this.print(" ERROR:", message);
  }

  private print(prefix: string, message: string): void {
    const stamp = new Date(this.clock.now()).toISOString().slice(0, 19).replace("T", " ");
    this.task.info(`${stamp}${prefix} ${message}`);
  }
}

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

/** `532.3 MiB` (PVE::Format::render_bytes with one digit). */
export function bytes(value: number): string {
  const unit = value > 1023 ? Math.min(4, Math.floor(Math.log(value) / Math.log(1024))) : 0;
  return `${(value / 1024 ** unit).toFixed(1)} ${UNITS[unit]}`;
}

/** Seconds as `00:00:53`. */
export function duration(seconds: number): string {
  const part = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  return [seconds / 3600, (seconds / 60) % 60, seconds % 60].map(part).join(":");
}
