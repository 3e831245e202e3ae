import type { Caller } from "../api/endpoint";
import { badParameters, die } from "../api/errors";
import type { Values } from "../api/verify";
import { sleep } from "../seams/clock";
import type { Site } from "../site";
import type { TaskLog } from "../tasks/tasks";
import { backupGuest } from "./guestBackup";
import { JobLog } from "./jobLog";
import {
  type BackupOptions,
  backupOptions,
  checkBackupParameters,
  optionProblems,
} from "./options";
import { Scheduler } from "./scheduler";
import { includedGuests } from "./selection";
import { NodeLost, Work } from "./work";

const LOCK_FILE = "/var/run/vzdump.lock";

/** Backups of all nodes: one at a time on each. */
export class Backups {
  readonly scheduler: Scheduler;
  /** What holds the node's lock. */
  private readonly running = new Map<string, Work>();
  /** What is at work, by UPID. */
  private readonly works = new Map<string, Work>();

  constructor(private readonly site: Site) {
    this.scheduler = new Scheduler(site, (node, params, caller) =>
      this.start(node, params, caller),
    );
  }

  /**
   * POST /nodes/N/vzdump: the UPID of the task, or `OK` where the node has nothing to do. Rights on storage and
   * guests are those of `caller`.
   */
  start(node: string, params: Values, caller: Caller): string {
    checkBackupParameters(params);
    if (params.node !== undefined && params.node !== node) return "OK";
    const { site } = this;
    const included = includedGuests(site.pmxcfs(node), params);
    // Guests that are gone fail where everybody sees it.
    const vmids = [...(included.get(node) ?? []), ...(included.get("") ?? [])];
    const elsewhere = [...included].flatMap(([name, ids]) =>
      name === node || name === "" ? [] : ids,
    );
    if (params.stop === 1) {
      this.running.get(node)?.stop();
      if (vmids.length === 0) return "OK";
    }
    if (vmids.length === 0 && params.all !== 1) return "OK";
    const options = backupOptions(site, node, params);
    site.access.require(node, caller, `/storage/${options.storage}`, ["Datastore.AllocateSpace"]);
    const id = vmids.length === 1 ? String(vmids[0]) : "";
    const all = params.all === 1 || params.exclude !== undefined;
    const job: Job = { node, params, options, caller, vmids, elsewhere, all };
    return this.task("vzdump", new Work(site, node), id, caller, (work, log) =>
      this.run(job, work, log),
    );
  }

  /** Starts a task that can be stopped while its work takes time. */
  task(
    type: string,
    work: Work,
    id: string,
    caller: Caller,
    run: (work: Work, log: TaskLog) => Promise<void>,
  ): string {
    const upid = this.site.tasks.start(work.node, type, id, caller.name, (log) => run(work, log));
    this.works.set(upid, work);
    return upid;
  }

  /** What stopping a task does to a backup or restore; others do not notice. */
  interrupt(upid: string): void {
    this.works.get(upid)?.stop();
  }

  private async run(job: Job, work: Work, task: TaskLog): Promise<void> {
    const { site } = this;
    const { node, options } = job;
    const problems = optionProblems(site, node, options);
    if (problems.length > 0) throw die(problems.join("\n"));
    const log = new JobLog(task, site.clock);
    await this.lock(work, options.lockwait, log);
    try {
      await this.execute(job, work, log);
    } finally {
      this.running.delete(node);
    }
  }

  /** Waits for its turn, as long as `minutes`. */
  private async lock(work: Work, minutes: number, log: JobLog): Promise<void> {
    const { clock } = this.site;
    const { node } = work;
    if (this.running.has(node)) {
      const deadline = clock.now() + minutes * 60_000;
      log.jobInfo("trying to get global lock - waiting...");
      while (this.running.has(node)) {
        if (clock.now() >= deadline) {
          const why = minutes === 0 ? "(wait = 0)" : "- got timeout";
          log.error(`can't acquire lock '${LOCK_FILE}' ${why}`, false);
          throw die("unexpected status");
        }
        await sleep(clock, 1_000);
        work.check();
      }
      log.jobInfo("got global lock");
    }
    this.running.set(node, work);
  }

  private async execute(job: Job, work: Work, log: JobLog): Promise<void> {
    const { node, params, options, caller, vmids, elsewhere, all } = job;
    const { access } = this.site;
    log.jobInfo(`starting new backup job: ${commandLine(params)}`);
    if (elsewhere.length > 0) {
      log.jobInfo(`skip external VMs: ${elsewhere.sort((a, b) => a - b).join(", ")}`);
    }
    let failed = 0;
    try {
      for (const vmid of vmids) {
        const path = `/vms/${vmid}`;
        if (this.site.pmxcfs(node).guests[String(vmid)]) {
          if (all && !access.holds(node, caller, path, "VM.Backup")) continue;
          access.require(node, caller, path, ["VM.Backup"]);
        }
        if (!(await backupGuest(work, vmid, options, caller, log))) failed++;
      }
    } catch (error) {
      if (!(error instanceof NodeLost)) {
        log.error(`Backup job failed - ${(error as Error).message}`, false);
      }
      throw error;
    }
    if (failed > 0) {
      log.jobInfo("Backup job finished with errors");
      throw die("job errors");
    }
    log.jobInfo("Backup job finished successfully");
  }
}

interface Job {
  node: string;
  params: Values;
  options: BackupOptions;
  caller: Caller;
  vmids: number[];
  elsewhere: number[];
  /** Guests that the caller has no right to are left out, not refused. */
  all: boolean;
}

const NOT_SHOWN = ["id", "vmid", "stdout", "enabled", "job-id", "starttime", "dow"];

/** `vzdump 100 101 --mode snapshot --storage Backup` (PVE::VZDump::Common::command_line). */
function commandLine(params: Values): string {
  const vmids = params.vmid === undefined ? [] : String(params.vmid).split(/[,;\s]+/);
  const options = Object.entries(params)
    .filter(([key, value]) => !NOT_SHOWN.includes(key) && value !== "")
    .map(([key, value]) => `--${key} ${shellQuoted(String(value))}`);
  return ["vzdump", ...vmids, ...options].join(" ");
}

const shellQuoted = (word: string): string =>
  /^[\w\-.,/=:@%+]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`;

/** Options that only root@pam may set, and those that need rights of their own. */
export function requireBackupPrivileges(
  site: Site,
  node: string,
  caller: Caller,
  params: Values,
): void {
  if (caller.name === "root@pam") return;
  for (const key of ["tmpdir", "dumpdir", "script", "job-id"]) {
    if (params[key] !== undefined) throw badParameters({ [key]: "Only root may set this option." });
  }
  if (["bwlimit", "ionice", "performance"].some((key) => params[key] !== undefined)) {
    site.access.require(node, caller, "/", ["Sys.Modify"]);
  }
  const fleecing = /(?:^|,)storage=([^,]+)/.exec(String(params.fleecing ?? ""))?.[1];
  if (fleecing !== undefined) {
    site.access.require(node, caller, `/storage/${fleecing}`, ["Datastore.AllocateSpace"]);
  }
  if (params["prune-backups"] !== undefined) {
    const storage = String(params.storage ?? "local");
    site.access.require(node, caller, `/storage/${storage}`, ["Datastore.Allocate"]);
  }
  if (params.stop === 1) site.access.require(node, caller, `/nodes/${node}`, ["Sys.Modify"]);
}
