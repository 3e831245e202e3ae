import { RulesLegacy } from "@muhlba91/pulumi-proxmoxve/firewall/rulesLegacy";
import { Firewall } from "@muhlba91/pulumi-proxmoxve/node/firewall";
import * as pulumi from "@pulumi/pulumi";
import type { NodeFirewallPlan } from "./plan";
import { ruleInputs } from "./ruleInputs";

export interface NodeFirewallArgs {
  plan: NodeFirewallPlan;
  /** What its rules name. */
  dependsOn: pulumi.Resource[];
}

/**
 * The firewall of a node. Only the node itself answers for it, so the launcher leaves resources of this component and
 * the node's name out of a run while the node is down.
 */
export class NodeFirewall extends pulumi.ComponentResource {
  /** What must be there before the firewall is turned on. */
  readonly resources: pulumi.Resource[];

  constructor(name: string, args: NodeFirewallArgs, opts?: pulumi.ComponentResourceOptions) {
    super("proxmox-ha:firewall:NodeFirewall", name, {}, opts);
    const { node, enabled, logIn: logLevelIn, logOut: logLevelOut } = args.plan;
    const inside = { parent: this, deleteBeforeReplace: true };
    const rules = args.plan.rules.map(ruleInputs);
    const list =
      rules.length > 0
        ? [
            new RulesLegacy(
              name,
              { nodeName: node, rules },
              { ...inside, dependsOn: args.dependsOn },
            ),
          ]
        : [];
    const inputs = { nodeName: node, enabled, logLevelIn, logLevelOut };
    this.resources = [...list, new Firewall(name, inputs, { ...inside, dependsOn: list })];
    this.registerOutputs({});
  }
}
