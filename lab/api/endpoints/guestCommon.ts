import { guestDigest, typedConfig } from "../../guests/config";
import { mergedConfig } from "../../guests/pending";
import { snapshotConfig } from "../../guests/snapshots";
import type { Guest, Pmxcfs } from "../../state/types";
import type { Call, Permissions } from "../endpoint";
import { badParameters, die, PveError } from "../errors";
import { type Parameters, standard, text } from "../schema";
import type { Values } from "../verify";

export const guestPath = { node: standard.node, vmid: standard.vmid };
export const snapshotName = text({ format: "pve-configid", maxLength: 40 });
export const audit: Permissions = { check: ["perm", "/vms/{vmid}", ["VM.Audit"]] };

/** GET …/config: as it will be, or as it is with `current`, or as a snapshot has it. */
export function readConfig(
  guest: Guest,
  { current, snapshot }: Values,
  options: Parameters,
): Record<string, unknown> {
  if (snapshot !== undefined && current === 1) {
    const words = "cannot use 'snapshot' parameter with 'current'";
    throw badParameters({ current: words, snapshot: words });
  }
  if (snapshot !== undefined) {
    const digest = guestDigest(guest);
    return { ...snapshotConfig(guest, String(snapshot), options), digest };
  }
  return typedConfig(guest, options, current === 1 ? guest.config : mergedConfig(guest));
}

/** Options that only root@pam may use. */
export function requireRoot({ caller, params }: Call, ...keys: string[]): void {
  for (const key of keys) {
    if (params[key] !== undefined && params[key] !== 0 && caller.name !== "root@pam") {
      throw badParameters({ [key]: "Only root may use this option." });
    }
  }
}

/** Refuses a change of a file that is not what the caller has read (PVE::Tools::assert_if_modified). */
export function requireUnchanged(
  guest: Guest,
  digest: unknown,
  words = "detected modified configuration - file changed by other user? Try again.",
): void {
  if (digest !== undefined && digest !== guestDigest(guest)) throw die(words);
}

/** A new guest may only be put into a pool that is there. */
export function requirePool({ pools = {} }: Pmxcfs, pool: string): void {
  if (Object.hasOwn(pools, pool)) return;
  throw new PveError(403, `Permission check failed (pool '${pool}' does not exist)`);
}
