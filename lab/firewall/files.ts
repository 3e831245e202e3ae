import { die } from "../api/errors";
import type { Site } from "../site";
import type { Pmxcfs } from "../state/types";
import type { FirewallFile, RuleScope } from "./types";

/** One firewall, named as the API's path does it. */
export interface Place {
  site: Site;
  node: string;
  scope: RuleScope;
  /** VMID of a guest. */
  vmid?: string;
}

const empty = (): FirewallFile => ({ options: {}, rules: [], aliases: {}, ipsets: {}, groups: {} });

/** The file as it is; a missing one is empty. */
export function readFirewall({ site, node, scope, vmid = "" }: Place): FirewallFile {
  const { firewalls } = site.pmxcfs(node);
  switch (scope) {
    case "cluster":
    case "group":
      return firewalls?.cluster ?? empty();
    case "host":
      return firewalls?.nodes?.[node] ?? empty();
    case "vm":
    case "ct":
      return firewalls?.guests?.[vmid] ?? empty();
    default: {
      const never: never = scope;
      return never;
    }
  }
}

/** Changes a copy, which is kept only if nothing in there throws. Without quorum the file cannot be written. */
export function changeFirewall(place: Place, change: (file: FirewallFile) => void): null {
  const file = structuredClone(readFirewall(place));
  change(file);
  const { site, node, scope, vmid = "" } = place;
  if (!site.quorum.isQuorate(node)) {
    throw die(`unable to open file '${pathOf(place)}.tmp.${process.pid}' - Permission denied`);
  }
  const firewalls = (site.pmxcfs(node).firewalls ??= {});
  if (scope === "cluster" || scope === "group") firewalls.cluster = file;
  else if (scope === "host") (firewalls.nodes ??= {})[node] = file;
  else (firewalls.guests ??= {})[vmid] = file;
  return null;
}

/** A guest's firewall goes with it. */
export function forgetFirewall(config: Pmxcfs, vmid: number): void {
  delete config.firewalls?.guests?.[String(vmid)];
}

/** A clone has the firewall of what it is made from. */
export function cloneFirewall(config: Pmxcfs, from: number, to: number): void {
  const guests = config.firewalls?.guests;
  const file = guests?.[String(from)];
  if (guests && file) guests[String(to)] = structuredClone(file);
}

/** Rules that name a security group follow its new name, wherever they stand. */
export function renameGroup(config: Pmxcfs, before: string, after: string): void {
  const { cluster, nodes = {}, guests = {} } = config.firewalls ?? {};
  const files = [...(cluster ? [cluster] : []), ...Object.values(nodes), ...Object.values(guests)];
  for (const rule of files.flatMap(({ rules }) => rules)) {
    if (rule.type === "group" && rule.action === before) rule.action = after;
  }
}

function pathOf({ node, scope, vmid }: Place): string {
  if (scope === "host") return `/etc/pve/nodes/${node}/host.fw`;
  return `/etc/pve/firewall/${vmid ?? "cluster"}.fw`;
}
