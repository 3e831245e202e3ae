import { FirewallLegacy } from "@muhlba91/pulumi-proxmoxve/cluster/firewallLegacy";
import { GroupLegacy } from "@muhlba91/pulumi-proxmoxve/cluster/firewall/security/groupLegacy";
import { AliasLegacy } from "@muhlba91/pulumi-proxmoxve/firewall/aliasLegacy";
import { RulesLegacy } from "@muhlba91/pulumi-proxmoxve/firewall/rulesLegacy";
import * as pulumi from "@pulumi/pulumi";
import type { Connections } from "../connections";
import { remoteScript } from "../remoteScript";
import { sameAsBefore } from "../aliases";
import { GuestFirewall } from "./guestFirewall";
import { LIFELINES } from "./lifelines";
import { NodeFirewall } from "./nodeFirewall";
import type { FirewallPlan } from "./plan";
import { ruleInputs } from "./ruleInputs";

export interface SiteFirewallArgs {
  plan: FirewallPlan;
  /** The guests' resources by key. */
  guests: Record<string, pulumi.Resource>;
  /** The node that scripts run on. */
  host: string;
  connections: Connections;
}

/**
 * The firewall of the whole site. What rules name exists before them, and all rules exist before the firewall is turned
 * on; when it goes, it is turned off first.
 */
export class SiteFirewall extends pulumi.ComponentResource {
  constructor(name: string, args: SiteFirewallArgs, opts?: pulumi.ComponentResourceOptions) {
    super("proxmox-ha:firewall:SiteFirewall", name, {}, opts);
    const { plan, host, connections } = args;
    const inside = { parent: this, deleteBeforeReplace: true };
    const after = (...dependsOn: pulumi.Resource[]) => ({ ...inside, dependsOn });

    const guard = remoteScript(
      "firewall-guard",
      {
        host,
        script: "firewall/guard",
        variables: {
          ENABLED: plan.enabled ? "yes" : "no",
          ALLOWED: [...plan.management, ...plan.members].join("\n"),
        },
      },
      connections,
      inside,
    );
    const aliases = plan.aliases.map((alias) => new AliasLegacy(alias.name, alias, inside));
    const sets = plan.sets.map((set) => {
      // The provider makes another set for each change of its entries, and what rules say of it counts for nothing
      // until it is there again.
      const words = [set.name];
      const variables = { ENTRIES: set.entries.join("\n") };
      const script = { host, script: "firewall/set", words, variables, removes: true };
      return remoteScript(`set-${set.name}`, script, connections, after(...aliases));
    });
    const groups = plan.groups.map((group) => {
      const { rules, ...rest } = group;
      const needed = group.name === LIFELINES ? [guard] : [...aliases, ...sets];
      return new GroupLegacy(
        group.name,
        { ...rest, rules: rules.map(ruleInputs) },
        after(...needed),
      );
    });
    const named = [...aliases, ...sets, ...groups];

    const rules = new RulesLegacy("site", { rules: plan.rules.map(ruleInputs) }, after(...named));
    const nodes = plan.nodes.flatMap(
      (node) => new NodeFirewall(node.node, { plan: node, dependsOn: named }, inside).resources,
    );
    // The provider leaves the firewall on when its resource is deleted.
    const off = remoteScript(
      "firewall-off",
      { host, script: "firewall/off", removes: true },
      connections,
      after(...named, rules, ...nodes),
    );
    new FirewallLegacy(
      name,
      {
        enabled: plan.enabled,
        inputPolicy: plan.inputPolicy,
        outputPolicy: plan.outputPolicy,
        forwardPolicy: "ACCEPT",
        // Left out, the provider would turn off what Proxmox VE has on.
        ebtables: true,
        logRatelimit: { enabled: true, burst: 5, rate: "1/second" },
      },
      after(off),
    );
    for (const guest of plan.guests) {
      const own = args.guests[guest.guest];
      const made = { plan: guest, guest: own, host, connections, dependsOn: named };
      new GuestFirewall(guest.guest, made, { ...inside, ...sameAsBefore(guest) });
    }
    this.registerOutputs({});
  }
}
