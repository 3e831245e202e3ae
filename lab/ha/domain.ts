import { die, noQuorum, PveError } from "../api/errors";
import { releaseOf } from "../api/version";
import type { Site } from "../site";
import type { Pmxcfs } from "../state/types";

type Ha = Pmxcfs["ha"];

/** Groups are gone for good on a node of release 9 that finds none (PVE::HA::Config::have_groups_been_migrated). */
export function groupsAreGone(site: Site, node: string): boolean {
  const { groups = {} } = site.pmxcfs(node).ha;
  return releaseOf(site.host(node)) === 9 && Object.keys(groups).length === 0;
}

export function requireHaWrite(site: Site, node: string): void {
  if (!site.quorum.isQuorate(node)) throw noQuorum();
}

/** A change under the lock that all HA files share; what goes wrong within is told with `failure` in front. */
export function changeHa(site: Site, node: string, failure: string, work: (ha: Ha) => void): void {
  requireHaWrite(site, node);
  try {
    work(site.pmxcfs(node).ha);
  } catch (error) {
    if (error instanceof PveError && error.status === 500)
      throw die(`${failure}: ${error.message}`);
    throw error;
  }
}
