import { Hagroup } from "@muhlba91/pulumi-proxmoxve/hagroup";
import { Haresource } from "@muhlba91/pulumi-proxmoxve/haresource";
import { Harule } from "@muhlba91/pulumi-proxmoxve/harule";
import * as pulumi from "@pulumi/pulumi";
import { sameAsBefore } from "../aliases";
import { type HaPlan, preference } from "./plan";

export interface HighAvailabilityArgs {
  plan: HaPlan;
  /** The guests' resources by key: Proxmox VE takes an HA resource only for a guest that exists. */
  guests: Record<string, pulumi.Resource>;
  /** The guests' replication jobs by key: a guest that is to fail over has its copies first. */
  replications: Record<string, pulumi.Resource[]>;
}

/**
 * HA resources and where they run. Groups, which release 8 has, come before the guests that are in them; rules, which
 * take their place on 9, come last: they may name managed guests only.
 */
export class HighAvailability extends pulumi.ComponentResource {
  constructor(name: string, args: HighAvailabilityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("proxmox-ha:ha:HighAvailability", name, {}, opts);
    const groups = new Map(
      args.plan.groups.map(({ name: group, ...rest }) => [
        group,
        new Hagroup(group, { group, ...rest }, { parent: this, deleteBeforeReplace: true }),
      ]),
    );
    const resources = new Map(
      args.plan.resources.map((resource) => {
        const needed = [
          args.guests[resource.guest],
          ...(args.replications[resource.guest] ?? []),
          groups.get(resource.group ?? ""),
        ];
        const made = new Haresource(
          resource.guest,
          {
            resourceId: resource.sid,
            state: resource.state,
            maxRestart: resource.maxRestart,
            maxRelocate: resource.maxRelocate,
            ...(resource.failback === undefined ? {} : { failback: resource.failback }),
            ...(resource.group === undefined ? {} : { group: resource.group }),
          },
          {
            parent: this,
            deleteBeforeReplace: true,
            dependsOn: needed.filter((one) => one !== undefined),
            ...sameAsBefore(resource),
          },
        );
        return [resource.guest, made] as const;
      }),
    );
    const preferences = new Map<string, Harule>();
    for (const rule of args.plan.rules) {
      const resource = resources.get(rule.guest);
      const made = new Harule(
        rule.name,
        {
          rule: rule.id,
          type: "node-affinity",
          resources: [rule.sid],
          nodes: rule.nodes,
          strict: rule.strict,
        },
        {
          parent: this,
          deleteBeforeReplace: true,
          // Release 9 says there of which group it has made the rule.
          ignoreChanges: ["comment"],
          dependsOn: resource ? [resource] : [],
          ...sameAsBefore(rule, preference),
        },
      );
      preferences.set(rule.guest, made);
    }
    for (const { id, affinity, guests, sids } of args.plan.affinities) {
      // Proxmox VE refuses a rule that contradicts the guests' preferred nodes, so those are changed first.
      const dependsOn = guests.flatMap((key) =>
        [resources.get(key) ?? [], preferences.get(key) ?? []].flat(),
      );
      new Harule(
        id,
        { rule: id, type: "resource-affinity", affinity, resources: sids },
        { parent: this, deleteBeforeReplace: true, dependsOn },
      );
    }
    this.registerOutputs({});
  }
}
