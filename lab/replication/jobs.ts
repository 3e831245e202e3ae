import type { Site } from "../site";
import type { Section } from "../state/settings";
import type { Guest } from "../state/types";

/** Jobs of the cluster by their ids (replication.cfg). */
export function jobsOf(site: Site, node: string): Record<string, Section> {
  return (site.pmxcfs(node).replication ??= {});
}

/** `100-0` → `100`. */
export function guestOf(name: unknown): string {
  return String(name).split("-")[0] ?? "";
}

export function jobsOfGuest(site: Site, node: string, vmid: number): [string, Section][] {
  return Object.entries(jobsOf(site, node)).filter(([name]) => guestOf(name) === String(vmid));
}

/** The job that copies a guest to a node, if there is one. */
export function jobTo(site: Site, guest: Guest, target: string): Section | undefined {
  return jobsOfGuest(site, guest.node, guest.vmid).find(([, job]) => job.target === target)?.[1];
}

/**
 * The guest is on `now`, where one of its jobs copied it to: that job copies to where it came from, and all start here
 * (switch_replication_job_target).
 */
export function switchTarget(
  site: Site,
  node: string,
  vmid: number,
  now: string,
  before: string,
): void {
  for (const [, job] of jobsOfGuest(site, node, vmid)) {
    if (job.target === now) job.target = before;
    job.source = now;
  }
}
