import { DnsLegacy } from "@muhlba91/pulumi-proxmoxve/dnsLegacy";
import { Config } from "@muhlba91/pulumi-proxmoxve/node/config";
import { TimeLegacy } from "@muhlba91/pulumi-proxmoxve/timeLegacy";
import * as pulumi from "@pulumi/pulumi";
import type { Connections } from "../connections";
import { remoteScript } from "../remoteScript";
import type { SystemPlan } from "./plan";

export interface SystemArgs {
  plan: SystemPlan;
  connections: Connections;
  /** What a node is gone with; nothing on it is changed any more then. */
  node: (name: string) => pulumi.Resource;
  dependsOn: pulumi.Resource[];
}

/**
 * Clock, names, package sources and notes. The provider sets what it reads back and changes in place. Not so
 * /etc/hosts, which it writes as a whole, and repositories, which it knows by their place in a file: those are scripts.
 * Nothing is undone when it leaves the file, except for notes: no host is to lose its clock or its names.
 */
export class SystemSettings extends pulumi.ComponentResource {
  constructor(name: string, args: SystemArgs, opts?: pulumi.ComponentResourceOptions) {
    super("proxmox-ha:system:SystemSettings", name, {}, opts);
    const { plan, connections, node: nodeOf, dependsOn } = args;
    const parent = { parent: this, deleteBeforeReplace: true };
    for (const { name: node, timeZone, dns, notes } of plan.nodes) {
      if (timeZone !== undefined) {
        new TimeLegacy(`time-${node}`, { nodeName: node, timeZone }, parent);
      }
      if (dns !== undefined) {
        new DnsLegacy(`dns-${node}`, { nodeName: node, ...dns }, parent);
      }
      if (notes !== undefined) {
        new Config(
          `notes-${node}`,
          { nodeName: node, description: notes },
          { ...parent, deletedWith: nodeOf(node) },
        );
      }
    }
    for (const { name, host, script, variables } of plan.steps) {
      remoteScript(name, { host, script, parts: ["system/parts/file"], variables }, connections, {
        parent: this,
        dependsOn,
      });
    }
    this.registerOutputs({});
  }
}
