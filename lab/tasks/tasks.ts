import { seconds } from "../seams/clock";
import type { Site } from "../site";
import type { TaskState } from "../state/types";
import { encodeUpid } from "./upid";

export interface TaskLog {
  info(line: string): void;
  /** Ends the task as `WARNINGS: n` instead of `OK`. */
  warn(line: string): void;
}

export type Worker = (log: TaskLog) => void | Promise<void>;

/** What PVE calls workers: work that goes on after the answer, with a log and an end that clients poll. */
export class Tasks {
  private nextPid = 41_000;
  private readonly open = new Set<Promise<void>>();
  private readonly listeners: ((task: TaskState) => void)[] = [];

  constructor(private readonly site: Site) {
    this.closeInterrupted();
  }

  /**
   * Starts a worker on `node` and returns its UPID at once. A worker that awaits nothing is finished before the
   * caller's answer goes out, so a client's first poll already sees its end.
   */
  start(node: string, type: string, id: string, user: string, worker: Worker): string {
    const now = seconds(this.site.clock);
    const pid = this.nextPid++;
    const pstart = Math.floor((this.site.clock.now() - this.site.host(node).bootedAt) / 10);
    const upid = encodeUpid({ node, pid, pstart, starttime: now, type, id, user });
    const task: TaskState = { upid, node, pid, pstart, starttime: now, type, id, user, log: [] };
    this.site.nodeState(node).tasks.push(task);
    this.announce(task);
    const run = this.run(task, worker).finally(() => this.open.delete(run));
    this.open.add(run);
    return upid;
  }

  find(node: string, upid: string): TaskState | undefined {
    return this.site.nodeState(node).tasks.find((task) => task.upid === upid);
  }

  /** Tells of every task that starts, and again when it has ended. */
  onChange(listener: (task: TaskState) => void): void {
    this.listeners.push(listener);
  }

  /** Waits for every worker; what a shutdown and tests need. */
  async idle(): Promise<void> {
    while (this.open.size > 0) await Promise.all(this.open);
  }

  private async run(task: TaskState, worker: Worker): Promise<void> {
    let warnings = 0;
    const log: TaskLog = {
      info: (line) => task.log.push(line),
      warn: (line) => {
        warnings++;
        task.log.push(`WARN: ${line}`);
      },
    };
    try {
      const pending = worker(log);
      if (pending) await pending;
      task.exitstatus = warnings > 0 ? `WARNINGS: ${warnings}` : "OK";
      task.log.push(`TASK ${task.exitstatus}`);
    } catch (error) {
      task.exitstatus = (error as Error).message.trimEnd();
      task.log.push(`TASK ERROR: ${task.exitstatus}`);
    }
    task.endtime = seconds(this.site.clock);
    this.announce(task);
    await this.site.commit();
  }

  /**
   * A task that ran when the lab ended died without a word of its end. PVE reads the last line of its log then, and
   * takes the moment in which it notices for the end (upid_read_status and active_workers).
   */
  private closeInterrupted(): void {
    for (const host of Object.values(this.site.state.hosts)) {
      for (const task of host.node?.tasks ?? []) {
        if (task.exitstatus !== undefined) continue;
        const silent = task.log.length === 0;
        task.exitstatus = silent ? "unable to read tail (got 0 bytes)" : "unexpected status";
        task.endtime = seconds(this.site.clock);
      }
    }
  }

  private announce(task: TaskState): void {
    for (const listener of this.listeners) listener(task);
  }
}
