import type { Pmxcfs } from "../state/types";

/** The pool that a guest is in. */
export function poolOf({ pools = {} }: Pmxcfs, vmid: number): string | undefined {
  return Object.keys(pools).find((name) => pools[name]?.vms.includes(vmid));
}

/** Puts a new guest into the pool that was named at its creation; one that is gone by then is ignored. */
export function addToPool({ pools = {} }: Pmxcfs, vmid: number, name: string): void {
  const pool = pools[name];
  if (pool && !pool.vms.includes(vmid)) pool.vms.push(vmid);
}

/** What user.cfg forgets with a guest: its pool and its access lists (PVE::AccessControl::remove_vm_access). */
export function forgetGuest(config: Pmxcfs, vmid: number): void {
  for (const pool of Object.values(config.pools ?? {})) {
    pool.vms = pool.vms.filter((member) => member !== vmid);
  }
  config.acl = config.acl.filter(({ path }) => path !== `/vms/${vmid}`);
}
