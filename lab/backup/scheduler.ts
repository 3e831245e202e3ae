import type { Caller } from "../api/endpoint";
import type { Values } from "../api/verify";
import { eachMinute, seconds } from "../seams/clock";
import type { Site } from "../site";
import type { BackupJob, JobState } from "../state/types";
import { nextEvent, parseCalendarEvent } from "./calendar";

const ROOT: Caller = { userid: "root@pam", name: "root@pam" };
/** Keys of a job that are its own, not the backup's. */
const OF_JOB = ["comment", "enabled", "id", "repeat-missed", "schedule", "type"];
const NUMBERS = ["all", "bwlimit", "ionice", "lockwait", "protected", "remove", "stop", "stopwait"];

type Start = (node: string, params: Values, caller: Caller) => string;

/**
 * pvescheduler: every minute each node looks into the jobs that the cluster has and runs those that are due, for its
 * own guests (PVE::Jobs).
 */
export class Scheduler {
  /** Nodes that have looked once since they booted, with the time of that boot. */
  private readonly seen = new Map<string, number>();
  private readonly begun: number;

  constructor(
    private readonly site: Site,
    private readonly start: Start,
  ) {
    this.begun = site.clock.now();
    eachMinute(site.clock, () => this.round());
  }

  round(): void {
    for (const { name, power, node, bootedAt } of Object.values(this.site.state.hosts)) {
      if (!node || !power) continue;
      const first = this.seen.get(name) !== bootedAt;
      this.runJobs(name, first ? Math.max(bootedAt, this.begun) : undefined);
      this.seen.set(name, bootedAt);
    }
  }

  /** A node knows a job that was made or changed there from that moment on, others from their next round. */
  noteJob(node: string, id: string, { enabled = "", schedule = "" }: BackupJob): void {
    const states = (this.site.nodeState(node).jobs ??= {});
    const config = { enabled, schedule };
    const now = seconds(this.site.clock);
    const known = states[id];
    if (!known) states[id] = { state: "created", time: now, config };
    else if (known.config.enabled !== enabled || known.config.schedule !== schedule) {
      known.config = config;
      known.updated = now;
    }
  }

  /** `booted` in a node's first round: what was due before is only made up for where a job asks for it. */
  private runJobs(node: string, booted: number | undefined): void {
    const { site } = this;
    const { jobs } = site.pmxcfs(node);
    // Its own record of the jobs is brought up to date under a lock of the cluster's.
    if (Object.keys(jobs).length === 0 || !site.quorum.isQuorate(node)) return;
    for (const [id, job] of Object.entries(jobs)) this.noteJob(node, id, job);
    const states = site.nodeState(node).jobs ?? {};
    for (const id of Object.keys(states)) if (!jobs[id]) delete states[id];
    for (const id of Object.keys(jobs).sort()) {
      const [job, state] = [jobs[id], states[id]];
      if (!job || !state || (job.node !== undefined && job.node !== node)) continue;
      this.noteEnd(node, state);
      if (booted !== undefined && job["repeat-missed"] !== "1") {
        state.updated = Math.max(this.lastRun(state), Math.floor(booted / 1000));
      }
      if (job.enabled !== "0" && state.state !== "started" && this.isDue(job, state)) {
        this.run(node, id, job, state);
      }
    }
    site.store.touch();
  }

  private noteEnd(node: string, state: JobState): void {
    if (state.state !== "started") return;
    const task = this.site.tasks.find(node, state.upid ?? "");
    if (task && task.exitstatus === undefined) return;
    state.state = "stopped";
    state.msg = task?.exitstatus ?? "internal error";
  }

  private isDue(job: BackupJob, state: JobState): boolean {
    try {
      const next = nextEvent(parseCalendarEvent(job.schedule ?? ""), this.lastRun(state));
      return next !== undefined && seconds(this.site.clock) >= next;
    } catch {
      return false;
    }
  }

  private lastRun({ updated, upid, time = 0 }: JobState): number {
    const started = upid?.split(":")[4];
    return updated ?? (started === undefined ? time : Number.parseInt(started, 16));
  }

  private run(node: string, id: string, job: BackupJob, state: JobState): void {
    delete state.updated;
    delete state.upid;
    delete state.msg;
    state.time = seconds(this.site.clock);
    const entries = Object.entries(job).filter(([key]) => !OF_JOB.includes(key));
    const params: Values = Object.fromEntries(
      entries.map(([key, value]) => [key, NUMBERS.includes(key) ? Number(value) : value]),
    );
    state.state = "stopped";
    try {
      const upid = this.start(node, { ...params, quiet: 1, "job-id": id }, ROOT);
      if (upid === "OK") state.msg = "OK";
      else Object.assign(state, { state: "started", upid });
    } catch (error) {
      state.msg = (error as Error).message;
    }
  }
}
