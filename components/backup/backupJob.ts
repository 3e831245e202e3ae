import { Job, type JobArgs } from "@muhlba91/pulumi-proxmoxve/backup/job";
import * as pulumi from "@pulumi/pulumi";
import { pruneBackups } from "../storage/plan";
import type { BackupPlan, Selection } from "./plan";

/** A scheduled backup of some guests, of a pool, or of all. */
export class BackupJob extends pulumi.ComponentResource {
  readonly id: pulumi.Output<string>;

  constructor(name: string, plan: BackupPlan, opts?: pulumi.ComponentResourceOptions) {
    super("proxmox-ha:backup:BackupJob", name, {}, opts);
    const job = new Job(name, jobArgs(plan), {
      parent: this,
      deleteBeforeReplace: true,
      // Between a pool and the other choices there is no way but another job; archives stay.
      replaceOnChanges: ["pool"],
    });
    this.id = job.resourceId;
    this.registerOutputs({ id: this.id });
  }
}

function jobArgs(plan: BackupPlan): JobArgs {
  const { node, notes, mail, fleecing, workers, retention, changeDetection } = plan;
  return {
    resourceId: plan.id,
    schedule: plan.schedule,
    storage: plan.storage,
    ...selected(plan.selection),
    ...(node === undefined ? {} : { node }),
    mode: plan.mode,
    compress: plan.compress,
    bwlimit: plan.bandwidth,
    ionice: plan.ioPriority,
    protected: plan.protected,
    repeatMissed: plan.repeatMissed,
    enabled: plan.enabled,
    ...(retention ? { pruneBackups: pruneBackups(retention) } : {}),
    ...(notes === undefined ? {} : { notesTemplate: notes }),
    ...(mail ? { mailtos: mail.to, mailnotification: mail.when } : {}),
    ...(fleecing === undefined ? {} : { fleecing: { enabled: true, storage: fleecing } }),
    ...(workers === undefined ? {} : { performance: { maxWorkers: workers } }),
    ...(changeDetection ? { pbsChangeDetectionMode: changeDetection } : {}),
  };
}

/**
 * The provider takes one of these only, `all: false` beside the others neither. What is left out of `all` keeps its old
 * value, and Proxmox VE lets a list go before it, but not a pool.
 */
function selected(selection: Selection): Pick<JobArgs, "all" | "vmids" | "excludes" | "pool"> {
  switch (selection.kind) {
    case "all":
      return {
        all: true,
        ...(selection.except.length > 0 ? { excludes: selection.except } : {}),
      };
    case "guests":
      return { vmids: selection.vmids };
    case "pool":
      return { pool: selection.pool };
  }
}
