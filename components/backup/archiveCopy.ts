import * as pulumi from "@pulumi/pulumi";
import type { Connections } from "../connections";
import { remoteScript } from "../remoteScript";
import { type CopyPlan, keepOptions } from "./copyPlan";

/**
 * New backups on one storage, copied to another by a timer on each of its nodes, of which one does the work. The copies
 * stay when it goes. Its inputs tell the policies that there is a second copy.
 */
export class ArchiveCopy extends pulumi.ComponentResource {
  constructor(
    name: string,
    plan: CopyPlan,
    connections: Connections,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const { from, to, onCalendar, nodes, maxAge } = plan;
    super("proxmox-ha:backup:ArchiveCopy", name, { from, to, onCalendar, nodes, maxAge }, opts);
    for (const node of nodes) {
      const variables = {
        COPY: name,
        FROM: from,
        TO: to,
        ON_CALENDAR: onCalendar,
        NODES: nodes.join(","),
        LIMIT: String(plan.bandwidth),
        KEEP: plan.retention ? keepOptions(plan.retention) : "",
      };
      remoteScript(
        `copy-${name}-${node}`,
        { host: node, script: "backup/copies", variables, removes: true },
        connections,
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}
