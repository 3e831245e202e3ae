import { Membership } from "@muhlba91/pulumi-proxmoxve/pool/membership";
import { PoolLegacy } from "@muhlba91/pulumi-proxmoxve/poolLegacy";
import * as pulumi from "@pulumi/pulumi";
import { sameAsBefore } from "../aliases";
import type { PoolPlan } from "./plan";

export interface ResourcePoolArgs {
  plan: PoolPlan;
  /** The guests' resources by key: Proxmox VE takes into a pool only a guest that exists. */
  guests: Record<string, pulumi.Resource>;
}

/** A pool and who is in it. A guest cannot say it by itself: the provider would make another container for another pool. */
export class ResourcePool extends pulumi.ComponentResource {
  constructor(name: string, args: ResourcePoolArgs, opts?: pulumi.ComponentResourceOptions) {
    super("proxmox-ha:pool:ResourcePool", name, {}, opts);
    const { id, comment, guests } = args.plan;
    const pool = new PoolLegacy(
      name,
      { poolId: id, comment },
      { parent: this, deleteBeforeReplace: true },
    );
    for (const { key, vmid, ...former } of guests) {
      const guest = args.guests[key];
      new Membership(
        key,
        { poolId: id, vmId: vmid },
        {
          parent: this,
          deleteBeforeReplace: true,
          dependsOn: [pool, ...(guest ? [guest] : [])],
          ...sameAsBefore(former),
        },
      );
    }
    this.registerOutputs({});
  }
}
