import { Nfs } from "@muhlba91/pulumi-proxmoxve/storage/nfs";
import * as pulumi from "@pulumi/pulumi";
import type { StoragePlan } from "./plan";

/** An NFS export that every node mounts. Its id, server and export are fixed once it exists. */
export class SharedStorage extends pulumi.ComponentResource {
  readonly id: pulumi.Output<string>;

  constructor(
    name: string,
    plan: StoragePlan,
    opts: pulumi.ComponentResourceOptions & { protect: boolean },
  ) {
    const { protect, ...rest } = opts;
    super("proxmox-ha:storage:SharedStorage", name, {}, rest);
    const nfs = new Nfs(
      name,
      {
        resourceId: plan.id,
        server: plan.server,
        export: plan.export,
        contents: plan.content,
        ...(plan.options ? { options: plan.options } : {}),
        ...(plan.retention
          ? {
              backups: Object.fromEntries(
                Object.entries(plan.retention).map(([period, count]) => [
                  `keep${period.charAt(0).toUpperCase()}${period.slice(1)}`,
                  count,
                ]),
              ),
            }
          : {}),
      },
      // The id is taken while the old definition stands.
      { parent: this, deleteBeforeReplace: true, protect },
    );
    this.id = nfs.resourceId;
    this.registerOutputs({ id: this.id });
  }
}
