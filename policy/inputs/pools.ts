import { UNKNOWN } from "../facts/known";
import type { GuestFacts } from "../facts/site";
import { known } from "./known";
import type { CollectedResource } from "./resource";

/** A guest says its pool itself, or a membership says it of the guest. */
export function withPools(guests: GuestFacts[], memberships: CollectedResource[]): GuestFacts[] {
  const pools = new Map<string, GuestFacts["pool"]>();
  let unsure = false;
  for (const { props } of memberships) {
    const vmid = known(() => props.vmId as number | undefined);
    if (vmid === UNKNOWN) unsure = true;
    else if (vmid !== undefined)
      pools.set(
        String(vmid),
        known(() => String(props.poolId)),
      );
  }
  return guests.map((guest) => {
    if (guest.pool !== undefined) return guest;
    const { vmid } = guest;
    const pool = vmid === UNKNOWN ? undefined : pools.get(String(vmid));
    if (pool !== undefined) return { ...guest, pool };
    const open = unsure || (vmid === UNKNOWN && pools.size > 0);
    return open ? { ...guest, pool: UNKNOWN } : guest;
  });
}
