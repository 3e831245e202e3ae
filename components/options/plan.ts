import type { Site } from "../schema";

/** What holds for the whole cluster (datacenter.cfg). */
export interface OptionsPlan {
  /** KiB a second of the slowest link, from which limits that nobody gives are derived. */
  linkSpeed: number;
  /** KiB a second and task; 0 is without a limit. */
  limits: {
    default: number;
    migration: number | undefined;
    restore: number | undefined;
    move: number | undefined;
    clone: number | undefined;
  };
  workers: number;
  shutdownPolicy: Site["ha"]["shutdownPolicy"];
  scheduling: Site["ha"]["scheduling"];
  rebalanceOnStart: boolean;
  migration: Site["migration"];
  webInterface: Site["webInterface"];
}

export function planOptions(site: Site): OptionsPlan {
  const { linkSpeed } = site.network;
  const { workers = usualWorkers(linkSpeed), migration, restore, move, clone } = site.limits;
  return {
    linkSpeed,
    limits: {
      default: site.limits.default ?? shareOf(linkSpeed, TASKS, workers),
      migration,
      restore,
      move,
      clone,
    },
    workers,
    shutdownPolicy: site.ha.shutdownPolicy,
    scheduling: site.ha.scheduling,
    rebalanceOnStart: site.ha.rebalanceOnStart,
    migration: site.migration,
    webInterface: site.webInterface,
  };
}

/**
 * Parts of the slowest link that are given away. Corosync takes next to nothing, but takes a link that is full for one
 * that is broken, and then nodes with HA guests reset themselves; Proxmox VE limits nothing by itself. The last quarter
 * stays free for it and for the guests' disks.
 */
const TASKS = 1 / 2;
const BACKUPS = 1 / 4;

/** KiB a second for the backups of one node, where all nodes write to one storage at the same time. */
export function backupLimit(site: Site): number {
  const { linkSpeed } = site.network;
  return site.limits.backup ?? shareOf(linkSpeed, BACKUPS, Object.keys(site.nodes).length);
}

function shareOf(linkSpeed: number, part: number, count: number): number {
  return Math.max(1, Math.floor((linkSpeed * part) / count));
}

/** KiB a second of 10 Gbit/s, from which on Proxmox VE's own number of workers leaves each enough. */
const FAST = 10e9 / 8 / 1024;

function usualWorkers(linkSpeed: number): number {
  return linkSpeed < Math.floor(FAST) ? 2 : 4;
}
