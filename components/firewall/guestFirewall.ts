import { ContainerLegacy } from "@muhlba91/pulumi-proxmoxve/containerLegacy";
import { RulesLegacy } from "@muhlba91/pulumi-proxmoxve/firewall/rulesLegacy";
import { VmLegacy } from "@muhlba91/pulumi-proxmoxve/vmLegacy";
import * as pulumi from "@pulumi/pulumi";
import { sameAsBefore } from "../aliases";
import type { Connections } from "../connections";
import { remoteScript } from "../remoteScript";
import type { GuestFirewallPlan } from "./plan";
import { ruleInputs } from "./ruleInputs";

export interface GuestFirewallArgs {
  plan: GuestFirewallPlan;
  host: string;
  connections: Connections;
  guest: pulumi.Resource | undefined;
  /** What its rules name. */
  dependsOn: pulumi.Resource[];
}

/**
 * The firewall of a guest. Its rules can be asked from any node, wherever the guest is and whatever has become of its
 * home. Its options cannot: Proxmox VE asks them at the node in the path, and a refresh would fail while that is down.
 * So a script sets them, at a node that answers; it also turns the guest's firewall off before the rules go, which the
 * provider would not do.
 */
export class GuestFirewall extends pulumi.ComponentResource {
  constructor(name: string, args: GuestFirewallArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan, host, connections, guest } = args;
    const dependsOn = [...args.dependsOn, ...(guest ? [guest] : [])];
    const { vmid, enabled, inputPolicy, outputPolicy } = plan;
    // Policies read these.
    const said = { vmId: vmid, enabled, inputPolicy, outputPolicy };
    super("proxmox-ha:firewall:GuestFirewall", name, said, opts);
    const inside = { parent: this, deleteBeforeReplace: true };
    const id = plan.type === "vm" ? { vmId: vmid } : { containerId: vmid };
    const rules =
      plan.rules.length > 0
        ? [
            new RulesLegacy(
              name,
              { nodeName: plan.node, ...id, rules: plan.rules.map(ruleInputs) },
              { ...inside, dependsOn },
            ),
          ]
        : [];
    remoteScript(
      `firewall-${name}`,
      {
        host,
        script: "firewall/guest",
        words: [plan.type === "vm" ? "qemu" : "lxc", String(vmid)],
        variables: { OPTIONS: optionLines(plan), CARD: cardOf(guest) },
        removes: true,
      },
      connections,
      {
        ...inside,
        dependsOn: [...dependsOn, ...rules],
        ...sameAsBefore(plan, (key) => `firewall-${key}`),
      },
    );
    this.registerOutputs({});
  }
}

/**
 * Hardware address of the guest's first network card. A guest that is made anew under the same number has another, and
 * none of these options.
 */
function cardOf(guest: pulumi.Resource | undefined): pulumi.Input<string> {
  if (VmLegacy.isInstance(guest)) {
    return guest.networkDevices.apply((cards) => cards?.[0]?.macAddress ?? "");
  }
  if (ContainerLegacy.isInstance(guest)) {
    return guest.networkInterfaces.apply((cards) => cards?.[0]?.macAddress ?? "");
  }
  return "";
}

/** Every option is said, so that one that leaves the file goes back to its default (pve-firewall: vm_option_properties). */
function optionLines(plan: GuestFirewallPlan): string {
  const flag = (on: boolean): string => (on ? "1" : "0");
  const options = {
    dhcp: flag(plan.dhcp),
    enable: flag(plan.enabled),
    ipfilter: flag(plan.ipFilter),
    log_level_in: plan.logIn,
    log_level_out: plan.logOut,
    macfilter: flag(plan.macFilter),
    policy_in: plan.inputPolicy,
    policy_out: plan.outputPolicy,
  };
  return Object.entries(options)
    .map(([key, value]) => `${key} ${value}`)
    .join("\n");
}
