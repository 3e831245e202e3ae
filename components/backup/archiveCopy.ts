import * as pulumi from "@pulumi/pulumi";
import type { Connections } from "../connections";
import { remoteScript } from "../remoteScript";
import { type CopyPlan, keepOptions } from "./copyPlan";

/**
 * New backups on one storage, copied to another by a timer on each of its nodes, of which one does the work. The copies
 * stay when it goes. Its inputs tell the policies that there is a second copy, and how many of them stay.
 */
export class ArchiveCopy extends pulumi.ComponentResource {
  constructor(
    name: string,
    plan: CopyPlan,
    connections: Connections,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const { from, to, onCalendar, nodes, maxAge, retention } = plan;
    const told = { from, to, onCalendar, nodes, maxAge, ...(retention ? { retention } : {}) };
    super("proxmox-ha:backup:ArchiveCopy", name, told, opts);
    for (const node of nodes) {
      const variables = {
        COPY: name,
        FROM: from,
        TO: to,
        ON_CALENDAR: onCalendar,
        NODES: nodes.join(","),
        LIMIT: String(plan.bandwidth),
        KEEP: retention ? keepOptions(retention) : "",
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
