import type { Site } from "../schema";

export interface HaPlan {
  resources: HaResourcePlan[];
  rules: HaRulePlan[];
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

export function planHa(site: Site): HaPlan {
  const managed = Object.entries(site.guests).flatMap(([key, guest]) => {
    if (!guest.ha) return [];
    const sid = `${guest.type === "vm" ? "vm" : "ct"}:${guest.vmid}`;
    return [{ key, sid, ha: guest.ha }];
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
  };
}
