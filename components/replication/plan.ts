import { type OfGuest, renaming } from "../aliases";
import { planOptions } from "../options/plan";
import type { Site } from "../schema";

/** A job that copies a guest's disks to another node, as the guest is at home. */
export interface ReplicationPlan extends OfGuest {
  /** Logical name: the guest and the node that gets the copy. */
  key: string;
  /** `100-2`. */
  id: string;
  guest: string;
  target: string;
  schedule: string;
  /** MB a second; absent without a limit. */
  rate?: number;
  comment?: string;
  enabled: boolean;
}

export function planReplications(site: Site): ReplicationPlan[] {
  const usual = planOptions(site).limits.default;
  return Object.entries(site.guests).flatMap(([guest, entry]) =>
    Object.entries(entry.replicate ?? {})
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([target, { number, rate, comment, ...rest }]): ReplicationPlan => {
        const limit = megabytes(rate ?? usual);
        return {
          key: `${guest}-${target}`,
          id: `${entry.vmid}-${jobNumber(target, number) ?? 0}`,
          guest,
          ...renaming(entry),
          target,
          ...rest,
          ...(limit === 0 ? {} : { rate: limit }),
          ...(comment ? { comment } : {}),
        };
      }),
  );
}

/**
 * A job's number belongs to its target for good: Proxmox VE counts jobs, and another number would be another job, which
 * copies all disks anew.
 */
export function jobNumber(target: string, number: number | undefined): number | undefined {
  const end = /\d{1,9}$/.exec(target)?.[0];
  return number ?? (end === undefined ? undefined : Number(end));
}

/** KiB a second as Proxmox VE counts here: 1,000,000 bytes, 1 at least; 0 is without a limit. */
function megabytes(kibibytes: number): number {
  if (kibibytes === 0) return 0;
  return Math.max(1, Math.round((kibibytes * 1024) / 1e4) / 100);
}
