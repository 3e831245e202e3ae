import { type OfGuest, renaming } from "../aliases";
import type { Guest, Site } from "../schema";

export interface CommonPlan extends OfGuest {
  /** Key in the YAML: the guest's identity, name and host name. */
  key: string;
  vmid: number;
  node: string;
  notes: string;
  tags: string[];
  /** An HA guest's power is the HA manager's business. */
  managed: boolean;
  /** Proxmox VE refuses to remove it. */
  protection: boolean;
  /** Its place when its node starts and stops; absent where the HA manager does both. */
  startup?: StartupPlan;
  /** Seconds that it needs to shut down. */
  shutdownTimeout?: number;
  /** Pulumi refuses to delete it. */
  protect: boolean;
  /** A change that deletes and re-creates it is allowed today. */
  replaceable: boolean;
  /** Its network cards are behind its firewall; absent where it has none. */
  filtered?: true;
  /** Storages that must exist first. */
  storages: string[];
  /** Volumes that must be there first, where `media` has them: an ISO image, a template, a cloud image. */
  files: string[];
}

export interface StartupPlan {
  order?: number;
  /** Seconds. */
  upDelay?: number;
  downDelay?: number;
}

export interface DiskPlan {
  slot: string;
  storage: string;
  /** GiB. */
  size: number;
}

export interface GuestRules {
  /** The stack protects what holds data, unless the guest says otherwise. */
  protect: boolean;
  /** `2026-11-23`. */
  today: string;
}

export function planCommon(
  site: Site,
  key: string,
  guest: Guest,
  rules: GuestRules,
  storages: string[],
  files: string[],
): CommonPlan {
  const managed = guest.ha !== undefined && guest.ha.state !== "ignored";
  const startup = managed ? {} : planStartup(guest);
  return {
    key,
    ...renaming(guest),
    vmid: guest.vmid,
    node: guest.node,
    notes: guest.notes?.trim() ?? "",
    tags: [...(guest.tags ?? [])].sort(),
    managed,
    protection: guest.protection,
    ...(Object.keys(startup).length > 0 ? { startup } : {}),
    ...(guest.shutdownTimeout === undefined ? {} : { shutdownTimeout: guest.shutdownTimeout }),
    ...(guest.firewall ? { filtered: true } : {}),
    protect: guest.protect ?? rules.protect,
    replaceable: guest.replaceUntil !== undefined && guest.replaceUntil >= rules.today,
    storages: [...new Set(storages)].filter((id) => site.storages[id] !== undefined),
    files,
  };
}

function planStartup({ start, shutdownTimeout }: Guest): StartupPlan {
  return {
    ...(start ? { order: start.order } : {}),
    ...(start?.delay === undefined ? {} : { upDelay: start.delay }),
    ...(shutdownTimeout === undefined ? {} : { downDelay: shutdownTimeout }),
  };
}
