import type { Guest, Site } from "../schema";

export interface HaPlan {
  resources: HaResourcePlan[];
  rules: HaRulePlan[];
  affinities: HaAffinityPlan[];
}

export interface HaResourcePlan {
  /** Key of the guest. */
  guest: string;
  /** `vm:100` or `ct:103`. */
  sid: string;
  state: "started" | "stopped" | "ignored" | "disabled";
  maxRestart: number;
  maxRelocate: number;
  failback: boolean;
}

export interface HaRulePlan {
  /** Id in Proxmox VE; it follows the guest's key and so never changes. */
  id: string;
  guest: string;
  sid: string;
  /** Node → priority, higher first. */
  nodes: Record<string, number>;
  strict: boolean;
}

/** Guests that run on the same node, or no two of them. */
export interface HaAffinityPlan {
  /** Id in Proxmox VE. */
  id: string;
  affinity: "positive" | "negative";
  /** Keys of the guests, by VMID. */
  guests: string[];
  sids: string[];
}

export function planHa(site: Site): HaPlan {
  const managed = Object.entries(site.guests).flatMap(([key, guest]) => {
    if (!guest.ha) return [];
    return [{ key, sid: sidOf(guest), ha: guest.ha }];
  });
  return {
    resources: managed.map(({ key, sid, ha }) => ({
      guest: key,
      sid,
      state: ha.state,
      maxRestart: ha.maxRestart,
      maxRelocate: ha.maxRelocate,
      failback: ha.failback,
    })),
    rules: managed.flatMap(({ key, sid, ha }) =>
      ha.nodes === undefined
        ? []
        : [{ id: `prefer-${key}`, guest: key, sid, nodes: ha.nodes, strict: ha.strict }],
    ),
    affinities: [
      ...planAffinities(site, "together", "positive"),
      ...planAffinities(site, "apart", "negative"),
    ],
  };
}

function planAffinities(
  site: Site,
  section: "together" | "apart",
  affinity: HaAffinityPlan["affinity"],
): HaAffinityPlan[] {
  return Object.entries(site.ha[section]).map(([name, keys]) => {
    const members = keys
      .flatMap((key) => (site.guests[key] ? [{ key, guest: site.guests[key] }] : []))
      .sort((a, b) => a.guest.vmid - b.guest.vmid);
    return {
      // The same for both sections: a group that changes sides would else be refused beside its former self.
      id: `group-${name}`,
      affinity,
      guests: members.map(({ key }) => key),
      sids: members.map(({ guest }) => sidOf(guest)),
    };
  });
}

function sidOf({ type, vmid }: Guest): string {
  return `${type === "vm" ? "vm" : "ct"}:${vmid}`;
}
