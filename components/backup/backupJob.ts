import { Job } from "@muhlba91/pulumi-proxmoxve/backup/job";
import * as pulumi from "@pulumi/pulumi";
import { pruneBackups } from "../storage/plan";
import type { BackupPlan } from "./plan";

/** A scheduled backup of some guests, or of all. */
export class BackupJob extends pulumi.ComponentResource {
  readonly id: pulumi.Output<string>;

  constructor(name: string, plan: BackupPlan, opts?: pulumi.ComponentResourceOptions) {
    super("proxmox-ha:backup:BackupJob", name, {}, opts);
    const job = new Job(
      name,
      {
        resourceId: plan.id,
        schedule: plan.schedule,
        storage: plan.storage,
        // Both are always said: the provider keeps the old value of one that is left out.
        all: plan.guests === "all",
        ...(plan.guests === "all" ? {} : { vmids: plan.guests }),
        mode: plan.mode,
        compress: plan.compress,
        bwlimit: plan.bandwidth,
        ...(plan.workers === undefined ? {} : { performance: { maxWorkers: plan.workers } }),
        enabled: plan.enabled,
        ...(plan.retention ? { pruneBackups: pruneBackups(plan.retention) } : {}),
      },
      { parent: this, deleteBeforeReplace: true },
    );
    this.id = job.resourceId;
    this.registerOutputs({ id: this.id });
  }
}
