import { type OfGuest, renaming } from "../aliases";
import type { Guest, Site } from "../schema";

export interface HaPlan {
  resources: HaResourcePlan[];
  /** Preferred nodes on release 8, which has no rules. */
  groups: HaGroupPlan[];
  rules: HaRulePlan[];
  affinities: HaAffinityPlan[];
}

export interface HaResourcePlan extends OfGuest {
  /** Key of the guest. */
  guest: string;
  /** `vm:100` or `ct:103`. */
  sid: string;
  state: "started" | "stopped" | "ignored" | "disabled";
  maxRestart: number;
  maxRelocate: number;
  /**
   * Absent where it does: that is Proxmox VE's default, which guests that were in a group of release 8 do not say. On
   * release 8 it is the group's.
   */
  failback?: false;
  /** Release 8: name of the group. */
  group?: string;
}

export interface HaGroupPlan {
  /** Name in Proxmox VE; it follows the guest's key and so never changes. */
  name: string;
  nodes: Record<string, number>;
  restricted: boolean;
  noFailback: boolean;
}

export interface HaRulePlan extends OfGuest {
  /** Name in Pulumi; it follows the guest's key and so never changes. */
  name: string;
  /** Id in Proxmox VE. */
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
  const managed = Object.entries(site.guests).flatMap(([key, guest]) =>
    guest.ha ? [{ key, sid: sidOf(guest), ha: guest.ha, former: renaming(guest) }] : [],
  );
  return site.cluster.release === 8 ? planForGroups(managed) : planForRules(site, managed);
}

interface Managed {
  key: string;
  sid: string;
  ha: NonNullable<Guest["ha"]>;
  former: OfGuest;
}

/** Name of what says where a guest runs. */
export const preference = (key: string): string => `prefer-${key}`;

function planForRules(site: Site, managed: Managed[]): HaPlan {
  return {
    resources: managed.map((one) => ({
      ...resourceOf(one),
      ...(one.ha.failback ? {} : { failback: false as const }),
    })),
    groups: [],
    rules: managed.flatMap(({ key, sid, ha: { nodes, strict }, former }) =>
      nodes === undefined
        ? []
        : [
            {
              name: preference(key),
              id: ruleId(site, key),
              guest: key,
              ...former,
              sid,
              nodes,
              strict,
            },
          ],
    ),
    affinities: [
      ...planAffinities(site, "together", "positive"),
      ...planAffinities(site, "apart", "negative"),
    ],
  };
}

/** Release 9 calls the rule that it makes of a group after that (PVE::HA::Groups). */
function ruleId({ cluster }: Site, key: string): string {
  return cluster.upgradedFrom === 8 ? `ha-group-${preference(key)}` : preference(key);
}

function planForGroups(managed: Managed[]): HaPlan {
  return {
    resources: managed.map((one) => ({
      ...resourceOf(one),
      ...(one.ha.nodes ? { group: preference(one.key) } : {}),
    })),
    groups: managed.flatMap(({ key, ha: { nodes, strict, failback } }) =>
      nodes === undefined
        ? []
        : [{ name: preference(key), nodes, restricted: strict, noFailback: !failback }],
    ),
    rules: [],
    affinities: [],
  };
}

function resourceOf({ key, sid, ha, former }: Managed): HaResourcePlan {
  const { state, maxRestart, maxRelocate } = ha;
  return { guest: key, ...former, sid, state, maxRestart, maxRelocate };
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
