import type { Site } from "../site";
import type { Pmxcfs } from "../state/types";
import { die } from "./errors";

/** The cluster file system for a change of one of its files, which takes quorum (PVE::Cluster::cfs_lock_file). */
export function clusterFile(
  { site, node }: { site: Site; node: string },
  file:
    | "datacenter_cfg"
    | "notifications_cfg"
    | "status_cfg"
    | "replication_cfg"
    | "domains_cfg"
    | "priv_tfa_cfg",
): Pmxcfs {
  if (!site.quorum.isQuorate(node)) throw die(`cfs-lock 'file-${file}' error: no quorum!`);
  return site.pmxcfs(node);
}

/** Refuses a change of what is no longer as the caller has read it. */
export function requireUnmodified(current: string, digest: unknown): void {
  if (digest !== undefined && digest !== "" && digest !== current) {
    throw die("detected modified configuration - file changed by other user? Try again.");
  }
}
