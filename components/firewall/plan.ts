import { type OfGuest, renaming } from "../aliases";
import type { Site } from "../schema";
import { LIFELINES, planLifelines } from "./lifelines";
import { bare, meaning, plainAddresses } from "./places";
import { ACTIONS, planRules, type RulePlan } from "./rules";
import { familyOf } from "./values";

type Policy = "ACCEPT" | "DROP" | "REJECT";

export interface FirewallPlan {
  enabled: boolean;
  inputPolicy: Policy;
  outputPolicy: Policy;
  /** Addresses and networks of the administrators. */
  management: string[];
  /** Addresses of the nodes, which may administer each other. */
  members: string[];
  aliases: { name: string; cidr: string }[];
  sets: { name: string; entries: string[] }[];
  groups: { name: string; comment: string; rules: RulePlan[] }[];
  rules: RulePlan[];
  nodes: NodeFirewallPlan[];
  guests: GuestFirewallPlan[];
}

export interface NodeFirewallPlan {
  node: string;
  enabled: boolean;
  logIn: string;
  logOut: string;
  rules: RulePlan[];
}

export interface GuestFirewallPlan extends OfGuest {
  /** Key of the guest. */
  guest: string;
  type: "vm" | "container";
  vmid: number;
  /** Home node. */
  node: string;
  enabled: boolean;
  inputPolicy: Policy;
  outputPolicy: Policy;
  dhcp: boolean;
  macFilter: boolean;
  ipFilter: boolean;
  logIn: string;
  logOut: string;
  rules: RulePlan[];
}

/** Nothing where the site file says nothing: whoever has set up a firewall by hand keeps it. */
export function planFirewall(site: Site): FirewallPlan | undefined {
  const { firewall } = site;
  if (!firewall) return undefined;
  const lifelines: RulePlan = { group: LIFELINES, comment: "what the site needs", enabled: true };
  return {
    enabled: firewall.enabled,
    inputPolicy: ACTIONS[firewall.inbound],
    outputPolicy: ACTIONS[firewall.outbound],
    management: plainAddresses(site, firewall.management),
    members: plainAddresses(site, Object.keys(site.nodes)),
    aliases: Object.entries(firewall.aliases).map(([name, cidr]) => ({ name, cidr: bare(cidr) })),
    sets: Object.entries(firewall.sets).map(([name, entries]) => ({
      name,
      entries: setEntries(site, entries),
    })),
    groups: [
      { name: LIFELINES, comment: "Written by proxmox-ha.", rules: planLifelines(site) },
      ...Object.entries(firewall.groups).map(([name, rules]) => ({
        name,
        comment: "",
        rules: planRules(site, rules),
      })),
    ],
    rules: [lifelines, ...planRules(site, firewall.rules)],
    nodes: Object.entries(site.nodes).flatMap(([node, { firewall: own }]) => {
      if (!own) return [];
      const { enabled, logIn, logOut } = own;
      const rules = planRules(site, own.rules);
      // Those of a node are asked before those of the cluster.
      return [
        { node, enabled, logIn, logOut, rules: rules.length > 0 ? [lifelines, ...rules] : [] },
      ];
    }),
    guests: planGuestFirewalls(site),
  };
}

function setEntries(site: Site, entries: readonly string[]): string[] {
  const all = entries.flatMap((entry) =>
    familyOf(entry) === undefined ? meaning(site, entry).map(({ text }) => text) : [bare(entry)],
  );
  return [...new Set(all)].sort();
}

function planGuestFirewalls(site: Site): GuestFirewallPlan[] {
  return Object.entries(site.guests).flatMap(
    ([guest, { type, vmid, node, firewall, renamedFrom }]) => {
      if (!firewall) return [];
      const { inbound, outbound, rules, ...rest } = firewall;
      return [
        {
          guest,
          ...renaming({ renamedFrom }),
          type,
          vmid,
          node,
          ...rest,
          inputPolicy: ACTIONS[inbound],
          outputPolicy: ACTIONS[outbound],
          rules: planRules(site, rules),
        },
      ];
    },
  );
}
