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
    const run = this.run(task, worker).finally(() => this.open.delete(run));
    this.open.add(run);
    return upid;
  }

  find(node: string, upid: string): TaskState | undefined {
    return this.site.nodeState(node).tasks.find((task) => task.upid === upid);
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
    await this.site.commit();
  }

  /** A task that ran when the lab was killed died with its node. */
  private closeInterrupted(): void {
    for (const host of Object.values(this.site.state.hosts)) {
      for (const task of host.node?.tasks ?? []) {
        task.exitstatus ??= "unexpected status";
        task.endtime ??= task.starttime;
      }
    }
  }
}
