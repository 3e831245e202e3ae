import { Replication } from "@muhlba91/pulumi-proxmoxve/replication";
import * as pulumi from "@pulumi/pulumi";
import type { ReplicationPlan } from "./plan";

export interface ReplicationJobArgs {
  plan: ReplicationPlan;
  /** Proxmox VE takes a job only for a guest that exists, and removes no container that has one. */
  guest?: pulumi.Resource;
}

/** A job that copies a guest's disks to another node. */
export class ReplicationJob extends pulumi.ComponentResource {
  readonly resource: Replication;

  constructor(name: string, args: ReplicationJobArgs, opts?: pulumi.ComponentResourceOptions) {
    super("proxmox-ha:replication:ReplicationJob", name, {}, opts);
    const { id, target, schedule, rate, comment, enabled } = args.plan;
    this.resource = new Replication(
      name,
      {
        resourceId: id,
        type: "local",
        target,
        schedule,
        ...(rate === undefined ? {} : { rate }),
        ...(comment === undefined ? {} : { comment }),
        disable: !enabled,
      },
      {
        parent: this,
        deleteBeforeReplace: true,
        // Proxmox VE exchanges the two nodes when the guest has moved. Another target is another job, by its name.
        ignoreChanges: ["target"],
        dependsOn: args.guest ? [args.guest] : [],
        // What is deleted takes its jobs along, or is not deleted because of them.
        replaceWith: args.guest ? [args.guest] : [],
      },
    );
    this.registerOutputs({});
  }
}
