import { type OfGuest, renaming } from "../aliases";
import type { Site } from "../schema";

export interface PoolPlan {
  id: string;
  comment: string;
  /** Keys of its guests with their VMIDs, in the order of the latter. */
  guests: (OfGuest & { key: string; vmid: number })[];
}

export function planPools(site: Site): PoolPlan[] {
  const guests = Object.entries(site.guests);
  return Object.entries(site.pools).map(([id, { comment }]) => ({
    id,
    comment,
    guests: guests
      .filter(([, guest]) => guest.pool === id)
      .map(([key, guest]) => ({ key, ...renaming(guest), vmid: guest.vmid }))
      .sort((a, b) => a.vmid - b.vmid),
  }));
}
