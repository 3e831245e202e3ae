import { die, PveError } from "../api/errors";
import type { Site } from "../site";
import type { Pmxcfs } from "../state/types";

/** user.cfg as the given node may write it: only with quorum. */
export function userConfig({ site, node }: { site: Site; node: string }): Pmxcfs {
  if (!site.quorum.isQuorate(node)) throw die("cfs-lock 'file-user_cfg' error: no quorum!");
  return site.pmxcfs(node);
}

/**
 * Changes user.cfg under its lock. Whatever goes wrong in there comes out as a plain error with `failed` in front
 * (PVE::AccessControl::lock_user_config).
 */
export function changeUserConfig<T>(
  place: { site: Site; node: string },
  failed: string,
  change: (config: Pmxcfs) => T,
): T {
  try {
    return change(userConfig(place));
  } catch (error) {
    throw error instanceof PveError ? die(`${failed}: ${error.message}`) : error;
  }
}
