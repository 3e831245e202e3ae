import { Options } from "@muhlba91/pulumi-proxmoxve/cluster/options";
import * as pulumi from "@pulumi/pulumi";
import type { OptionsPlan } from "./plan";

/** Options of Proxmox VE that are nobody's in the site file: whoever set them by hand keeps them. */
const FOREIGN = [
  "description",
  "emailFrom",
  "httpProxy",
  "language",
  "macPrefix",
  "nextId",
  "notify",
];

/**
 * Settings of the whole cluster. Every one of ours is always said, because the provider writes settings that belong
 * together as one, and keeps the old value of some that are left out.
 */
export class ClusterOptions extends pulumi.ComponentResource {
  constructor(name: string, plan: OptionsPlan, opts?: pulumi.ComponentResourceOptions) {
    super("proxmox-ha:options:ClusterOptions", name, { linkSpeed: plan.linkSpeed }, opts);
    const { limits, migration, webInterface } = plan;
    new Options(
      name,
      {
        bandwidthLimitDefault: limits.default,
        bandwidthLimitMigration: limits.migration,
        bandwidthLimitRestore: limits.restore,
        bandwidthLimitMove: limits.move,
        bandwidthLimitClone: limits.clone,
        maxWorkers: plan.workers,
        haShutdownPolicy: plan.shutdownPolicy,
        crsHa: plan.scheduling,
        crsHaRebalanceOnStart: plan.rebalanceOnStart,
        migrationType: migration.type,
        migrationCidr: migration.network,
        ...webInterface,
      },
      {
        parent: this,
        deleteBeforeReplace: true,
        // The cluster stays when the stack goes, and so do its settings: the provider would take the foreign ones too.
        retainOnDelete: true,
        ignoreChanges: [
          ...FOREIGN,
          ...(["console", "keyboard"] as const).filter((key) => webInterface[key] === undefined),
        ],
      },
    );
    this.registerOutputs({});
  }
}
